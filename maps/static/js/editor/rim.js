/** Land that the outline would take in when a piece of it is dragged outwards: pure, in grid numbers. */
import { metresPerPixel } from '../core/grid.js';
import { extentOf } from './changes.js';
import { degrees } from './snap.js';

const PROBES = 24;

/** What a moved border of the outline takes in (m2 > 0) or would give up (m2 < 0), of which cell. */
export function gainOf(model, arc, n) {
  const [cell] = arc.sides;
  const moved = new Map([[arc, n]]);
  return { arc, cell, n, ring: between(arc.n, n), m2: landOf(model, cell, moved) - landOf(model, cell) };
}

/** Square metres of a cell, also as an overlay would have it. */
export function landOf(model, cell, moved) {
  return (extentOf(model, cell, moved) / 2) * metresPerPixel((cell.box[1] + cell.box[3]) / 2, 0) ** 2;
}

/** The ring of numbers between a line and what became of it: where both are alike is left out. */
export function between(before, after) {
  let head = 0;
  while (head + 4 < Math.min(before.length, after.length) && isAlike(before, after, head + 2, head + 2)) head += 2;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head - 4;
  while (tail < most && isAlike(before, after, before.length - tail - 4, after.length - tail - 4)) tail += 2;
  const there = after.slice(head, after.length - tail);
  const back = before.slice(head + 2, before.length - tail - 2);
  for (let i = back.length - 2; i >= 0; i -= 2) there.push(back[i], back[i + 1]);
  return there;
}

function isAlike(one, other, i, j) {
  return one[i] === other[j] && one[i + 1] === other[j + 1];
}

/** Places inside what is taken in, from the outline to where it was dragged to: degrees. */
export function probesOf({ ring }) {
  const [x, y] = [(ring[0] + ring[4]) / 2, (ring[1] + ring[5]) / 2];
  const places = [];
  for (let k = 1; k < PROBES; k += 1) places.push(x + ((ring[2] - x) * k) / PROBES, y + ((ring[3] - y) * k) / PROBES);
  return degrees(places);
}

/**
 * What to ask for it: a cell on land that nobody has, and that it joins the cell it was drawn from.
 * The code between the two lives in the plan alone.
 */
export function gainOperations(gain, { name, isOwn, number }) {
  const { cell, ring } = gain;
  const polygon = { type: 'Polygon', coordinates: [degrees([...ring, ring[0], ring[1]])] };
  const add = { op: 'add', parent: cell.parent, name, polygon };
  if (isOwn) return [add];
  const code = `${cell.code.slice(0, 26)}-${number}`;
  return [{ ...add, code }, { op: 'merge', cells: [cell.code, code], into: cell.code }];
}

/** Whether two operations are one step of the hand: land taken in, and given to the cell beside it. */
export function areOneStep(first, second) {
  return Boolean(first && second && first.op === 'add' && first.code && second.op === 'merge' && second.cells.includes(first.code));
}

/** 850 平方米, 1.2 公顷 */
export function areaSaid(m2, texts) {
  const size = Math.abs(m2);
  return size < 10000 ? texts.t('editor.area_m2', { n: texts.count(Math.round(size)) }) : texts.t('editor.area_ha', { n: (size / 10000).toFixed(1) });
}
