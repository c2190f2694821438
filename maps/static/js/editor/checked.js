/** What the check of everything found after a plan was published, in one line. */
import { h } from '../shell/dom.js';
import { texts } from '../shell/session.js';

const WRONG = new Set(['broken', 'failed']);

/** @param check { state, places, gap_m2, overlap_m2, nesting_m2 }, null when none was asked for */
export function checkedLine(check) {
  if (!check) return null;
  const facts = { n: texts.count(check.places), gap: texts.count(check.gap_m2), overlap: texts.count(check.overlap_m2), nesting: texts.count(check.nesting_m2) };
  return h('p', { class: WRONG.has(check.state) ? 'notice wrong' : 'second', id: 'checked', role: 'status' }, texts.t(`editor.checked_${check.state}`, facts));
}

/** Whether the server has still to say what it found. */
export function isBeingChecked(plan) {
  return plan.state === 'published' && Boolean(plan.check) && plan.check.state === 'waiting';
}
