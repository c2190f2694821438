/** A data request in words: what is asked, and how much time is left. */
import { h } from '../shell/dom.js';
import { texts } from '../shell/session.js';

const DAY_MS = 86_400_000;
const SOON = 7;

export function kindWord(request) {
  return texts.t(`print.kind_${request.kind}`);
}

export function stateWord(request) {
  return texts.t(`print.state_${request.state}`);
}

/** Late is solid and the only red; soon is pale; of what is answered, how and when. */
export function duePill(request) {
  if (request.state !== 'open') {
    const day = texts.day(request.decided_at);
    return h('span', { class: 'pill' }, texts.t('requests.answered', { state: stateWord(request), day }));
  }
  const left = daysLeft(request.due_on);
  if (request.overdue) return h('span', { class: 'pill late' }, texts.t('requests.late', { n: Math.max(1, -left) }));
  const word = left > 0 ? texts.t('requests.left', { n: left }) : texts.t('requests.today');
  return h('span', { class: left <= SOON ? 'pill soon' : 'pill on' }, word);
}

function daysLeft(day) {
  return Math.round((Date.parse(day) - Date.parse(texts.day(new Date()))) / DAY_MS);
}
