/** What cells are called on the map in short: 06 of a grid, 06·03 of a leaf in it; no two alike. */
import { shortCode } from '../core/coverage.js';
import { shortName } from './words.js';

/** @returns Map of code to what it is called; @param above { code, name } of the area */
export function numbersOf(cells, above) {
  const named = new Map();
  const taken = new Set();
  const byName = new Map(cells.map((cell) => [`${cell.parent}/${cell.name}`, cell]));
  // The shortest code of a number keeps it: beside …602 stands …6002, and both would be 02.
  const ordered = [...cells].sort((one, other) => one.code.length - other.code.length || (one.code < other.code ? -1 : 1));
  for (const cell of ordered) {
    const ways = [digitsOf(cell, above), partOf(cell, byName, named), `…${cell.code.slice(-4)}`, cell.code];
    const number = ways.find((way) => way && !taken.has(way));
    taken.add(number);
    named.set(cell.code, number);
  }
  return named;
}

/** The last digits of the code below its parent; a name where there are none. */
export function digitsOf(one, above) {
  const isBelow = !one.cells && one.parent && one.parent !== above.code;
  const number = (code, parent) => shortCode({ code, parent: { code: parent } });
  const [grid, leaf] = isBelow ? [number(one.parent, above.code), number(one.code, one.parent)] : [number(one.code, above.code), ''];
  const found = isBelow ? grid && leaf && `${grid}·${leaf}` : grid;
  return found || shortName(one.name || one.code, above.name);
}

/** 06·02-1 of 第6网格02组-1 where 第6网格02组 stands beside it. */
function partOf({ name, parent }, byName, named) {
  const [tail] = /(?:-\d+)+$/.exec(name || '') || [''];
  const whole = tail && byName.get(`${parent}/${name.slice(0, -tail.length)}`);
  return whole && named.has(whole.code) ? named.get(whole.code) + tail : '';
}
