/** What an account's state is called, and how it looks. */
import { h } from '../shell/dom.js';
import { texts } from '../shell/session.js';

const LOOKS = { active: 'on', must_change: 'soon', locked: 'off', ended: '' };

export function statePill(account) {
  return h('span', { class: `pill ${LOOKS[account.state]}` }, texts.t(`users.state_${account.state}`));
}

export function nameOf(account) {
  return h('bdi', {}, account.name);
}

/** Words about time: when it was used last. */
export function seenWord(instant) {
  return instant ? texts.moment(instant) : texts.t('users.never');
}
