/** The search box: cells, buildings, streets; `/` goes there, arrows walk, Enter flies. */
import { found, indexed } from '../core/find.js';
import { shortCode } from '../core/coverage.js';
import { byId, h, put } from '../shell/dom.js';

const MOST = 8;

export class Search {
  constructor(town, texts, go) {
    this.texts = texts;
    this.go = go;
    this.box = byId('find');
    this.list = byId('found');
    this.hits = [];
    this.at = -1;
    this.entries = null;
    this.town = town;
    if (!town.buildings.length) this.box.placeholder = texts.t('search_hint_cells');
    this.box.addEventListener('input', () => this.look());
    this.box.addEventListener('keydown', (event) => this.key(event));
    this.box.addEventListener('blur', () => this.close());
    this.box.addEventListener('focus', () => this.look());
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.box.addEventListener('found', (event) => this.add(event.detail));
    document.addEventListener('keydown', (event) => {
      const isTyping = /^(input|textarea|select)$/i.test(event.target.tagName);
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.box.focus();
      this.box.select();
    });
  }

  /** Made at the first question, not while the map is being drawn. */
  all() {
    if (!this.entries) {
      const cells = this.town.cells
        .filter((cell) => cell.box)
        .map((cell) => ({
          thing: cell,
          label: cell.name,
          hint: `${this.texts.level(cell.level)} ${cell.code}`,
          keys: [cell.name, cell.code, shortCode(cell)],
        }));
      const buildings = this.town.buildings.map((building) => ({
        thing: building,
        label: building.name,
        hint: building.address || (building.cell ? building.cell.name : ''),
        keys: [building.name, building.address, building.code, building.head],
      }));
      const streets = streetsOf(this.town.ground).map((street) => ({
        thing: street,
        label: street.name,
        hint: this.texts.t('street'),
        keys: [street.name],
      }));
      this.entries = indexed([...cells, ...buildings, ...streets]);
    }
    return this.entries;
  }

  look() {
    this.hits = found(this.all(), this.box.value);
    this.show();
  }

  /** Further hits that were asked for elsewhere, while the same question still stands. */
  add({ asked, items }) {
    if (this.box.value.trim() !== asked || document.activeElement !== this.box) return;
    const known = new Set(this.hits.map((hit) => hit.thing));
    for (const item of items) {
      const thing = this.town.buildings.find((one) => item.code && one.code === item.code);
      if (!thing || known.has(thing) || this.hits.length >= MOST) continue;
      known.add(thing);
      const hint = item.text === thing.name ? thing.address || '' : thing.name;
      this.hits.push({ thing, label: item.text, hint });
    }
    this.show(Math.max(0, this.at));
  }

  show(at = 0) {
    this.at = this.hits.length ? at : -1;
    const asked = this.box.value.trim();
    const none = asked && !this.hits.length;
    put(
      this.list,
      this.hits.map((hit, i) => this.option(hit, i)),
      none ? h('li', { class: 'none' }, this.texts.t('nothing_found', { asked })) : null,
    );
    this.list.hidden = !asked;
    this.box.setAttribute('aria-expanded', String(Boolean(asked)));
    this.mark();
  }

  option(hit, i) {
    const option = h(
      'li',
      { role: 'option', id: `found-${i}` },
      h('span', {}, hit.label),
      h('small', {}, hit.hint),
    );
    option.addEventListener('click', () => this.take(i));
    return option;
  }

  key(event) {
    if (event.key === 'Escape') {
      this.box.value = '';
      this.box.blur();
    } else if (event.key === 'Enter' && this.at >= 0) {
      this.take(this.at);
    } else if (this.hits.length && /^Arrow(Up|Down)$/.test(event.key)) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      this.at = (this.at + step + this.hits.length) % this.hits.length;
      this.mark();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  mark() {
    [...this.list.children].forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === this.at));
    });
    if (this.at < 0) this.box.removeAttribute('aria-activedescendant');
    else this.box.setAttribute('aria-activedescendant', `found-${this.at}`);
  }

  take(i) {
    const { thing } = this.hits[i];
    this.box.blur();
    this.go(thing);
  }

  close() {
    this.list.hidden = true;
    this.box.setAttribute('aria-expanded', 'false');
  }
}

function streetsOf(ground) {
  const streets = new Map();
  for (const one of ground) {
    if (one.kind !== 'street' || !one.name) continue;
    const box = streets.has(one.name) ? streets.get(one.name).box : one.box;
    const [low, high] = [Math.min, Math.max];
    streets.set(one.name, {
      type: 'street',
      name: one.name,
      box: [low(box[0], one.box[0]), low(box[1], one.box[1]), high(box[2], one.box[2]), high(box[3], one.box[3])],
    });
  }
  return [...streets.values()];
}
