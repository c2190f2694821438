/** Who did something, and why: names beside logins, words instead of codes. */
import { texts } from './session.js';

const SYSTEM = 'system:';

/** 周若谷（zhou）; of a task of the system what it does; of one that is not known, as it is stored. */
export function whoWord(login, name) {
  if (name) return texts.t('audit.named', { name, login });
  return login.startsWith(SYSTEM) ? texts.word(`audit.task.${login.slice(SYSTEM.length)}`, login) : login;
}

/** A reason as stated; of what followed from a request, which one. */
export function statedWord(reason) {
  const found = /^data_request ([0-9]+)$/.exec(reason);
  return found ? texts.t('audit.by_request', { id: found[1] }) : reason;
}
