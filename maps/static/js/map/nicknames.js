/** What people on the spot call the chosen building: in the right card, added and ended in one press. */
import { Deed } from '../core/api.js';
import { byId, h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showDone, showError } from '../shell/notice.js';
import { api, texts } from '../shell/session.js';

const TYPED_MS = 250;
const LEAST = 2;
const PATH = '/addresses/nicknames';

/** The names of one building, for as long as its card is open. */
class Nicknames {
  constructor(place, building) {
    Object.assign(this, { place, building });
    this.names = [];
    this.deed = new Deed();
    this.list = h('ul', { class: 'names-list' });
    this.notice = noticePlace();
    this.said = h('p', { class: 'names-said', role: 'status', hidden: true });
    this.box = h('input', {
      type: 'text', maxlength: 40, autocomplete: 'off', 'aria-label': texts.t('names.new'),
      placeholder: texts.t('names.hint'),
    });
    this.go = h('button', { type: 'submit' }, texts.t('names.add'));
    this.form = h('form', { class: 'names-new' }, this.box, this.go);
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.add(this.box.value.trim(), 0, { isTyped: true });
    });
    // Escape in the box empties it; once more, and the card closes.
    this.box.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.box.value) return;
      this.box.value = '';
      event.stopPropagation();
    });
    const all = h('a', { class: 'names-all', href: '/names' }, texts.t('names.all'));
    put(place, h('h3', {}, texts.t('names.title'), all), this.list, this.form, this.notice, this.said);
  }

  async read() {
    try {
      const found = await api.get(PATH, { building: this.building, limit: 200 });
      this.names = found.items.filter((one) => one.kind === 'nickname');
      this.fill();
    } catch (error) {
      // A building beyond the own areas is nobody's to name here; an empty place would be asked for again.
      if (error.status === 404) this.place.remove();
      else showError(this.notice, error, () => { clear(this.notice); this.read(); });
    }
  }

  fill() {
    const none = h('li', { class: 'hint' }, texts.t('names.none'));
    put(this.list, this.names.length ? this.names.map((one) => this.item(one)) : none);
  }

  item(one) {
    const where = one.stairwell ? texts.t('names.stairwell', { n: one.stairwell }) : '';
    const label = texts.t('names.end', { name: one.name });
    const end = h('button', { type: 'button', 'aria-label': label, title: label }, '×');
    return h('li', {}, h('span', {}, one.name, where ? h('small', {}, where) : null), press(end, () => this.end(one)));
  }

  async add(name, stairwell = 0, { isTyped = false } = {}) {
    if (!name) {
      this.box.focus();
      return;
    }
    const body = { name, building: this.building, stairwell };
    await this.tried(async () => {
      const key = this.deed.keyFor(body);
      const made = await api.post(PATH, body, { key });
      this.deed.done();
      this.names = [...this.names.filter((one) => one.id !== made.id), made];
      this.fill();
      if (isTyped) this.box.value = '';
      // What stood before was somebody's: it is not undone here.
      if (made.added) this.say('names.added', made, () => this.end(made), isTyped);
      else this.say('names.known', made, null, isTyped);
    }, () => this.add(name, stairwell, { isTyped }));
  }

  async end(one) {
    await this.tried(async () => {
      await api.post(`${PATH}/${one.id}/end`);
      this.names = this.names.filter((other) => other.id !== one.id);
      this.fill();
      this.say('names.ended', one, () => this.add(one.name, one.stairwell));
    }, () => this.end(one));
  }

  async tried(action, retry) {
    clear(this.notice);
    this.go.disabled = true;
    try {
      await action();
    } catch (error) {
      this.said.hidden = true;
      showError(this.notice, error, retry);
      this.notice.scrollIntoView({ block: 'nearest' });
    } finally {
      this.go.disabled = false;
    }
  }

  /** What was just done, and the way back, where it was done. */
  say(key, one, undo, isTyped = false) {
    showDone(this.said, texts.t(key, { name: one.name }));
    this.said.className = 'names-said';
    const back = undo && h('button', { type: 'button', class: 'plain' }, texts.t('bar.undo'));
    if (back) this.said.append(press(back, undo));
    // Whoever types goes on in the box: an Enter too many, as input methods send it, undoes nothing.
    const next = isTyped ? this.box : back || this.box;
    next.focus({ preventScroll: true });
    this.said.scrollIntoView({ block: 'nearest' });
  }
}

/** The card leaves room for the names of a building each time it opens. */
function follow(card) {
  const look = () => {
    const place = card.querySelector('.names:empty');
    if (place) new Nicknames(place, place.dataset.building).read();
  };
  new MutationObserver(look).observe(card, { childList: true, subtree: true });
  look();
}

/** What the search box does not know by itself is asked for: nicknames, other spellings, pinyin. */
function complete(box) {
  let timer = 0;
  let asking = null;
  box.addEventListener('input', () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    const asked = box.value.trim();
    if (asked.length < LEAST) return;
    timer = setTimeout(async () => {
      asking = new AbortController();
      try {
        const found = await api.get('/addresses', { q: asked }, { signal: asking.signal });
        box.dispatchEvent(new CustomEvent('found', { detail: { asked, items: found.items } }));
      } catch {
        // The box goes on with what the page holds.
      }
    }, TYPED_MS);
  });
}

follow(byId('right'));
const box = byId('find');
if (box) complete(box);
