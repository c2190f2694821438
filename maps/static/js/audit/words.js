/** Records of the audit in words: who, what was done, to what, and how it ended. */
import { h } from '../shell/dom.js';
import { texts } from '../shell/session.js';
import { statedWord, whoWord } from '../shell/who.js';

// By the name of a value: where its words stand.
const WORDS = {
  fields: ['audit.field'], emptied: ['audit.field'], by: ['audit.field'], permissions: ['permissions'],
  role: ['roles'], action: ['audit.action'], outcome: ['audit.outcome'], subject_kind: ['audit.kind'],
  rule: ['audit.rule'], login: [], name: [], shown: [], who: [], account: [],
};
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
  // A question about one row counts the lines it found.
  const isOne = record.count <= 1 || record.action.startsWith('audit.');
  if (record.subjects.length === 1 && record.subject_login) return texts.t('audit.one', { kind, id: record.subject_login });
  if (record.subjects.length === 1 && isOne) return texts.t('audit.one', { kind, id: record.subjects[0] });
  if (record.count > 0) return texts.t('audit.many', { kind, n: texts.count(record.count) });
  return kind;
}

/** The name of a value that was written or asked for; one without a word, as it is stored. */
export function fieldWord(name) {
  return texts.word(`audit.field.${name}`, name);
}

/** A value in words: those of a list beside each other, those of a table with their names. */
export function valueWord(value, name = '') {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map((one) => valueWord(one, name)).join(texts.t('bar.list_comma')) || '–';
  if (typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, one]) => texts.t('audit.pair', { name: fieldWord(key), value: valueWord(one, key) }));
    return pairs.join(texts.t('audit.pair_stop')) || '–';
  }
  const said = String(value);
  if (said === '') return texts.t('audit.value.empty');
  const kinds = WORDS[name] || ['audit.value'];
  return kinds.map((kind) => texts.word(`${kind}.${said}`, '')).find(Boolean) || said;
}

/** As stated; what nobody may, in words. */
export function reasonWord(record) {
  if (record.action !== 'request' || !texts.has(`permissions.${record.reason}`)) return statedWord(record.reason);
  return texts.t('audit.permission', { what: texts.t(`permissions.${record.reason}`) });
}
