/** Choosing a cell: a tree that opens level by level, and a search over names and codes. */
import { h, press, put } from './dom.js';
import { showError, noticePlace } from './notice.js';
import { api, texts } from './session.js';

const FOUND = 30;
const CHILDREN = 200;
const TYPING_MS = 220;

export class CellPicker {
  /** @param changed told of the cell chosen, or of null */
  constructor(label, changed = () => {}) {
    this.changed = changed;
    this.cell = null;
    this.asking = null;
    this.input = h('input', { id: 'cell-search', type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: texts.t('picker.search'), 'aria-controls': 'cell-tree' });
    this.tree = h('ul', { class: 'tree', id: 'cell-tree', role: 'tree', 'aria-label': label });
    this.said = noticePlace();
    this.chosen = h('div', { class: 'picked', hidden: true });
    this.open = h('div', { class: 'picking' }, this.input, this.tree);
    this.element = h('div', { class: 'field picker' }, h('label', { for: 'cell-search' }, label), this.chosen, this.open, this.said);
    this.input.addEventListener('input', () => this.search());
    this.input.addEventListener('keydown', (event) => this.fromSearch(event));
    this.tree.addEventListener('keydown', (event) => this.walk(event));
    this.roots();
  }

  get code() {
    return this.cell ? this.cell.code : '';
  }

  async roots() {
    await this.fill(() => api.get('/cells', { level: 1, limit: CHILDREN }), this.tree, true);
  }

  async search() {
    const words = this.input.value.trim();
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      if (!words) await this.roots();
      else await this.fill(() => api.get('/cells', { q: words, limit: FOUND }), this.tree, false);
      if (!this.tree.children.length) {
        put(this.tree, h('li', { class: 'not-found' }, texts.t('picker.nothing', { asked: words })));
      }
    }, TYPING_MS);
  }

  async fill(question, place, canOpen) {
    try {
      const turn = Symbol('turn');
      if (place === this.tree) this.turn = turn;
      const { items } = await question();
      if (place === this.tree && this.turn !== turn) return;
      put(place, items.map((cell) => this.item(cell, canOpen && !cell.leaf)));
      const first = this.tree.querySelector('[role=treeitem]');
      if (first && !this.tree.querySelector('[tabindex="0"]')) first.tabIndex = 0;
    } catch (error) {
      showError(this.said, error);
    }
  }

  item(cell, canOpen) {
    const line = h(
      'div',
      { class: 'line' },
      h('span', { class: canOpen ? 'twig' : 'twig none', 'aria-hidden': 'true' }),
      h('bdi', {}, cell.name),
      h('small', {}, `${texts.level(cell.level)} ${cell.code}`),
    );
    const item = h('li', { role: 'treeitem', tabindex: -1, 'aria-expanded': canOpen ? 'false' : null }, line);
    item.cell = cell;
    press(line.querySelector('.twig'), (event) => {
      event.stopPropagation();
      if (canOpen) this.toggle(item);
    });
    press(line, () => this.choose(cell));
    return item;
  }

  async toggle(item) {
    const isOpen = item.getAttribute('aria-expanded') === 'true';
    item.setAttribute('aria-expanded', String(!isOpen));
    let group = item.querySelector('ul');
    if (group) group.hidden = isOpen;
    if (isOpen || group) return;
    group = h('ul', { role: 'group' });
    item.append(group);
    const path = `/cells/${encodeURIComponent(item.cell.code)}/children`;
    await this.fill(() => api.get(path, { limit: CHILDREN }), group, true);
  }

  choose(cell) {
    this.cell = cell;
    this.open.hidden = Boolean(cell);
    this.chosen.hidden = !cell;
    if (cell) {
      const change = h('button', { type: 'button', class: 'plain' }, texts.t('picker.change'));
      put(
        this.chosen,
        h('span', {}, h('b', {}, h('bdi', {}, cell.name)), h('small', {}, ` ${texts.level(cell.level)} ${cell.code}`)),
        press(change, () => this.choose(null)),
      );
      change.focus();
    } else this.input.focus();
    this.changed(cell);
  }

  fromSearch(event) {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    const first = this.tree.querySelector('[role=treeitem]');
    if (!first) return;
    if (event.key === 'Enter' && this.input.value.trim()) this.choose(first.cell);
    else first.focus();
  }

  /** Up and down walk what is seen, right opens, left closes or goes up, Enter chooses. */
  walk(event) {
    const item = event.target.closest('[role=treeitem]');
    if (!item) return;
    const seen = [...this.tree.querySelectorAll('[role=treeitem]')].filter((one) => one.offsetParent);
    const at = seen.indexOf(item);
    const isOpen = item.getAttribute('aria-expanded') === 'true';
    const deeds = {
      ArrowDown: () => seen[at + 1] && this.focus(seen[at + 1]),
      ArrowUp: () => (seen[at - 1] ? this.focus(seen[at - 1]) : this.input.focus()),
      ArrowRight: () => item.hasAttribute('aria-expanded') && !isOpen && this.toggle(item),
      ArrowLeft: () => (isOpen ? this.toggle(item) : this.focus(item.parentElement.closest('[role=treeitem]'))),
      Enter: () => this.choose(item.cell),
      ' ': () => this.choose(item.cell),
    };
    if (!deeds[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    deeds[event.key]();
  }

  focus(item) {
    if (!item) return;
    this.tree.querySelectorAll('[tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
    item.tabIndex = 0;
    item.focus();
  }
}
