/** What is opened beside its list: its row is marked, its number stands in the address. */
import { byId, h, press, put } from './dom.js';
import { markRow } from './list.js';
import { noticePlace, showError } from './notice.js';
import { api, texts } from './session.js';
import { waiting } from './wait.js';

/**
 * The list's side.
 * @param items gives the things listed; `idOf` what each is opened by
 * @param remember says in the address what is open, '' for nothing
 */
export function besides(body, items, { idOf = (one) => one.id, remember = rememberId } = {}) {
  const mark = (id) => markRow(body, items().findIndex((one) => idOf(one) === id));
  return {
    mark,
    opened(id) {
      byId('frame').classList.add('open');
      mark(id);
      remember(id);
    },
    closed() {
      byId('frame').classList.remove('open');
      const selected = body.querySelector('[aria-selected=true]');
      markRow(body, -1);
      remember('');
      if (selected) selected.focus();
    },
  };
}

/** The number of a thing may stand in an address; what was searched for never does. */
function rememberId(id) {
  const { pathname, search } = window.location;
  window.history.replaceState(null, '', pathname + search + (id ? `#${id}` : ''));
}

/** The file's side: who extends it says what it shows, what it is called, what ends when it is left. */
export class FileBeside {
  constructor({ place, path, opened, closed }) {
    Object.assign(this, { place, path, opened, closed, id: '' });
  }

  left() {}

  async open(id) {
    if (id === this.id) return;
    this.left();
    this.id = id;
    this.place.hidden = false;
    put(this.place);
    this.opened(id);
    await this.load();
    const cross = this.place.querySelector('.close');
    if (cross) cross.focus({ preventScroll: true });
  }

  close() {
    if (!this.id) return;
    this.left();
    this.id = '';
    this.place.hidden = true;
    put(this.place);
    this.closed();
  }

  async load() {
    const { id } = this;
    if (!id) return;
    const ready = waiting(this.place, 4);
    try {
      const one = await api.get(`${this.path}/${encodeURIComponent(id)}`);
      ready();
      if (id === this.id) this.show(one);
    } catch (error) {
      ready();
      if (id !== this.id) return;
      const said = noticePlace();
      put(this.place, h('div', { class: 'head' }, this.cross(), h('h2', { id: 'file-title' }, this.title(id))), h('div', { class: 'body' }, said));
      showError(said, error, () => this.load());
    }
  }

  cross() {
    const cross = h('button', { type: 'button', class: 'close', 'aria-label': texts.t('bar.close') }, '×');
    return press(cross, () => this.close());
  }
}
