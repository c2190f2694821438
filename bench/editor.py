"""How fast the boundary editor is with 2,000 cells, 20,000 buildings: ``python -m bench.editor``.

The page in a headless Chromium (software raster, 1440 x 900), everything in view, its plan answered
from memory. Measured in the page: the first drawing, and frames while a border is dragged, a brush
paints, a line is drawn and the map is moved. Prints one line of JSON, milliseconds; a
picture of what was seen with ``python -m bench.editor FILE.png``.
"""

import json
import statistics
import sys
import time
from typing import Any

import numpy as np
import shapely
from playwright.sync_api import Browser, Page, Route

from bench.maps import picture
from geo.access.roles import Role
from geo.places.picture import OccupancyPicture
from geo.spatial.arcs import arcs_of
from geo.spatial.storage import snap
from maps import assets
from maps.pages.editor import editor_page
from tests.maps import views
from tests.maps.browsing import chromium

CELLS, HOMES = 2_025, 10
HOST = "http://editor.test"
# Moves the pointer once a frame and notes how long each frame took.
FRAMES = """async ([kind, from, to, count]) => {
  const map = document.querySelector('.folium-map');
  const send = (type, x, y) => map.dispatchEvent(new PointerEvent(type, { bubbles: true,
    clientX: x, clientY: y, button: 0, pointerId: 1, pointerType: 'mouse' }));
  map.setPointerCapture = () => {};
  const frame = () => new Promise(requestAnimationFrame);
  const took = [];
  if (kind === 'held') send('pointerdown', ...from);
  let last = await frame();
  for (let i = 0; i <= count; i += 1) {
    const at = [0, 1].map((k) => from[k] + ((to[k] - from[k]) * i) / count);
    send('pointermove', ...at);
    const now = await frame();
    took.push(now - last);
    last = now;
  }
  if (kind === 'held') send('pointercancel', ...to);
  return took; }"""
PAN = """async () => {
  const map = window[document.querySelector('.folium-map').id];
  const frame = () => new Promise(requestAnimationFrame);
  const took = [];
  for (let i = 0; i < 10; i += 1) {
    const begun = performance.now();
    map.panBy([i % 2 ? -120 : 120, 0], { animate: false });
    await frame(); await frame();
    took.push(performance.now() - begun);
  }
  return took; }"""
# In the middle of the longer side of a border near the middle of the screen.
BORDER = """async ([root]) => {
  const { worldX, worldY } = await import(`${root}/js/core/grid.js`);
  const map = window[document.querySelector('.folium-map').id];
  const answer = window.answer;
  const lon = answer[0] * 2 ** -23, lat = answer[1] * 2 ** -23;
  const { x, y } = map.latLngToContainerPoint([lat, lon]);
  const box = map.getContainer().getBoundingClientRect();
  return [x + box.left, y + box.top]; }"""


