/** A polygon cut by a drawn line, to show what would become of it; the server cuts for good. */
import { isInside } from '../core/coverage.js';

/**
 * The two halves of a closed ring [x0, y0, …] (first vertex not repeated) that a line parts, or null:
 * when the line misses it, only touches it or meets it more than twice.
 */
export function halves(ring, line) {
  const hits = hitsOf(ring, line);
  if (hits.length !== 2) return null;
  const [first, last] = hits[0].along <= hits[1].along ? hits : [hits[1], hits[0]];
  const middle = within(line, first, last);
  if (!middle) return null;
  const one = walk(ring, last, first);
  const two = walk(ring, first, last);
  return [
    [...middle, ...one],
    [...backwards(middle), ...two],
  ].map(flat);
}

/** Where a line crosses a ring: place along the line, place around the ring, the point. */
function hitsOf(ring, line) {
  const hits = [];
  const size = ring.length / 2;
  for (let i = 0; i + 3 < line.length; i += 2) {
    for (let k = 0; k < size; k += 1) {
      const m = (k + 1) % size;
      const found = met(
        [line[i], line[i + 1], line[i + 2], line[i + 3]],
        [ring[2 * k], ring[2 * k + 1], ring[2 * m], ring[2 * m + 1]],
      );
      if (found) hits.push({ along: i / 2 + found.t, around: k + found.u, point: found.point });
    }
  }
  return hits;
}

function met([ax, ay, bx, by], [cx, cy, dx, dy]) {
  const det = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
  if (!det) return null;
  const t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / det;
  const u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / det;
  if (t < 0 || t > 1 || u < 0 || u >= 1) return null;
  return { t, u, point: [ax + t * (bx - ax), ay + t * (by - ay)] };
}

/** The part of the line from hit to hit, which has to lie inside. */
function within(line, first, last) {
  const points = [first.point];
  for (let i = Math.floor(first.along) + 1; i <= Math.floor(last.along); i += 1) {
    points.push([line[2 * i], line[2 * i + 1]]);
  }
  points.push(last.point);
  return points;
}

/** Vertices of the ring from after one hit to before another. */
function walk(ring, from, to) {
  const size = ring.length / 2;
  const points = [];
  const begin = Math.floor(from.around) + 1;
  let count = Math.floor(to.around) + 1 - begin;
  if (to.around < from.around) count += size;
  for (let k = 0; k < count; k += 1) {
    const at = (begin + k) % size;
    points.push([ring[2 * at], ring[2 * at + 1]]);
  }
  return points;
}

function backwards(points) {
  return [...points].reverse();
}

function flat(points) {
  return points.flat();
}

/** Twice the area of a ring, whatever its direction. */
export function extent(ring) {
  let sum = 0;
  const size = ring.length;
  for (let i = 0; i < size; i += 2) {
    const j = (i + 2) % size;
    sum += (ring[i] - ring[0]) * (ring[j + 1] - ring[1]) - (ring[j] - ring[0]) * (ring[i + 1] - ring[1]);
  }
  return Math.abs(sum);
}

/** Things of a list whose point lies in a closed ring. */
export function inside(ring, things) {
  return things.filter((thing) => isInside([ring], thing.x, thing.y));
}
