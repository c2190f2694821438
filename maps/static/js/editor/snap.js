/** Catches a hand that comes near: an own node, then a vertex, then an edge; the grid otherwise. */
import { GRID, latitude, longitude } from '../core/grid.js';
import { nearestOn } from './model.js';

/** What each way of being caught looks like: a node ◆, a vertex ●, an edge ▬. */
export const MARKS = { node: '◆', vertex: '●', edge: '▬' };

export class Snapper {
  /** @param buildings an index of buildings with `rings`; `streets` one of { line, box } */
  constructor(model, buildings, streets) {
    Object.assign(this, { model, buildings, streets });
  }

  /**
   * The place that catches (x, y) within reach: { x, y, kind, of, n }, of kind '' where nothing does.
   * @param skip arcs that are being moved
   */
  near(x, y, reach, skip = new Set()) {
    const box = [x - reach, y - reach, x + reach, y + reach];
    const arcs = this.model ? this.model.arcIndex.within(box).filter((arc) => !skip.has(arc)) : [];
    const lines = [
      ...arcs.map((arc) => ({ line: arc.line, of: 'border', n: arc.n })),
      ...this.buildings.within(box).filter((b) => !b.isPoint).flatMap((b) => b.rings.map((ring) => ({ line: closed(ring), of: 'building' }))),
      ...this.streets.within(box).map(({ line }) => ({ line, of: 'street' })),
    ];
    return this.node(arcs, x, y, reach) || vertexOf(lines, x, y, reach) || edgeOf(lines, x, y, reach) || free(x, y);
  }

  node(arcs, x, y, reach) {
    const ends = arcs.flatMap((arc) => [{ arc, i: 0 }, { arc, i: arc.n.length / 2 - 1 }]);
    return best(ends.map(({ arc, i }) => caught(arc.line, i, { of: 'border', kind: 'node', n: arc.n })), x, y, reach);
  }
}

function vertexOf(lines, x, y, reach) {
  const found = [];
  for (const { line, of, n } of lines) {
    for (let i = 0; 2 * i < line.length; i += 1) {
      if (Math.abs(line[2 * i] - x) <= reach && Math.abs(line[2 * i + 1] - y) <= reach) {
        found.push(caught(line, i, { of, kind: 'vertex', n }));
      }
    }
  }
  return best(found, x, y, reach);
}

function edgeOf(lines, x, y, reach) {
  const found = lines.map(({ line, of }) => ({ ...nearestOn(line, x, y), of, kind: 'edge' }));
  const hit = best(found, x, y, reach);
  return hit && { ...hit, n: numbersAt(hit.x, hit.y) };
}

function caught(line, i, { of, kind, n }) {
  const [x, y] = [line[2 * i], line[2 * i + 1]];
  return { x, y, of, kind, n: n ? [n[2 * i], n[2 * i + 1]] : numbersAt(x, y) };
}

function best(places, x, y, reach) {
  let found = null;
  for (const place of places) {
    const far = Math.hypot(place.x - x, place.y - y);
    if (far <= reach && (!found || far < found.far)) found = { ...place, far };
  }
  return found;
}

function free(x, y) {
  return { x, y, kind: '', of: '', n: numbersAt(x, y) };
}

/** The grid numbers of a place in the plane. */
export function numbersAt(x, y) {
  return [Math.round(longitude(x) / GRID), Math.round(latitude(y) / GRID)];
}

/** Degrees of grid numbers, exact: what is sent. */
export function degrees(n) {
  const points = [];
  for (let i = 0; i < n.length; i += 2) points.push([n[i] * GRID, n[i + 1] * GRID]);
  return points;
}

function closed(ring) {
  const line = new Float64Array(ring.length + 2);
  line.set(ring);
  line[ring.length] = ring[0];
  line[ring.length + 1] = ring[1];
  return line;
}

/** Streets as separate edges with boxes, so that one is found without walking all of its street. */
export function edgesOf(lines) {
  const edges = [];
  for (const line of lines) {
    for (let i = 0; i + 3 < line.length; i += 2) {
      const edge = Float64Array.from([line[i], line[i + 1], line[i + 2], line[i + 3]]);
      const box = [
        Math.min(edge[0], edge[2]), Math.min(edge[1], edge[3]),
        Math.max(edge[0], edge[2]), Math.max(edge[1], edge[3]),
      ];
      edges.push({ line: edge, box });
    }
  }
  return edges;
}
