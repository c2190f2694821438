/** Straight pieces against rectangles [left, top, right, bottom]. */

/** The part of a segment inside a rectangle (Liang–Barsky), or null. */
export function clippedSegment([x0, y0], [x1, y1], [left, top, right, bottom]) {
  let from = 0;
  let to = 1;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const sides = [[-dx, x0 - left], [dx, right - x0], [-dy, y0 - top], [dy, bottom - y0]];
  for (const [p, q] of sides) {
    if (p === 0 && q < 0) return null;
    if (p === 0) continue;
    const r = q / p;
    if (p < 0) from = Math.max(from, r);
    else to = Math.min(to, r);
    if (from > to) return null;
  }
  return [[x0 + from * dx, y0 + from * dy], [x0 + to * dx, y0 + to * dy]];
}

/** Whether any edge of closed rings runs through a rectangle. */
export function edgesMeet(rings, rect) {
  return rings.some((ring) => {
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      if (clippedSegment([ring[i], ring[i + 1]], [ring[j], ring[j + 1]], rect)) return true;
    }
    return false;
  });
}