def crowded() -> OccupancyPicture:
    """Return the lattice town with ten homes in each of its cells."""
    town = picture(CELLS)
    homes = town.buildings.loc[town.buildings.index.repeat(HOMES)].reset_index(drop=True)
    place = np.tile(np.arange(HOMES), CELLS)
    shift = np.stack([(place % 2) * 2.6e-4, (place // 2) * 1.05e-4], axis=1) - (0.2e-4, 1.6e-4)
    corners = shapely.get_coordinates(homes.geometry.to_numpy()).reshape(len(homes), 5, 2)
    middle = corners[:, :4].mean(axis=1, keepdims=True)
    small = middle + (corners - middle) * 0.5 + shift[:, None, :] - (0.6e-4, 0)
    shapes = shapely.polygons(snap(small))
    homes["code"] = [f"h{n}" for n in range(len(homes))]
    homes["households"] = 4
    homes = homes.set_geometry(shapes)
    return OccupancyPicture(town.cell, town.cells, homes, town.ground, town.kinds)


def answers(town: OccupancyPicture) -> dict[str, Any]:
    """Return what the routes of the plan say."""
    leaves = town.cells[town.cells["level"] == 5]
    coverage = {
        "revision": 1,
        "codes": leaves["code"].tolist(),
        "names": leaves["name"].tolist(),
        "parents": leaves["parent_code"].tolist(),
        "levels": leaves["level"].tolist(),
        "buildings": [HOMES] * len(leaves),
        "households": [4 * HOMES] * len(leaves),
        "arcs": arcs_of(leaves.geometry.to_numpy()).block(),
    }
    plan = {
        "id": "1", "cell": town.cell.code, "title": "bench", "note": "", "state": "draft",
        "revision": 1, "base": 1, "current": 1, "author": "bench", "operations": [],
        "excuses": [], "stale": [], "changed_at": "2026-11-21T08:00:00+08:00",
    }  # fmt: skip
    impact = {"households": 0, "cells": [], "moves": [], "workers": [], "unattended": []}
    root = "/api/v1/plans/1"
    return {
        root: plan,
        f"{root}/coverage": coverage,
        f"{root}/problems": {"problems": []},
        f"{root}/impact": impact,
        "/api/v1/publications": {"items": [], "next": None},
    }


def opened(browser: Browser, html: str, told: dict[str, Any]) -> tuple[Page, float]:
    """Return the page once it is drawn, and the seconds from the request to that."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.on("pageerror", lambda error: print(error))
    root = f"{assets.static_root()}/"

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path == "/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif path.startswith(root):
            route.fulfill(path=assets.FOLDER / path.removeprefix(root))
        else:
            route.fulfill(json=told[path])

    page.route("**/*", answer)
    begun = time.perf_counter()
    page.goto(f"{HOST}/")
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    return page, time.perf_counter() - begun


def figures(page: Page, told: dict[str, Any]) -> dict[str, list[float]]:
    """Return the milliseconds of each frame by what the hand does."""
    arcs = told["/api/v1/plans/1/coverage"]["arcs"]
    ends = np.cumsum(np.stack([arcs["x"], arcs["y"]], axis=1), axis=0) + arcs["origin"]
    middle = ends.mean(axis=0)
    vertex = ends[np.argmin(np.abs(ends - middle).sum(axis=1))].tolist()
    page.evaluate("(at) => { window.answer = at; }", vertex)
    x, y = page.evaluate(BORDER, [assets.static_root()])
    found = {"move the map": page.evaluate(PAN)}
    page.keyboard.press("b")
    found["drag a border"] = page.evaluate(FRAMES, ["held", [x, y], [x + 12, y + 6], 60])
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    found["draw a line"] = page.evaluate(FRAMES, ["free", [x - 200, y], [x + 200, y + 80], 60])
    page.keyboard.press("t")
    page.mouse.click(x - 7, y - 7)
    found["paint"] = page.evaluate(FRAMES, ["held", [x + 12, y + 12], [x + 160, y + 90], 60])
    return found


def main() -> None:
    """Print the figures."""
    town = crowded()
    told = answers(town)
    html = editor_page(town, views.view(role=Role.COMMUNITY_ADMIN, address="/editor"), plan=1)
    with chromium() as browser:
        page, ready_s = opened(browser, html, told)
        took = figures(page, told)
        if len(sys.argv) > 1:
            page.screenshot(path=sys.argv[1])
    frames = {
        what: {"median": round(statistics.median(all_ms), 1), "worst": round(max(all_ms), 1)}
        for what, all_ms in took.items()
    }
    cells, homes = int((town.cells["level"] == 5).sum()), len(town.buildings)
    coverage = len(json.dumps(told["/api/v1/plans/1/coverage"]))
    size = {"page_kb": len(html) // 1000, "coverage_kb": coverage // 1000}
    ready = {"cells": cells, "buildings": homes, **size, "ready_s": round(ready_s, 2)}
    print(json.dumps({**ready, "frames_ms": frames}))


if __name__ == "__main__":
    main()
