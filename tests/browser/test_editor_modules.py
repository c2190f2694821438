"""The editor's rules in Chromium, against shapely and hand arithmetic; no page, no server."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import Page

from api.schemas.plan_changes import ImpactBody
from geo.spatial.arcs import arcs_of
from geo.spatial.storage import GRID, from_grid
from geo.texts import part
from maps import assets
from tests.geo.spatial.test_arcs import lattice
from tests.maps.browsing import HOST, chromium, visit

pytestmark = pytest.mark.browser

HERE = np.array([979789414, 284793242])


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser, visit(browser, html="<p>") as made:
        made.page.goto(f"{HOST}/")
        yield made.page
        assert made.wrong == []


def run(page: Page, script: str, *facts: Any) -> Any:
    """Run a script with the modules by name: ``m.model.Model``."""
    names = ["model", "border", "borders", "cut", "fit", "sizes", "counts", "snap", "ops"]
    names += ["changes", "slide", "rim", "queue", "moments", "numbers", "earlier", "answers"]
    core = "const core = await import(`${root}/js/core/boxes.js`);"
    load = f"""async ([root, ...f]) => {{ const m = {{}}; {core}
      for (const name of {names}) m[name] = await import(`${{root}}/js/editor/${{name}}.js`);
      {script} }}"""
    return page.evaluate(load, [assets.static_root(), *facts])


def box(x0: int, y0: int, x1: int, y1: int) -> shapely.Polygon:
    return shapely.transform(shapely.box(x0, y0, x1, y1), lambda xy: (xy + HERE) * GRID)


def place(x: int, y: int) -> list[int]:
    """Return a place as grid numbers."""
    return [int(HERE[0]) + x, int(HERE[1]) + y]


def answer(shapes: list[shapely.Polygon], households: int = 100) -> dict[str, Any]:
    cells = [
        {"code": f"c{n}", "name": f"第 {n} 网格", "households": households}
        for n in range(len(shapes))
    ]
    return {"revision": 3, "cells": cells, **arcs_of(shapes).block()}


EDITOR_WORDS = part("pages.editor.", "zh") | part("pages.bar.", "zh")
# Lays them into the page, as its frame does.
WORDED = """if (!document.querySelector('[data-block=bar]')) {
  const bar = document.createElement('script');
  Object.assign(bar, { type: 'application/json', textContent: JSON.stringify(f[0]) });
  bar.dataset.block = 'bar';
  document.body.append(bar);
}"""
ROW = [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), box(2000, 0, 3000, 1000)]
PAIR_LINE = "const a = model.between(model.cells[0], model.cells[1])[0];"


def test_the_rings_of_cells_are_those_that_were_sent(page: Page) -> None:
    shapes = [*ROW[:2], box(2000, 0, 3000, 1000) - box(2300, 300, 2600, 600)]
    sent = answer([*shapes, box(2300, 300, 2600, 600)])
    rings = run(
        page,
        """const model = new m.model.Model(f[0]);
        return model.cells.map((cell) => cell.polygons.flat().map((refs) => refs.map((r) => {
          const n = model.arcs[r < 0 ? ~r : r].n;
          const pairs = n.reduce((all, v, i) => (i % 2 ? all : [...all, [v, n[i + 1]]]), []);
          return r < 0 ? pairs.reverse() : pairs; }).flat()))""",
        sent,
    )
    built = [
        shapely.Polygon(from_grid(cell[0]), [from_grid(hole) for hole in cell[1:]])
        for cell in rings
    ]
    assert all(
        one.equals(other)
        for one, other in zip(built, [*shapes, box(2300, 300, 2600, 600)], strict=True)
    )


def test_points_are_found_in_the_cells_that_shapely_finds(page: Page) -> None:
    cells = shapely.transform(lattice(6, 5), lambda xy: xy + HERE * GRID)
    points = np.random.default_rng(5).uniform(0, [60_000, 50_000], (400, 2)) + HERE
    found = run(
        page,
        """const grid = await import(`${root}/js/core/grid.js`);
        const model = new m.model.Model(f[0]);
        return f[1].map(([x, y]) => {
          const cell = model.cellAt(grid.worldX(x), grid.worldY(y));
          return cell ? cell.index : -1; })""",
        answer(list(cells)),
        points.tolist(),
    )
    tree = shapely.STRtree(cells)
    at, holder = tree.query(shapely.points(points * GRID), predicate="within")
    expected = np.full(len(points), -1)
    expected[at] = holder
    assert found == expected.tolist()


def test_a_moved_vertex_moves_both_cells_and_a_node_all_three(page: Page) -> None:
    north = [(0, 1000), (1000, 1000), (2000, 1000), (2000, 2000), (0, 2000)]
    above = shapely.Polygon([from_grid([place(x, y)])[0] for x, y in north])
    shapes = [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), above]
    facts = run(
        page,
        f"""const model = new m.model.Model(f[0]); {PAIR_LINE}
        const bent = m.border.edgeBent(a, 0, f[1]);
        const end = a.n[1] > a.n[3] ? 0 : 1;
        const node = m.border.vertexMoved(model, a, end, f[2]);
        return [[...bent.values()].map((n) => n.length / 2), bent.size, node.size,
          [...node.keys()].flatMap((arc) => arc.sides.map((c) => c.code)).sort()]""",
        answer(shapes),
        place(900, 500),
        place(1100, 1000),
    )
    assert facts == [[3], 1, 3, ["c0", "c0", "c1", "c1", "c2", "c2"]]


def test_a_new_vertex_of_a_neighbour_is_no_change_and_a_moved_border_is_one(page: Page) -> None:
    before = [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)]
    noded, drawn = (
        [
            shapely.Polygon([from_grid([place(x, y)])[0] for x, y in ring])
            for ring in (
                [(0, 0), (1000, 0), (east, 500), (1000, 1000), (0, 1000)],
                [(1000, 0), (2000, 0), (2000, 1000), (1000, 1000), (east, 500)],
            )
        ]
        for east in (1001, 1100)
    )
    found = run(
        page,
        """const [old, ...fresh] = f.map((one) => new m.model.Model(one));
        return fresh.map((one) => [...m.changes.changedCells(one, old)])""",
        *(answer(shapes) for shapes in (before, noded, drawn)),
    )
    assert found == [[], ["c0", "c1"]]


def test_a_border_may_not_run_over_another(page: Page) -> None:
    bad, good = run(
        page,
        f"""const model = new m.model.Model(f[0]); {PAIR_LINE}
        return [f[1], f[2]].map((to) => m.border.crossing(model, m.border.edgeBent(a, 0, to)))""",
        answer(ROW),
        place(2500, 500),
        place(1500, 500),
    )
    assert bad is not None
    assert good is None


@pytest.mark.parametrize("seed", range(4))
def test_halves_of_a_cut_are_those_of_shapely(page: Page, seed: int) -> None:
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 12))
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(6, 10, (12, 1))
    line = np.array(
        [[-20, rng.uniform(-3, 3)], [rng.uniform(-2, 2), 0.5], [20, rng.uniform(-3, 3)]]
    )
    shape, cut = shapely.Polygon(ring), shapely.LineString(line)
    pieces = shapely.polygonize([shapely.union_all([shape.exterior, cut])])
    inside = [p for p in shapely.get_parts(pieces) if shape.contains(p.representative_point())]
    found = run(
        page, "return m.cut.halves(f[0], f[1])", ring.ravel().tolist(), line.ravel().tolist()
    )
    if len(inside) != 2:
        assert found is None
        return
    areas = sorted(shapely.Polygon(np.reshape(half, (-1, 2))).area for half in found)
    assert areas == pytest.approx(sorted(piece.area for piece in inside))


@pytest.mark.parametrize("line", [[-5, 5, 5, 5], [20, 0, 20, 9]], ids=["ends inside", "misses it"])
def test_a_line_that_does_not_cut_gives_no_halves(page: Page, line: list[float]) -> None:
    assert run(page, "return m.cut.halves(f[0], f[1])", [0, 0, 10, 0, 10, 10, 0, 10], line) is None


def test_counts_follow_a_border(page: Page) -> None:
    """Two buildings of 12 and 11 households lie between the old border and the new one."""
    facts = run(
        page,
        f"""const grid = await import(`${{root}}/js/core/grid.js`);
        const model = new m.model.Model(f[0]); {PAIR_LINE}
        const homes = f[1].map(([x, y, households], i) =>
          ({{ code: `b${{i}}`, x: grid.worldX(x), y: grid.worldY(y), households }}));
        const byCell = m.counts.housed(model, homes);
        const found = m.counts.shifted(model, byCell, m.border.edgeBent(a, 0, f[2]));
        return [byCell.map((all) => all.length), found.moves.map((one) => one.building.code).sort(),
          [...found.counts].map(([cell, [was, is]]) => [cell.code, was, is]).sort()]""",
        answer(ROW),
        [[*place(x, 500), n] for x, n in ((500, 40), (850, 12), (900, 11), (1500, 9))],
        place(700, 500),
    )
    assert facts == [[3, 1, 0], ["b1", "b2"], [["c0", 100, 77], ["c1", 100, 123]]]


def test_buildings_that_a_border_cuts_are_found_and_walls_are_not(page: Page) -> None:
    cut = run(
        page,
        """const shape = (code, x, y) => ({ code, box: [x, y, x + 10, y + 4],
          rings: [[x, y, x + 10, y, x + 10, y + 4, x, y + 4]] });
        const all = [shape('through', 0, 0), shape('beside', 0, 10), shape('wall', 5, 20)];
        const index = new core.Boxes(all);
        const lines = [[5, -5, 5, 6, -3, 6, -3, 12], [5, 15, 5, 30]];
        return m.counts.cutBy(lines, index).map((b) => b.code)""",
    )
    assert cut == ["through"]


def test_a_node_catches_before_a_vertex_and_a_vertex_before_an_edge(page: Page) -> None:
    caught = run(
        page,
        """const grid = await import(`${root}/js/core/grid.js`);
        const model = new m.model.Model(f[0]);
        const street = m.snap.edgesOf(
          [Float64Array.from(f[1].flatMap(([x, y]) => [grid.worldX(x), grid.worldY(y)]))]);
        const snapper = new m.snap.Snapper(model, new core.Boxes([]), new core.Boxes(street));
        const reach = grid.worldX(60) - grid.worldX(0);
        return f[2].map(([x, y]) => {
          const hit = snapper.near(grid.worldX(x), grid.worldY(y), reach);
          return [hit.kind, hit.of, ...hit.n]; })""",
        answer(ROW),
        [place(1300, 300), place(1700, 300)],
        [place(1020, 15), place(1310, 320), place(1500, 330), place(1500, 600)],
    )
    assert caught[0] == ["node", "border", *place(1000, 0)]
    assert caught[1] == ["vertex", "street", *place(1300, 300)]
    assert caught[2] == ["edge", "street", *place(1500, 300)]
    assert caught[3] == ["", "", *place(1500, 600)]


def test_three_points_fit_exactly_and_more_say_how_far_they_are_off(page: Page) -> None:
    true = np.array([[0.5, 0.1], [-0.08, -0.6]])
    pixels = np.array([[0, 0], [800, 30], [20, 700], [780, 640], [400, 300]], dtype=float)
    plane = pixels @ true.T + [100, 50]
    pairs = [{"from": p, "to": q} for p, q in zip(pixels.tolist(), plane.tolist(), strict=True)]
    exact = run(page, "return m.fit.fitted(f[0].slice(0, 3))", pairs)
    assert exact["residuals"] == pytest.approx([0, 0, 0], abs=1e-9)
    assert exact["matrix"] == pytest.approx([0.5, -0.08, 0.1, -0.6, 100, 50])
    pairs[4]["to"][0] += 3.0
    off = run(page, "return m.fit.fitted(f[0], 2)", pairs)
    design = np.column_stack([pixels, np.ones(5)])
    target = np.array([pair["to"] for pair in pairs])
    best, *_ = np.linalg.lstsq(design, target, rcond=None)
    expected = np.linalg.norm(design @ best - target, axis=1) * 2
    assert off["residuals"] == pytest.approx(expected.tolist())
    assert off["rms"] == pytest.approx(float(np.sqrt((expected**2).mean())))


@pytest.mark.parametrize(("by", "into"), [(300, "c0"), (-250, "c1")])
def test_a_slid_border_gives_the_ground_it_passes_over(page: Page, by: int, into: str) -> None:
    """The border at 1000 goes to 1000 + by: that strip of the squares changes cells, exactly."""
    operation = run(
        page,
        f"""const grid = await import(`${{root}}/js/core/grid.js`);
        const model = new m.model.Model(f[0]); {PAIR_LINE}
        const desk = {{ model, byCell: [[], [], []], buildings: new core.Boxes([]) }};
        const slide = new m.slide.Slide(desk, a);
        const can = slide.to({{ x: grid.worldX(f[1][0]), y: grid.worldY(f[1][1]) }});
        return can && slide.operation()""",
        answer(ROW),
        place(1000 + by, 500),
    )
    strip = shapely.Polygon(operation["area"]["coordinates"][0])
    assert operation["to"] == into
    assert strip.equals(box(min(1000, 1000 + by), 0, max(1000, 1000 + by), 1000))


def test_a_border_slid_out_of_its_cell_is_refused(page: Page) -> None:
    assert not run(
        page,
        f"""const grid = await import(`${{root}}/js/core/grid.js`);
        const model = new m.model.Model(f[0]); {PAIR_LINE}
        const desk = {{ model, byCell: [[], [], []], buildings: new core.Boxes([]) }};
        const slide = new m.slide.Slide(desk, a);
        return slide.to({{ x: grid.worldX(f[1][0]), y: grid.worldY(f[1][1]) }})""",
        answer(ROW),
        place(2600, 500),
    )


def test_points_in_one_line_fit_nothing(page: Page) -> None:
    pairs = [{"from": [n, 2 * n], "to": [n, n]} for n in range(4)]
    assert run(page, "return m.fit.fitted(f[0])", pairs) is None


def test_classes_are_those_of_the_rule(page: Page) -> None:
    sizes = [0, 99, 100, 199, 200, 300, 301, 450, 451]
    classes = run(page, "return f[0].map((n) => m.sizes.classOf(n, [200, 300]))", sizes)
    assert classes == [None, 0, 1, 1, 2, 2, 3, 3, 4]
    assert run(page, "return m.sizes.boundsOf([200, 300])") == [
        "< 100",
        "100–199",
        "200–300",
        "301–450",
        "> 450",
    ]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (None, [[300, 500], [30, 50], None]),
        ({"sizes": {"5": [20, 40]}}, [None, [20, 40], None]),
        ({"sizes": [{"level": 3, "least": 1, "most": 9}]}, [None, None, [1, 9]]),
    ],
    ids=["nothing told", "by level", "one fact a level"],
)
def test_the_rule_is_what_the_server_tells(page: Page, plan: Any, expected: Any) -> None:
    assert run(page, "return [4, 5, 3].map((n) => m.sizes.ruleOf(f[0], n))", plan) == expected


RIM_LINE = "const a = model.cells[0].arcs.find((arc) => model.isRim(arc));"


@pytest.mark.parametrize(("to", "sign"), [((500, -400), 1), ((500, 300), -1)])
def test_a_dragged_outline_gains_the_land_between(
    page: Page, to: tuple[int, int], sign: int
) -> None:
    """A triangle on the south side of a square: half of base times height, in square metres."""
    ring, m2 = run(
        page,
        f"""const model = new m.model.Model(f[0]); {RIM_LINE}
        const south = [...Array(a.n.length / 2 - 1).keys()].find((i) =>
          a.n[2 * i + 1] === f[2][1] && a.n[2 * i + 3] === f[2][1]);
        const gain = m.rim.gainOf(model, a, m.border.edgeBent(a, south, f[1]).get(a));
        return [gain.ring, gain.m2]""",
        answer(ROW[:2]),
        place(*to),
        place(0, 0),
    )
    land = shapely.Polygon(from_grid(np.reshape(ring, (-1, 2))))
    assert land.equals(shapely.Polygon(from_grid([place(0, 0), place(1000, 0), place(*to)])))
    step_m = 2**-23 * 40075016.686 / 360
    latitude = np.radians(HERE[1] * 2**-23)
    expected = sign * 500 * abs(to[1]) * step_m**2 * np.cos(latitude)
    assert m2 == pytest.approx(expected, rel=1e-3)


def test_land_taken_in_joins_its_cell_in_one_step_or_stands_alone(page: Page) -> None:
    both, own, together = run(
        page,
        """const gain = { cell: { code: 'c0', parent: 'p' }, ring: f[0] };
        const made = [false, true].map((isOwn) =>
          m.rim.gainOperations(gain, { name: 'x', isOwn, number: 4 }));
        const mixed = [made[1][0], made[0][1]];
        return [...made, [made[0], mixed].map((two) => m.rim.areOneStep(...two))]""",
        [*place(0, 0), *place(9, 0), *place(5, 5)],
    )
    assert [one["op"] for one in both] == ["add", "merge"]
    assert both[1] == {"op": "merge", "cells": ["c0", both[0]["code"]], "into": "c0"}
    assert [(one["op"], one["parent"], "code" in one) for one in own] == [("add", "p", False)]
    assert together == [True, False]


def test_land_taken_in_is_probed_inside_from_the_outline_to_its_tip(page: Page) -> None:
    ring = [*place(0, 0), *place(500, -9000), *place(1000, 0)]
    probes = run(page, "return m.rim.probesOf({ ring: f[0] })", ring)
    land = shapely.Polygon(from_grid(np.reshape(ring, (-1, 2))))
    assert len(probes) > 10
    assert shapely.contains_xy(land, *np.transpose(probes)).all()
    step = -9000 * 2**-23
    assert min(lat for _, lat in probes) < HERE[1] * 2**-23 + 0.9 * step


def test_borders_take_the_level_of_the_coarsest_cells_that_they_part(page: Page) -> None:
    levels = run(
        page,
        """const upper = { k: { code: 'k', level: 3 }, l: { code: 'l', level: 3 },
          g: { code: 'g', level: 4, parent: 'k' }, h: { code: 'h', level: 4, parent: 'k' },
          i: { code: 'i', level: 4, parent: 'l' } };
        const leaf = (code, parent) => ({ code, level: 5, parent });
        const known = (code) => upper[code];
        return [[leaf('1', 'g'), leaf('2', 'g')], [leaf('1', 'g'), leaf('2', 'h')],
          [leaf('1', 'g'), leaf('2', 'i')], [leaf('1', 'g'), upper.h], [leaf('1', 'g'), upper.l]]
          .map(([one, two]) => m.borders.levelBetween(one, two, known))""",
    )
    assert levels == [5, 4, 3, 4, 3]


SERVER = """const asked = []; let revision = 5;
const server = {
  async post(list, on) { asked.push(['post', list[0], on]);
    if (list[0] === 'late') throw Object.assign(new Error('412'), { status: 412 });
    return { revision: ++revision }; },
  async keep(count, on) { asked.push(['keep', count, on]); return { revision: ++revision }; } };
