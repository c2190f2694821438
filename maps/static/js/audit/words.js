/** Records of the audit in words: who, what was done, to what, and how it ended. */
import { h } from '../shell/dom.js';
import { texts } from '../shell/session.js';
import { statedWord, whoWord } from '../shell/who.js';

const LOOKS = { done: '', denied: 'off', missed: 'soon', failed: 'soon' };

export function actionWord(action) {
  return texts.word(`audit.action.${action}`, action);
}

export function outcomePill(outcome) {
  return h('span', { class: `pill ${LOOKS[outcome] || ''}` }, texts.word(`audit.outcome.${outcome}`, outcome));
}

/** The name, and the login by which one is looked for; tasks of the system have no name. */
export function whoParts(record) {
  if (!record.name) return [h('bdi', { class: 'name', title: record.actor }, whoWord(record.actor))];
  return [h('bdi', { class: 'name' }, record.name), ' ', h('bdi', { class: 'sub' }, record.actor)];
}

/** 住户 41235, or how many of a kind. */
export function aboutWord(record) {
  if (!record.subject_kind) return '';
  const kind = texts.word(`audit.kind.${record.subject_kind}`, record.subject_kind);
  if (record.subject_kind === 'cell' && record.area) return kind;
  if (record.subjects.length === 1 && record.count <= 1) return texts.t('audit.one', { kind, id: record.subjects[0] });
  if (record.count > 0) return texts.t('audit.many', { kind, n: texts.count(record.count) });
  return kind;
}

/** As stated; what nobody may, in words. */
export function reasonWord(record) {
  if (record.action !== 'request' || !texts.has(`permissions.${record.reason}`)) return statedWord(record.reason);
  return texts.t('audit.permission', { what: texts.t(`permissions.${record.reason}`) });
}
