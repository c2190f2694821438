/** Households of cells while borders move: the server's figures, and what a hand would change. */
import { clippedSegment } from '../core/segments.js';
import { meets } from '../core/boxes.js';

/** Which buildings stand in each cell of the model: an array by the index of the cell. */
export function housed(model, buildings) {
  const byCell = model.cells.map(() => []);
  for (const building of buildings) {
    const known = building.home && model.byCode.get(building.home);
    const isStill = known && model.holds(known, building.x, building.y);
    const cell = isStill ? known : model.cellAt(building.x, building.y);
    building.home = cell ? cell.code : '';
    if (cell) byCell[cell.index].push(building);
  }
  return byCell;
}

/**
 * What an overlay changes: the buildings that change cells and the households of each cell at it.
 * @returns { moves: [{ building, from, to }], counts: Map of cell → [before, after] }
 */
export function shifted(model, byCell, moved) {
  const cells = [...new Set([...moved.keys()].flatMap((arc) => arc.sides))];
  const counts = new Map(cells.map((cell) => [cell, [cell.households, cell.households]]));
  const moves = [];
  for (const from of cells) {
    for (const building of byCell[from.index]) {
      if (model.holds(from, building.x, building.y, moved)) continue;
      const to = cells.find((cell) => cell !== from && model.holds(cell, building.x, building.y, moved));
      if (!to) continue;
      moves.push({ building, from, to });
      counts.get(from)[1] -= building.households;
      counts.get(to)[1] += building.households;
    }
  }
  return { moves, counts };
}

/** Households of each cell when buildings go to another one. */
export function taken(model, buildings, to) {
  const counts = new Map([[to, [to.households, to.households]]]);
  for (const building of buildings) {
    const from = model.byCode.get(building.home);
    if (!from || from === to) continue;
    if (!counts.has(from)) counts.set(from, [from.households, from.households]);
    counts.get(from)[1] -= building.households;
    counts.get(to)[1] += building.households;
  }
  return counts;
}

/** Buildings whose footprint a line runs through. */
export function cutBy(lines, index) {
  const found = new Set();
  for (const line of lines) {
    for (let i = 0; i + 3 < line.length; i += 2) {
      const [a, b] = [[line[i], line[i + 1]], [line[i + 2], line[i + 3]]];
      const box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
      for (const building of index.within(box)) {
        if (building.isPoint || !meets(building.box, box)) continue;
        const inner = shrunk(building.box);
        if (clippedSegment(a, b, inner) && runsThrough(building.rings, a, b)) found.add(building);
      }
    }
  }
  return [...found];
}

/** A border along a wall does not cut it: what touches the outermost hundredth is let be. */
function shrunk([west, north, east, south]) {
  const [dx, dy] = [(east - west) / 100, (south - north) / 100];
  return [west + dx, north + dy, east - dx, south - dy];
}

function runsThrough(rings, [ax, ay], [bx, by]) {
  for (let k = 1; k < 16; k += 1) {
    const [x, y] = [ax + ((bx - ax) * k) / 16, ay + ((by - ay) * k) / 16];
    if (isIn(rings, x, y)) return true;
  }
  return rings.some((ring) => crossed(ring, [ax, ay], [bx, by]) > 1);
}

function crossed(ring, [ax, ay], [bx, by]) {
  let count = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    const [cx, cy, dx, dy] = [ring[i], ring[i + 1], ring[j], ring[j + 1]];
    const side = (x, y) => Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
    const other = (x, y) => Math.sign((dx - cx) * (y - cy) - (dy - cy) * (x - cx));
    if (side(cx, cy) * side(dx, dy) < 0 && other(ax, ay) * other(bx, by) < 0) count += 1;
  }
  return count;
}

function isIn(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [y0, y1] = [ring[j + 1], ring[i + 1]];
      if (y0 > y !== y1 > y && x < ring[j] + ((y - y0) / (y1 - y0)) * (ring[i] - ring[j])) odd = !odd;
    }
  }
  return odd;
}
