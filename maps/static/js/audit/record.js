/** One record in full: all its facts, what was before and after, and where to look next. */
import { FileBeside } from '../shell/beside.js';
import { h, press, put } from '../shell/dom.js';
import { texts } from '../shell/session.js';
import { whoWord } from '../shell/who.js';
import { aboutWord, actionWord, fieldWord, outcomePill, reasonWord, valueWord } from './words.js';

const NUMBERS_SHOWN = 40;

export class RecordFile extends FileBeside {
  /**
   * @param found gives a record of the list by its id: nothing more is stored of it
   * @param look asks the list for something else: { account }, { request_id }, { subject }
   */
  constructor({ found, look, ...wish }) {
    super(wish);
    Object.assign(this, { found, look });
  }

  load() {
    const record = this.found(this.id);
    put(
      this.place,
      h(
        'div',
        { class: 'head' },
        this.cross(),
        h('h2', { id: 'file-title' }, actionWord(record.action)),
        h('p', { class: 'sub' }, texts.t('audit.record', { id: record.id })),
        h('p', { class: 'state' }, outcomePill(record.outcome)),
      ),
      h('div', { class: 'body' }, this.facts(record), changes(record)),
      this.ways(record),
    );
  }

  facts(record) {
    const numbers = record.subjects.slice(0, NUMBERS_SHOWN).join(texts.t('bar.list_comma'));
    const rest = record.subjects.length > NUMBERS_SHOWN ? ' …' : '';
    const rows = [
      ['at', texts.exact(record.at)],
      ['who', record.name ? `${record.name} · ${record.actor}` : systemWord(record.actor)],
      record.subject_kind ? ['about', aboutWord(record)] : null,
      record.subjects.length > 1 ? ['numbers', numbers + rest] : null,
      record.area ? ['area', `${record.area.name} · ${record.area.code}`] : null,
      record.reason ? ['reason', reasonWord(record)] : null,
      record.address ? ['address', record.address] : null,
      record.request_id ? ['request', record.request_id] : null,
      ['sealed', record.seq ? texts.t('audit.sealed_as', { seq: texts.count(Number(record.seq)) }) : texts.t('audit.not_sealed')],
    ];
    return h('dl', { class: 'facts' }, rows.filter(Boolean).flatMap(([key, said]) => [
      h('dt', {}, texts.t(`audit.${key}`)),
      h('dd', {}, h('bdi', {}, said)),
    ]));
  }

  ways(record) {
    const way = (key, wish) => press(h('button', { type: 'button', class: 'button' }, texts.t(`audit.${key}`)), () => this.look(wish));
    const isHousehold = record.subject_kind === 'household' && record.subjects.length === 1;
    return h(
      'div',
      { class: 'acts' },
      isHousehold ? way('same_household', { subject: record.subjects[0] }) : null,
      way('same_person', { account: record.actor }),
      record.request_id ? way('same_request', { request_id: record.request_id }) : null,
    );
  }
}

/** What a task of the system does, and the name by which the filter finds it. */
function systemWord(actor) {
  const word = whoWord(actor);
  return word === actor ? actor : `${word} · ${actor}`;
}

/** A line a field: what it was, what it is. */
function changes({ before, after }) {
  if (!before && !after) return null;
  const fields = [...new Set([...Object.keys(before || {}), ...Object.keys(after || {})])];
  const rows = fields.map((name) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('bdi', { title: name }, fieldWord(name))),
      h('td', {}, h('bdi', {}, valueWord(before && before[name], name))),
      h('td', {}, h('bdi', {}, valueWord(after && after[name], name))),
    ),
  );
  const heads = ['field', 'before', 'after'].map((key) => h('th', { scope: 'col' }, texts.t(`audit.${key}`)));
  return [
    h('h3', {}, texts.t('audit.changes')),
    h('table', { class: 'list changes' }, h('thead', {}, h('tr', {}, heads)), h('tbody', {}, rows)),
  ];
}
