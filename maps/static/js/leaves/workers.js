/** Choosing a worker of the own areas by name or code. */
import { h, press, put } from '../shell/dom.js';
import { noticePlace, showError } from '../shell/notice.js';
import { api, texts } from '../shell/session.js';

const TYPING_MS = 220;
const SHOWN = 20;

export class WorkerPicker {
  constructor(id, label, hint = '') {
    this.chosen = null;
    this.asking = null;
    this.timer = 0;
    const fact = { id: `worker-${id}`, type: 'search', autocomplete: 'off', spellcheck: 'false', maxlength: 60 };
    this.input = h('input', { ...fact, placeholder: texts.t('leaves.search') });
    this.found = h('ul', { class: 'worker-list', 'aria-label': label, hidden: true });
    this.shown = h('div', { class: 'worker-chosen', hidden: true });
    this.said = noticePlace();
    this.element = h(
      'div',
      { class: 'field' },
      h('label', { for: fact.id }, label),
      this.shown,
      this.input,
      hint ? h('small', { class: 'hint' }, hint) : null,
      this.found,
      this.said,
    );
    this.input.addEventListener('input', () => this.soon());
    this.input.addEventListener('keydown', (event) => this.fromBox(event));
    this.found.addEventListener('keydown', (event) => this.walk(event));
  }

  get code() {
    return this.chosen ? this.chosen.code : null;
  }

  soon() {
    clearTimeout(this.timer);
    if (this.asking) this.asking.abort();
    const asked = this.input.value.trim();
    this.found.hidden = !asked;
    if (asked) this.timer = setTimeout(() => this.search(asked), TYPING_MS);
  }

  async search(asked) {
    this.asking = new AbortController();
    try {
      const { items } = await api.get('/workers', { q: asked, limit: SHOWN }, { signal: this.asking.signal });
      const nothing = h('li', { class: 'hint', role: 'status' }, texts.t('leaves.nothing', { asked }));
      put(this.found, items.length ? items.map((one) => this.item(one)) : nothing);
    } catch (error) {
      if (error.name !== 'AbortError') showError(this.said, error, () => this.search(asked));
    }
  }

  item(worker) {
    const button = h('button', { type: 'button' }, h('bdi', {}, worker.name), h('small', {}, worker.code));
    return h('li', {}, press(button, () => this.choose(worker)));
  }

  choose(worker) {
    this.chosen = worker;
    this.found.hidden = true;
    this.input.hidden = Boolean(worker);
    this.shown.hidden = !worker;
    if (!worker) {
      this.input.value = '';
      this.input.focus();
      return;
    }
    const change = press(h('button', { type: 'button', class: 'plain' }, texts.t('leaves.change')), () => this.choose(null));
    put(this.shown, h('span', {}, h('bdi', {}, worker.name), h('small', {}, worker.code)), change);
    change.focus();
  }

  /** Enter takes the first that is found; an arrow goes to the list. */
  fromBox(event) {
    if (event.isComposing || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
    const first = this.found.hidden ? null : this.found.querySelector('button');
    if (!first) return;
    event.preventDefault();
    if (event.key === 'Enter') first.click();
    else first.focus();
  }

  walk(event) {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
    const item = event.target.closest('li');
    if (!step || !item) return;
    event.preventDefault();
    const next = item[step];
    if (next) next.querySelector('button').focus();
    else if (event.key === 'ArrowUp') this.input.focus();
  }
}
