/**
 * The coverage of a plan as arcs in grid numbers (geo/spatial/arcs.py): which cells lie at each
 * arc, the rings of a cell, what lies where. What a hand moves is an overlay, `moved`: a Map from
 * an arc to its new numbers; nothing here is ever changed by it.
 */
import { Boxes } from '../core/boxes.js';
import { crossings } from '../core/coverage.js';
import { boxOf } from '../core/flat.js';
import { worldX, worldY } from '../core/grid.js';

const STILL = new Map();

export class Model {
  /** @param answer of GET /plans/{id}/coverage */
  constructor(answer) {
    this.revision = answer.revision;
    this.arcs = numbersOf(answer).map((n, index) => ({ index, n, line: planeOf(n), sides: [], box: null }));
    for (const arc of this.arcs) arc.box = boxOf([arc.line]);
    this.cells = cellsOf(answer, this.arcs);
    this.byCode = new Map(this.cells.map((cell) => [cell.code, cell]));
    this.nodes = nodesOf(this.arcs);
    this.index = new Boxes(this.cells.filter((cell) => cell.arcs.length));
    this.arcIndex = new Boxes(this.arcs);
  }

  line(arc, moved = STILL) {
    const n = moved.get(arc);
    return n ? planeOf(n) : arc.line;
  }

  /** Closed rings of a cell in the plane, holes among them: fill them evenodd. */
  rings(cell, moved = STILL) {
    return cell.polygons.flat().map((refs) => this.ring(refs, moved));
  }

  ring(refs, moved = STILL) {
    const points = [];
    for (const ref of refs) {
      const line = this.line(this.arcs[ref < 0 ? ~ref : ref], moved);
      const size = line.length / 2;
      for (let k = points.length ? 1 : 0; k < size; k += 1) {
        const at = 2 * (ref < 0 ? size - 1 - k : k);
        points.push(line[at], line[at + 1]);
      }
    }
    return points;
  }

  /** Whether a point of the plane lies in a cell; rings need no order for that. */
  holds(cell, x, y, moved = STILL) {
    if (moved === STILL) {
      const [west, north, east, south] = cell.box;
      if (x < west || x > east || y < north || y > south) return false;
    }
    return crossings(cell.arcs.map((arc) => this.line(arc, moved)), x, y) % 2 === 1;
  }

  cellAt(x, y) {
    return this.index.within([x, y, x, y]).find((cell) => this.holds(cell, x, y)) || null;
  }

  /** The arc nearest to a point within reach, and where on it: { arc, at, x, y, far }, or null. */
  arcAt(x, y, reach, wanted = () => true) {
    let best = null;
    for (const arc of this.arcIndex.within([x - reach, y - reach, x + reach, y + reach])) {
      if (!wanted(arc)) continue;
      const found = nearestOn(arc.line, x, y);
      if (found.far <= reach && (!best || found.far < best.far)) best = { arc, ...found };
    }
    return best;
  }

  /** Cells that share an arc with a cell. */
  neighbours(cell) {
    return [...new Set(cell.arcs.flatMap((arc) => arc.sides))].filter((one) => one !== cell);
  }

  between(one, other) {
    return one.arcs.filter((arc) => arc.sides.includes(other));
  }

  /** The outline of all: nobody is on its other side. */
  isRim(arc) {
    return arc.sides.length < 2;
  }

  /** Arcs at the vertex of an arc: [arc, place], itself alone between its ends. */
  arcsAt(arc, i) {
    const last = arc.n.length / 2 - 1;
    if (i > 0 && i < last) return [[arc, i]];
    return this.nodes.get(keyOf(arc.n, i)) || [];
  }

  /** Arcs with exactly one side in a set of cells. */
  rim(cells) {
    const inside = new Set(cells);
    const arcs = new Set([...inside].flatMap((cell) => cell.arcs));
    return [...arcs].filter((arc) => arc.sides.filter((side) => inside.has(side)).length === 1);
  }
}

function numbersOf({ len, x, y, origin }) {
  let [u, v] = origin;
  let at = 0;
  return len.map((length) => {
    const n = [];
    for (let i = 0; i < length; i += 1, at += 1) {
      u += x[at];
      v += y[at];
      n.push(u, v);
    }
    return n;
  });
}

export function planeOf(n) {
  const line = new Float64Array(n.length);
  for (let i = 0; i < n.length; i += 2) {
    line[i] = worldX(n[i]);
    line[i + 1] = worldY(n[i + 1]);
  }
  return line;
}

function cellsOf({ cells, parts, polys, rings, ref }, arcs) {
  let [polygon, ring, at] = [0, 0, 0];
  return cells.map((facts, index) => {
    const cell = { ...facts, index, polygons: [], arcs: [], box: [Infinity, Infinity, -Infinity, -Infinity] };
    for (let p = 0; p < parts[index]; p += 1, polygon += 1) {
      const found = [];
      for (let r = 0; r < polys[polygon]; r += 1, ring += 1) found.push(ref.slice(at, (at += rings[ring])));
      cell.polygons.push(found);
    }
    cell.arcs = cell.polygons.flat(2).map((one) => arcs[one < 0 ? ~one : one]);
    for (const arc of cell.arcs) arc.sides.push(cell);
    if (cell.arcs.length) cell.box = boxOf(cell.arcs.map((arc) => arc.line));
    return cell;
  });
}

function nodesOf(arcs) {
  const nodes = new Map();
  for (const arc of arcs) {
    for (const i of [0, arc.n.length / 2 - 1]) {
      const key = keyOf(arc.n, i);
      if (!nodes.has(key)) nodes.set(key, []);
      nodes.get(key).push([arc, i]);
    }
  }
  return nodes;
}

function keyOf(n, i) {
  return `${n[2 * i]},${n[2 * i + 1]}`;
}

/** The nearest place on a line: { far, at, x, y }; `at` is the segment, 2.0 being the vertex 2. */
export function nearestOn(line, x, y) {
  let best = { far: Infinity, at: 0, x: line[0], y: line[1] };
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [dx, dy] = [line[i + 2] - line[i], line[i + 3] - line[i + 1]];
    const length = dx * dx + dy * dy;
    const t = length ? Math.max(0, Math.min(1, ((x - line[i]) * dx + (y - line[i + 1]) * dy) / length)) : 0;
    const [u, v] = [line[i] + t * dx, line[i + 1] + t * dy];
    const far = Math.hypot(u - x, v - y);
    if (far < best.far) best = { far, at: i / 2 + t, x: u, y: v };
  }
  return best;
}