const told = [];
const ops = new m.ops.Ops(server, (what) => told.push(what)); ops.hold(['a'], 5);"""


def test_what_is_done_undone_and_redone_goes_out_in_order(page: Page) -> None:
    asked, lists = run(
        page,
        SERVER
        + """const both = [ops.do(['b']), ops.do(['c'])]; await Promise.all(both);
        await ops.undo(); const after = [...ops.list]; await ops.redo();
        await ops.undo(); await ops.undo();
        await ops.do(['d']); return [asked, [after, ops.list, ops.undone]]""",
    )
    assert [what[:2] for what in asked] == [
        ["post", "b"],
        ["post", "c"],
        ["keep", 2],
        ["post", "c"],
        ["keep", 2],
        ["keep", 1],
        ["post", "d"],
    ]
    assert [what[2] for what in asked] == list(range(5, 12))
    assert lists == [["a", "b"], ["a", "d"], []]


def test_land_taken_in_is_undone_and_redone_with_what_it_joined(page: Page) -> None:
    asked, lengths = run(
        page,
        SERVER
        + """const two = [{ op: 'add', code: 'x' }, { op: 'merge', cells: ['c', 'x'] }];
        await ops.do(two); await ops.undo(); const left = ops.list.length; await ops.redo();
        return [asked, [left, ops.list.length, ops.undone.length]]""",
    )
    assert [what[:2] for what in asked][1:] == [["keep", 1], ["post", {"op": "add", "code": "x"}]]
    assert lengths == [1, 3, 0]


def test_going_back_to_a_step_keeps_what_stands_before_it(page: Page) -> None:
    """Of two that are one step of the hand, none stays alone."""
    asked, lists = run(
        page,
        SERVER
        + """const two = [{ op: 'add', code: 'x' }, { op: 'merge', cells: ['c', 'x'] }];
        await ops.do(['b']); await ops.do(two); await ops.do(['d']);
        await ops.back(3); const left = [...ops.list]; await ops.back(1);
        return [asked, [left, ops.list, ops.undone.length]]""",
    )
    assert [what[:2] for what in asked if what[0] == "keep"] == [["keep", 2], ["keep", 1]]
    assert lists == [["a", "b"], ["a"], 4]


def test_a_refusal_leaves_the_list_and_the_next_deed_as_they_were(page: Page) -> None:
    result = run(
        page,
        SERVER
        + """let refused = 0; await ops.do(['late']).catch((e) => { refused = e.status; });
        await ops.do(['b']); return [refused, ops.list, told]""",
    )
    assert result == [412, ["a", "b"], ["busy", "behind", "busy", "done"]]


def test_a_border_inside_leaves_the_outline_alike_and_land_taken_in_does_not(page: Page) -> None:
    slant = shapely.Polygon(
        [from_grid([place(x, y)])[0] for x, y in ((0, 0), (2000, 0), (1700, 999), (300, 1000))]
    )
    cut = shapely.box(*from_grid([place(0, 0)])[0], *from_grid([place(1100, 1001)])[0])
    halves = [slant & cut, slant - cut]
    wider = [shapely.union_all([slant, box(0, -9, 2000, 0)])]
    alike = """const [a, b] = f.map((one) => new m.model.Model(one));
        return m.changes.isOutlineAlike(a, b)"""

    assert run(page, alike, answer([slant]), answer(halves)) is True
    assert run(page, alike, answer(halves), answer([slant])) is True
    assert run(page, alike, answer(wider), answer([slant])) is False
    assert run(page, alike, answer([slant]), answer(wider)) is False


NUMBERS = "return [...m.numbers.numbersOf(f[0], { code: '34', name: '河社区' }).values()]"


def leaf(code: str, name: str = "", parent: str = "3406") -> dict[str, str]:
    return {"code": code, "name": name, "parent": parent}


def test_a_part_is_called_after_the_cell_it_was_cut_from(page: Page) -> None:
    """3406002 and 34060002 both end in 02; so do all parts of a name."""
    cells = [
        leaf("3406002", "第6网格02组"),
        leaf("34060002", "第6网格02组-1"),
        leaf("34060003", "平房新组"),
        leaf("340600002", "平房新组二"),
        leaf("36x", "河社区东组"),
    ]
    assert sorted(run(page, NUMBERS, cells)) == ["06·02", "06·02-1", "06·03", "…0002", "东组"]


def test_no_two_cells_are_called_the_same(page: Page) -> None:
    """Codes and names as hostile as they come: numbers of any width, names that repeat."""
    drawn = np.random.default_rng(11)
    for _ in range(60):
        codes = sorted({f"3406{'0' * drawn.integers(4)}{drawn.integers(4)}" for _ in range(12)})
        names = ["甲", "甲-1", "甲-2", "甲-1-1", ""]
        cells = [leaf(code, str(drawn.choice(names))) for code in codes]
        numbers = run(page, NUMBERS, cells)
        assert len(set(numbers)) == len(numbers) == len(cells)


def test_sentences_of_one_are_in_the_singular(page: Page) -> None:
    lines = {"pages.cells": "{n} cells", "pages.cells_one": "{n} cell", "pages.more": "{n} more"}
    said = run(
        page,
        """const { Texts } = await import(`${root}/js/core/texts.js`);
        const texts = new Texts(f[0], 'en');
        const said = [0, 1, '1', '1,001'].map((n) => texts.t('cells', { n }));
        return [...said, texts.t('more', { n: 1 })]""",
        lines,
    )
    assert said == ["0 cells", "1 cell", "1 cell", "1,001 cells", "1 more"]


def test_cells_out_of_bounds_that_no_problem_is_about_are_left_alone(page: Page) -> None:
    cells = [
        {"code": code, "households": n, "level": 5}
        for code, n in (("big", 84), ("told", 90), ("right", 40), ("empty", 0), ("small", 12))
    ]
    desk = {"model": {"cells": cells}, "plan": {"sizes": {"5": [30, 50]}}}
    alone = "return m.earlier.leftAlone(f[0]).map((cell) => cell.code)"

    assert run(page, alone, {**desk, "problems": [{"code": "told"}]}) == ["big", "small"]
    assert run(page, alone, {**desk, "problems": None}) == []


def test_a_reason_given_before_is_offered_again(page: Page) -> None:
    """Of a cell drawn anew, what a published plan said of it as it was."""
    told = {"code": "c", "lon": None, "lat": None, "detail": "…", "reason": None, "open": True}
    said = {"reason": "同属一个小区", "publication": 2}
    problems = [
        {**told, "weight": "excuse", "earlier": said},
        {**told, "weight": "excuse", "earlier": None},
    ]
    offered = run(
        page,
        "return m.answers.problemsOf({ problems: f[0] }).map((one) => [one.reason, one.earlier])",
        problems,
    )
    assert offered == [[None, "同属一个小区"], [None, ""]]


def test_of_a_plan_whose_impact_was_never_kept_the_panel_says_so(page: Page) -> None:
    shown = run(
        page,
        WORDED
        + """const { impactOf } = await import(`${root}/js/editor/impact.js`);
        const impact = m.answers.impactOf(f[1]);
        return [...impactOf({ impact, changed: new Map() }).children].map((n) => n.textContent)""",
        {"lang": "zh", "texts": EDITOR_WORDS},
        ImpactBody.unknown(3, 1).model_dump(mode="json"),
    )
    assert shown == [
        EDITOR_WORDS["pages.editor.impact_done"],
        EDITOR_WORDS["pages.editor.impact_unknown"],
    ]


@pytest.mark.parametrize(
    ("state", "title", "band"),
    [
        ("draft", "影响预览现在草案", "草案原样保留。"),
        ("published", "发布的影响发布前发布后", "只读。"),
    ],
)
def test_a_published_plan_is_told_as_what_has_been(
    page: Page, state: str, title: str, band: str
) -> None:
    shown = run(
        page,
        WORDED
        + """const { impactOf } = await import(`${root}/js/editor/impact.js`);
        const { History } = await import(`${root}/js/editor/history.js`);
        const { Desk } = await import(`${root}/js/editor/desk.js`);
        const { texts } = await import(`${root}/js/shell/session.js`);
        const desk = Object.create(Desk.prototype);
        const impact = { counts: [], workers: [], households: 0 };
        Object.assign(desk, { impact, texts, plan: { state: f[1] }, changed: new Map() });
        const past = Object.assign(Object.create(History.prototype), { desk, from: () => '今天' });
        return [impactOf(desk).querySelector('h3').textContent, past.pastSaid({ number: 1 })]""",
        {"lang": "zh", "texts": EDITOR_WORDS},
        state,
    )
    assert shown[0] == title
    assert shown[1].endswith(band)


@pytest.mark.parametrize(
    ("asked", "states", "said"),
    [
        (1, ["ok"], "这一格不用再分，已在范围内"),
        (1, ["excused"], "这一格不能再分：只有一栋楼，超过上限"),
        (1, ["ok", "ok"], "划为 2 格，0 栋换格，0 格不在范围内"),
        (2, ["ok"], "划为 1 格，0 栋换格，0 格不在范围内"),
    ],
)
def test_a_division_that_leaves_one_cell_as_it_is_is_not_offered(
    page: Page, asked: int, states: list[str], said: str
) -> None:
    result = {"cells": [{"state": one} for one in states], "misses": [], "moved": {"buildings": 0}}
    told = run(
        page,
        WORDED
        + """const { offered } = await import(`${root}/js/editor/offered.js`);
        return offered(f[1], f[2], (code) => code)""",
        {"lang": "zh", "texts": EDITOR_WORDS},
        result,
        asked,
    )
    assert told == {"said": said, "isSame": asked + len(states) == 2}


def test_what_waits_for_the_one_who_looks_comes_first(page: Page) -> None:
    states = ["published", "draft", "approved", "submitted", "returned"]
    plans = [
        {"id": f"{state} {author}", "state": state, "author": author, "changed_at": "2026-11-22"}
        for state in states
        for author in ("a", "b")
    ]
    first = "return m.queue.queued(f[0], f[1], f[2]).slice(0, 3).map((one) => one.id)"

    assert run(page, first, plans, "a", True) == ["submitted b", "draft a", "returned a"]
    assert run(page, first, plans, "a", False)[:2] == ["draft a", "returned a"]


def test_a_moment_typed_is_one_of_the_deployment_and_within_a_year(page: Page) -> None:
    # Clocks of the deployment show UTC and eight hours, whatever the device's zone is.
    shown = """const texts = { parts: (instant) => {
      const [day, time] = new Date(+instant + 8 * 3600e3).toISOString().split("T");
      return { day, time: time.slice(0, 8) };
    } };"""
    typed = "return m.moments.instantOf(f[0], texts).toISOString()"
    wrong = "return m.moments.wrongWith(new Date(f[0]), new Date(f[1]))"

    assert run(page, shown + typed, "2026-12-01T08:00") == "2026-12-01T00:00:00.000Z"
    now = "2026-11-22T00:00:00Z"
    assert run(page, wrong, "2026-11-22T00:00:00Z", now) is None
    assert run(page, wrong, "2026-11-21T00:00:00Z", now) == "editor.when_past"
    assert run(page, wrong, "2027-11-23T00:00:00Z", now) == "editor.when_far"
