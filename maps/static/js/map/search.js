/** The search box: cells, buildings, streets; `/` goes there, arrows walk, Enter flies. */
import { found, indexed } from '../core/find.js';
import { lineage, shortCode } from '../core/coverage.js';
import { estatesOf, pointOf, streetsOf } from '../core/places.js';
import { byId, h, put } from '../shell/dom.js';

const MOST = 8;
const NAMED_FROM = 3;
// Streets and cells are on every map; these need not be.
const SPOTS = new Set(['building', 'estate', 'site']);
// Where nothing has a key to press.
const TOUCHED = window.matchMedia('(hover: none), (max-width: 900px)');

export class Search {
  constructor(town, texts, go) {
    this.texts = texts;
    this.go = go;
    this.box = byId('find');
    this.list = byId('found');
    this.hits = [];
    this.further = 0;
    this.at = -1;
    this.entries = null;
    this.town = town;
    const hint = town.buildings.length ? 'search_hint' : 'search_hint_cells';
    this.box.placeholder = texts.t(TOUCHED.matches ? `${hint}_touch` : hint);
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
          hint: [...within(cell), `${this.texts.level(cell.level)} ${cell.code}`].join(' · '),
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
      const estates = estatesOf(this.town.buildings).map((estate) => ({
        thing: estate,
        label: estate.name,
        hint: this.texts.t('estate_n', { n: this.texts.count(estate.count) }),
        keys: [estate.name],
      }));
      this.entries = indexed([...estates, ...cells, ...buildings, ...streets]);
    }
    return this.entries;
  }

  look() {
    const all = found(this.all(), this.box.value, Infinity);
    const point = pointOf(this.box.value);
    this.hits = [...(point ? [this.pointed(point)] : []), ...all].slice(0, MOST);
    this.further = Math.max(0, all.length - MOST);
    this.show();
  }

  /** A point as a hit: the finest cell there, which says who answers. */
  pointed(point) {
    const cell = this.town.coverage.cellAt(point.x, point.y, Infinity);
    const hint = cell ? [...within(cell), cell.name].join(' · ') : this.texts.t('outside_all');
    return { thing: { ...point, cell }, label: `${point.lon}, ${point.lat}`, hint };
  }

  /** Further hits that were asked for elsewhere, while the same question still stands. */
  add({ asked, items }) {
    if (this.box.value.trim() !== asked || document.activeElement !== this.box) return;
    // A place is made anew for each hit: its code says whether it is there already.
    const same = (thing) => (thing && thing.type === 'place' ? thing.code : thing);
    const known = new Set(this.hits.map((hit) => same(hit.thing)));
    for (const item of items) {
      const thing = this.meant(item);
      if (!thing || known.has(same(thing)) || this.hits.length >= MOST) continue;
      known.add(same(thing));
      const name = thing.name || item.name;
      const hint = item.text === name ? thing.address || '' : name;
      this.hits.push({ thing, label: item.text, hint });
    }
    this.show(Math.max(0, this.at));
  }

  /** What a further hit leads to: a building or an estate of this map, else its spot on it. */
  meant(item) {
    if (!SPOTS.has(item.kind)) return null;
    const building = item.code && this.town.buildings.find((one) => one.code === item.code);
    if (building) return building;
    const isIt = ({ thing }) => thing.type === 'estate' && thing.name === item.name;
    const estate = item.kind === 'estate' && this.all().find(isIt);
    if (estate) return estate.thing;
    const point = item.lon === null ? null : pointOf(`${item.lon}, ${item.lat}`);
    const cell = point && this.town.coverage.cellAt(point.x, point.y, Infinity);
    if (!cell) return null;
    // A building that is not drawn here has its card all the same: who answers, what people call it.
    const { code, name, address } = item;
    const place = { ...point, cell, type: 'place', code, name, address, isPoint: true, households: 0 };
    return item.kind === 'building' ? place : { ...point, cell };
  }

  show(at = 0) {
    this.at = this.hits.length ? at : -1;
    const asked = this.box.value.trim();
    const none = asked && !this.hits.length;
    put(
      this.list,
      this.hits.map((hit, i) => this.option(hit, i)),
      none ? h('li', { class: 'none' }, this.texts.t('nothing_found', { asked })) : null,
      this.further ? h('li', { class: 'none' }, this.texts.t('found_further', { n: this.texts.count(this.further) })) : null,
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

/** What tells a cell from others of its name: the cells above it, from the community down. */
function within(cell) {
  const names = lineage(cell).slice(0, -1).filter((one) => one.level >= NAMED_FROM).map((one) => one.name);
  // 闸河社区第6网格 says its community by itself.
  return names.filter((name, i) => !names.slice(i + 1).some((finer) => finer.startsWith(name)));
}
