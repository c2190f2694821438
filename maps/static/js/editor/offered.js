/** What a division offers, in one line, and whether it leaves anything to take. */
import { texts } from '../shell/session.js';
import { byNames } from './words.js';

const SHOWN = 2;

/**
 * One cell that stays one is as it was: why is said, and there is nothing to take.
 * @param asked how many cells were to be divided
 */
export function offered({ cells, misses, moved }, asked, nameOf) {
  const isSame = asked === 1 && cells.length === 1;
  const why = isSame && `editor.divide_same_${cells[0].state}`;
  if (why && texts.has(why)) return { said: texts.t(why), isSame };
  const counts = [['said', cells.length], ['moved', moved.buildings], ['misses', misses.length]];
  const counted = counts.map(([key, n]) => texts.t(`editor.divide_${key}`, { n })).join(texts.t('editor.comma'));
  const named = misses.slice(0, SHOWN).map(({ detail }) => ` · ${byNames(detail, nameOf)}`).join('');
  return { said: counted + named, isSame };
}
