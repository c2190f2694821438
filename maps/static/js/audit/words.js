/** Records of the audit in words: what was done, to what, and how it ended. */
import { h } from '../shell/dom.js';
import { texts } from '../shell/session.js';

const LOOKS = { done: '', denied: 'off', missed: 'soon', failed: 'soon' };

export function actionWord(action) {
  return texts.word(`actions.${action}`, action);
}

export function outcomePill(outcome) {
  return h('span', { class: `pill ${LOOKS[outcome] || ''}` }, texts.word(`outcomes.${outcome}`, outcome));
}

/** 住户 41235, or how many of a kind. */
export function aboutWord(record) {
  const kind = texts.word(`subjects.${record.subject_kind}`, record.subject_kind);
  if (record.subjects.length === 1 && record.count <= 1) return texts.t('audit.one', { kind, id: record.subjects[0] });
  if (record.count > 0) return texts.t('audit.many', { kind, n: texts.count(record.count) });
  return kind;
}

/** Names of areas come with a record; system work has none. */
export function areaWord(record) {
  return record.area ? record.area.name || record.area.code || record.area : '';
}
