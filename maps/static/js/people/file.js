/** The file of one household: masked, in clear for a reason and a minute, and what may be done. */
import { Deed } from '../core/api.js';
import { FileBeside } from '../shell/beside.js';
import { h, press, put } from '../shell/dom.js';
import { api, bar, may, texts } from '../shell/session.js';
import { addRequest } from '../requests/add.js';
import { Minute } from './minute.js';
import { revealForm } from './reveal.js';
import { doorWord, FIELDS, headWord, marks, occupancyWord } from './words.js';

export class HouseholdFile extends FileBeside {
  constructor(wish) {
    super({ ...wish, path: '/households' });
    this.one = null;
    this.minute = new Minute(() => this.show(this.one));
  }

  left() {
    this.minute.stop();
    this.one = null;
  }

  title(id) {
    return texts.t('people.number', { id });
  }

  /** @param clear fields in clear, by name; without any all are masked */
  show(one, clear = {}) {
    this.one = one;
    const isClear = Object.keys(clear).length > 0;
    put(
      this.place,
      h(
        'div',
        { class: 'head' },
        this.cross(),
        h('h2', { id: 'file-title' }, h('bdi', {}, headWord(one))),
        h('p', { class: 'sub' }, h('bdi', {}, doorWord(one))),
        marks(one).length ? h('p', { class: 'state' }, marks(one)) : null,
      ),
      h(
        'div',
        { class: 'body' },
        facts(one, clear),
        isClear ? this.minute.line() : this.revealing(),
      ),
      this.actions(),
    );
  }

  /** What may be shown in clear: what is stored, and not kept more closely than the reader may see. */
  revealing() {
    const open = FIELDS.filter((name) => bar.facts.reveals.includes(name) && this.one[name]);
    if (!open.length) return null;
    const button = h('button', { type: 'button', class: 'button' }, texts.t('people.reveal'));
    return h('p', { class: 'reveal' }, press(button, () => {
      const deed = new Deed();
      button.parentElement.replaceWith(revealForm({
        fields: open,
        give: (wish) => this.reveal(wish, deed.keyFor(wish)),
        cancelled: () => this.show(this.one),
      }));
      this.place.querySelector('textarea').focus();
    }));
  }

  async reveal(wish, key) {
    const { id, one } = this;
    const clear = await api.post(`/households/${encodeURIComponent(id)}/reveal`, wish, { key });
    if (id !== this.id) return;
    this.show(one, Object.fromEntries(wish.fields.map((name) => [name, clear[name]])));
    this.minute.start();
    this.place.querySelector('.shown button').focus();
  }

  actions() {
    const { id, one } = this;
    const acts = [
      may('people.print') ? h('a', { class: 'button', href: `/households/${encodeURIComponent(id)}/print` }, texts.t('people.sheet')) : null,
      may('request.write') ? press(h('button', { type: 'button', class: 'button' }, texts.t('people.ask')), () => addRequest({ household: one })) : null,
      may('request.write') ? h('a', { class: 'button', href: `/data-requests?household=${encodeURIComponent(id)}` }, texts.t('people.asked_before')) : null,
    ].filter(Boolean);
    return acts.length ? h('div', { class: 'acts' }, acts) : null;
  }
}

function facts(one, clear) {
  const rows = [
    ['people.id', one.id],
    ...FIELDS.filter((name) => one[name] !== null).map((name) => [`print.${name}`, one[name] || '–', clear[name]]),
    ['people.dwelling', `${doorWord(one)} · ${texts.t('people.floor', { floor: one.floor })}`],
    one.cell_code ? ['people.cell', `${one.cell_name} · ${one.cell_code}`] : null,
    ['people.occupancy', occupancyWord(one)],
    ['people.persons', one.persons === null ? '–' : String(one.persons)],
    one.since ? ['people.since', one.since] : null,
  ];
  return h('dl', { class: 'facts' }, rows.filter(Boolean).flatMap(([key, masked, open]) => [
    h('dt', {}, texts.t(key)),
    h('dd', { class: open === undefined ? null : 'clear' }, h('bdi', {}, open === undefined ? masked : open || '–')),
  ]));
}
