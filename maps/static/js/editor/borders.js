/** Borders put together by the level of what they part: communities, grids, groups; and the outline. */
import { chained } from '../core/chain.js';
import { boxOf } from '../core/flat.js';

/**
 * The level of the coarsest cells that a border between two leaves parts.
 * @param one, two { code, level, parent } with the code of the parent
 * @param known gives the same of an upper cell by its code, undefined where nothing is known
 */
export function levelBetween(one, two, known) {
  let [a, b] = [one, two];
  while (a.level > b.level && known(a.parent)) a = known(a.parent);
  while (b.level > a.level && known(b.parent)) b = known(b.parent);
  while (a.parent !== b.parent && known(a.parent) && known(b.parent)) [a, b] = [known(a.parent), known(b.parent)];
  return Math.min(a.level, b.level);
}

/**
 * Lines by level, finest last, each with its box; those with nobody on the other side are the rim.
 * @param parts [{ line, sides: [one] or [one, two] }]
 */
export function bordersOf(parts, known) {
  const rim = [];
  const found = new Map();
  for (const { line, sides } of parts) {
    const [one, two] = sides;
    const level = two ? levelBetween(one, two, known) : 0;
    if (!two) rim.push(line);
    else if (found.has(level)) found.get(level).push(line);
    else found.set(level, [line]);
  }
  const levels = [...found.keys()].sort((a, b) => a - b);
  return { rim: boxed(chained(rim)), by: new Map(levels.map((level) => [level, boxed(level < 5 ? chained(found.get(level)) : found.get(level))])) };
}

export function boxed(lines) {
  return lines.map((line) => ({ line, box: boxOf([line]) }));
}
