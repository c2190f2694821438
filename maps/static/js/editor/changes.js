/** Which cells of a draft are not as they are published: a neighbour's vertex alone is no change. */

// A step of the storage grid in the plane: what a new vertex on a slanted border moves it by.
const STEP = (256 / 360) * 2 ** -23;

export function changedCells(model, published) {
  const found = new Set();
  for (const cell of model.cells) {
    const before = published.byCode.get(cell.code);
    const isOther = !before || !isAlike(model, cell, published, before);
    if (isOther || (before.parent && cell.parent && before.parent !== cell.parent)) found.add(cell.code);
  }
  return found;
}

/** Whether the outline runs as it did: each vertex of one lies on the other, as near as the grid allows. */
export function isOutlineAlike(model, published) {
  return liesOn(model, published) && liesOn(published, model);
}

function liesOn(one, other) {
  const isRim = (arc) => other.isRim(arc);
  return one.arcs.every((arc) => {
    if (!one.isRim(arc)) return true;
    for (let i = 0; i < arc.line.length; i += 2) if (!other.arcAt(arc.line[i], arc.line[i + 1], 3 * STEP, isRim)) return false;
    return true;
  });
}

function isAlike(model, cell, published, before) {
  if (cell.box.some((edge, k) => Math.abs(edge - before.box[k]) > 3 * STEP)) return false;
  const [now, then] = [extentOf(model, cell), extentOf(published, before)];
  return Math.abs(now - then) <= 2 * STEP * perimeterOf(published, before);
}

/** Twice the area of a cell in the plane, also as an overlay would have it. */
export function extentOf(model, cell, moved) {
  let sum = 0;
  for (const ring of model.rings(cell, moved)) {
    for (let i = 0; i + 3 < ring.length; i += 2) {
      sum += (ring[i] - cell.box[0]) * (ring[i + 3] - cell.box[1]) - (ring[i + 2] - cell.box[0]) * (ring[i + 1] - cell.box[1]);
    }
  }
  return Math.abs(sum);
}

function perimeterOf(model, cell) {
  let sum = 0;
  for (const ring of model.rings(cell)) {
    for (let i = 0; i + 3 < ring.length; i += 2) sum += Math.hypot(ring[i + 2] - ring[i], ring[i + 3] - ring[i + 1]);
  }
  return sum;
}
