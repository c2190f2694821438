/** What becomes of arcs when a vertex or an edge of one is dragged: pure, in grid numbers. */

/** The overlay after a vertex went to a place: a node takes all its arcs along. */
export function vertexMoved(model, arc, i, to) {
  const moved = new Map();
  for (const [one, place] of model.arcsAt(arc, i)) {
    const n = (moved.get(one) || one.n).slice();
    n[2 * place] = to[0];
    n[2 * place + 1] = to[1];
    moved.set(one, n);
  }
  return moved;
}

/** The overlay after an edge was taken between its vertices `i` and `i + 1`: one vertex more. */
export function edgeBent(arc, i, to) {
  const n = arc.n.slice();
  n.splice(2 * (i + 1), 0, to[0], to[1]);
  return new Map([[arc, n]]);
}

/** The overlay without a vertex between the ends of an arc. */
export function vertexGone(arc, i) {
  const n = arc.n.slice();
  n.splice(2 * i, 2);
  return new Map([[arc, n]]);
}

/** The first place where a moved arc crosses or touches another border, or null: [x, y] in numbers. */
export function crossing(model, moved) {
  for (const [arc, n] of moved) {
    const old = new Set(edgesOf(arc.n).map(String));
    const fresh = edgesOf(n).filter((edge) => !old.has(String(edge)));
    for (const edge of fresh) {
      const near = new Set(arc.sides.flatMap((cell) => cell.arcs));
      near.add(arc);
      for (const other of near) {
        const against = edgesOf(moved.get(other) || other.n);
        const hit = against.find((one) => String(one) !== String(edge) && meet(edge, one));
        if (hit) return [edge[2], edge[3]];
      }
    }
  }
  return null;
}

function edgesOf(n) {
  const edges = [];
  for (let i = 0; i + 3 < n.length; i += 2) edges.push([n[i], n[i + 1], n[i + 2], n[i + 3]]);
  return edges;
}

/** Whether two edges meet other than in a common end; numbers are exact near their first vertex. */
export function meet([ax, ay, bx, by], [cx, cy, dx, dy]) {
  if (Math.max(cx, dx) < Math.min(ax, bx) || Math.min(cx, dx) > Math.max(ax, bx)) return false;
  if (Math.max(cy, dy) < Math.min(ay, by) || Math.min(cy, dy) > Math.max(ay, by)) return false;
  const side = (px, py, qx, qy, rx, ry) => Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px));
  const [one, two] = [side(ax, ay, bx, by, cx, cy), side(ax, ay, bx, by, dx, dy)];
  const [three, four] = [side(cx, cy, dx, dy, ax, ay), side(cx, cy, dx, dy, bx, by)];
  const shared = [[ax, ay, cx, cy], [ax, ay, dx, dy], [bx, by, cx, cy], [bx, by, dx, dy]];
  const ends = shared.filter(([px, py, qx, qy]) => px === qx && py === qy).length;
  if (!ends) return one * two <= 0 && three * four <= 0;
  // A common end is no crossing, unless the edges lie on one another.
  return one === 0 && two === 0 && overlap([ax, ay, bx, by], [cx, cy, dx, dy]);
}

function overlap([ax, ay, bx, by], [cx, cy, dx, dy]) {
  const k = Math.abs(bx - ax) >= Math.abs(by - ay) ? [ax, bx, cx, dx] : [ay, by, cy, dy];
  return Math.min(Math.max(k[0], k[1]), Math.max(k[2], k[3])) > Math.max(Math.min(k[0], k[1]), Math.min(k[2], k[3]));
}
