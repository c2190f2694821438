/**
 * A whole border slid sideways: its ends run along the borders beside it. What it passes over is a
 * part of the cell it moves into, cut off by the line as it would be; that goes to the other cell.
 */
import { halves, inside } from './cut.js';
import { cutBy, taken } from './counts.js';
import { degrees, numbersAt } from './snap.js';

const FAR = 4;

export class Slide {
  constructor(desk, arc) {
    Object.assign(this, { desk, arc });
    const { line } = arc;
    const last = line.length - 2;
    const [dx, dy] = [line[last] - line[0], line[last + 1] - line[1]];
    const length = Math.hypot(dx, dy) || 1;
    this.along = [dx / length, dy / length];
    this.normal = [-dy / length, dx / length];
    this.length = length;
    [this.x, this.y] = halfway(line);
    this.half = null;
  }

  /** Slides it so that it goes through a place; whether that can be. */
  to({ x, y }) {
    const by = (x - this.x) * this.normal[0] + (y - this.y) * this.normal[1];
    const sides = this.arc.sides.map((cell) => this.cutOff(cell, by)).filter(Boolean);
    const found = sides.sort((a, b) => a.far - b.far)[0];
    this.half = found ? found.half : null;
    if (!found) return false;
    this.from = found.cell;
    this.into = this.arc.sides.find((cell) => cell !== found.cell);
    this.line = found.line;
    const buildings = inside(this.half, this.desk.byCell[this.from.index]);
    this.counts = taken(this.desk.model, buildings, this.into);
    if (!this.counts.has(this.from)) this.counts.set(this.from, [this.from.households, this.from.households]);
    this.moves = buildings.map((building) => ({ building, from: this.from, to: this.into }));
    this.cut = cutBy([this.line], this.desk.buildings).filter((one) => this.desk.byCell[this.from.index].includes(one));
    return true;
  }

  /** The part of a cell between the border and where it would be; null when it does not run through it. */
  cutOff(cell, by) {
    if (cell.polygons.length !== 1) return null;
    const ring = this.desk.model.ring(cell.polygons[0][0]).slice(0, -2);
    const line = this.moved(by);
    const [x, y] = [this.x + this.normal[0] * by * 0.5, this.y + this.normal[1] * by * 0.5];
    if (!this.desk.model.holds(cell, x, y)) return null;
    const parts = halves(ring, line);
    if (!parts) return null;
    const half = parts.find((part) => hasVertex(part, this.arc.line));
    return half ? { cell, half, line, far: Math.abs(by) } : null;
  }

  /** The border as it would be, its ends drawn out so that they meet those beside it. */
  moved(by) {
    const { line } = this.arc;
    const out = [];
    const far = Math.max(this.length / 4, Math.abs(by) * FAR);
    for (let i = 0; i < line.length; i += 2) out.push(line[i] + this.normal[0] * by, line[i + 1] + this.normal[1] * by);
    const last = out.length - 2;
    return [
      out[0] - this.along[0] * far, out[1] - this.along[1] * far,
      ...out.slice(2, last),
      out[last] + this.along[0] * far, out[last + 1] + this.along[1] * far,
    ];
  }

  operation() {
    const n = [];
    for (let i = 0; i < this.half.length; i += 2) n.push(...numbersAt(this.half[i], this.half[i + 1]));
    const ring = degrees([...n, n[0], n[1]]);
    return { op: 'transfer', to: this.into.code, area: { type: 'Polygon', coordinates: [ring] } };
  }
}

/** The place halfway along a line. */
export function halfway(line) {
  const lengths = [];
  for (let i = 0; i + 3 < line.length; i += 2) lengths.push(Math.hypot(line[i + 2] - line[i], line[i + 3] - line[i + 1]));
  let left = lengths.reduce((a, b) => a + b, 0) / 2;
  for (let k = 0; k < lengths.length; k += 1) {
    if (left <= lengths[k] || k === lengths.length - 1) {
      const t = lengths[k] ? left / lengths[k] : 0;
      return [line[2 * k] + t * (line[2 * k + 2] - line[2 * k]), line[2 * k + 1] + t * (line[2 * k + 3] - line[2 * k + 1])];
    }
    left -= lengths[k];
  }
  return [line[0], line[1]];
}

/** Whether a ring has a vertex of a line between its ends, or both of its ends. */
function hasVertex(ring, line) {
  const has = (x, y) => {
    for (let i = 0; i < ring.length; i += 2) if (ring[i] === x && ring[i + 1] === y) return true;
    return false;
  };
  const last = line.length - 2;
  if (line.length > 4) return has(line[2], line[3]);
  return has(line[0], line[1]) && has(line[last], line[last + 1]);
}
