/** The right card: the chosen cell or building, who answers here and why. */
import { IN_PART, lineage, UNSEEN } from '../core/coverage.js';
import { latitude, longitude } from '../core/grid.js';
import { getJson } from '../core/net.js';
import { percents } from '../core/shares.js';
import { byId, h, press, put } from '../shell/dom.js';
import { crumbs, figures, told } from './legend.js';
import { shareBar, swatch } from './sharebar.js';
import { ofCell, Who } from './who.js';

const PATIENCE_MS = 300;

/** A building that is drawn, or one that was searched for on a map that draws none: a place. */
function isBuilding(thing) {
  return thing.type === 'building' || thing.type === 'place';
}

export class Panel {
  constructor(page, town, state, texts, flyTo) {
    Object.assign(this, { page, town, state, texts, flyTo });
    this.edge = page.palette.theme.edge;
    this.card = byId('right');
    this.asking = null;
    this.who = new Who(texts);
    state.onChange((what) => what === 'chosen' && this.fill());
  }

  fill() {
    if (this.asking) this.asking.abort();
    const thing = this.state.chosen;
    this.card.hidden = !thing;
    document.body.classList.toggle('chosen', Boolean(thing));
    if (!thing) return;
    const who = h('div', { class: 'answers' });
    put(
      this.card,
      this.head(thing),
      h(
        'div',
        { class: 'body' },
        this.people(thing),
        who,
        // Filled on pages of those who may name places, by nicknames.js.
        isBuilding(thing) ? h('div', { class: 'names', 'data-building': thing.code }) : null,
        this.inside(thing),
      ),
      this.actions(thing),
    );
    this.card.scrollTop = 0;
    this.whoAnswers(thing, who);
  }

  /** How many live there; a sentence where this map does not count. */
  people(thing) {
    if (thing.type === 'place') return null;
    const cell = thing.type === 'cell' ? thing : thing.cell;
    if (cell && !cell.isCounted) {
      const key = cell.sight === UNSEEN ? 'not_yours' : 'not_counted';
      return h('p', { class: 'hint' }, this.texts.t(key));
    }
    return [
      h('div', { class: 'figures four' }, figures(thing, this.page, this.texts)),
      cell === thing && cell.sight === IN_PART ? h('p', { class: 'hint' }, this.texts.t('own_part')) : null,
      thing.households ? shareBar(thing.counts, this.edge, { width: 296, height: 12 }) : null,
      thing.households ? this.counts(thing) : null,
    ];
  }

  head(thing) {
    const cell = thing.type === 'cell' ? thing : thing.cell;
    const chain = cell ? lineage(cell).filter((one) => one !== thing && one !== this.town.asked) : [];
    const near = chain.map((one) => [one.code, one.name]);
    const close = h(
      'button',
      { type: 'button', class: 'close', 'aria-label': this.texts.t('close') },
      '×',
    );
    return h(
      'div',
      { class: 'head' },
      press(close, () => this.state.choose(null)),
      h('div', { class: 'crumbs' }, ...this.kindLine(thing), ...(near.length ? [' · '] : []), ...crumbs(near, {})),
      h('h2', {}, thing.name),
      thing.address ? h('p', { class: 'address' }, thing.address) : null,
    );
  }

  /** 网格 340603002001006, its own digits bold. */
  kindLine(thing) {
    if (isBuilding(thing)) return [this.texts.t('building')];
    const above = thing.parent && thing.code.startsWith(thing.parent.code) ? thing.parent.code : '';
    return [
      `${this.texts.level(thing.level)} ${above}`,
      h('b', {}, thing.code.slice(above.length)),
    ];
  }

  counts(thing) {
    const shares = percents(thing.counts);
    const rows = thing.counts.map((n, i) =>
      n
        ? h(
            'tr',
            {},
            h('td', {}, swatch(i, this.edge)),
            h('th', { scope: 'row' }, this.page.kinds[i].word),
            h('td', {}, this.texts.count(n)),
            h('td', {}, shares[i]),
          )
        : null,
    );
    return h('table', { class: 'legend compact' }, h('tbody', {}, ...rows));
  }

  /** What the cell is made of: its cells, or the buildings of a small one. */
  inside(thing) {
    if (thing.type !== 'cell') return null;
    const cells = thing.level < 4 ? thing.children : [];
    const members = new Set(thing.members);
    const parts = cells.length
      ? cells
      : this.town.buildings.filter((b) => b.cell && members.has(b.cell)).slice(0, 200);
    if (!parts.length) return null;
    const title = this.texts.t(cells.length ? 'inside_cells' : 'inside_buildings', {
      n: this.texts.count(cells.length || thing.buildings),
    });
    return h('div', { class: 'inside' }, h('h3', {}, title), ...parts.map((one) => this.part(one)));
  }

  part(one) {
    const button = h(
      'button',
      { type: 'button', class: 'part' },
      h('span', {}, one.name),
      h('span', { class: 'unit' }, this.inAll(one)),
      one.households ? shareBar(one.counts, this.edge, { width: 72, height: 8 }) : h('span', {}),
    );
    return press(button, () => {
      this.state.choose(one);
      this.flyTo(one);
    });
  }

  inAll(one) {
    const cell = one.type === 'cell' ? one : one.cell;
    if (cell && !cell.isCounted) return '–';
    const n = told(one.households, this.page, this.texts);
    return one.households || this.page.detail !== 'cells' ? this.texts.t('households_n', { n }) : n;
  }

  actions(thing) {
    const go = h('button', { type: 'button', class: 'go' }, this.texts.t('zoom_here'));
    const print = h('button', { type: 'button' }, this.texts.t('print'));
    const { cell, people } = this.page.links;
    const canOpen = cell && thing.type === 'cell' && thing !== this.town.asked && thing.sight !== UNSEEN;
    const open = canOpen
      ? h('a', { class: 'button', href: cell + encodeURIComponent(thing.code) }, this.texts.t('open_cell'))
      : null;
    const hasPeople = people && thing.type === 'building' && thing.households;
    const residents = hasPeople
      ? h('a', { class: 'button', href: people + encodeURIComponent(thing.code) }, this.texts.t('residents'))
      : null;
    return h(
      'div',
      { class: 'acts' },
      press(go, () => this.flyTo(thing)),
      open,
      residents,
      press(print, () => window.print()),
    );
  }

  async whoAnswers(thing, place) {
    const head = thing.type === 'building' && thing.head;
    if (head) put(place, this.title(), this.who.person({ name: thing.head, role: 'building_head' }));
    const address = this.question(thing);
    if (!address) return;
    const asking = new AbortController();
    this.asking = asking;
    const wait = setTimeout(() => put(place, this.title(), h('div', { class: 'wait' })), PATIENCE_MS);
    try {
      const answer = await getJson(address, { signal: asking.signal, lang: this.page.lang });
      put(place, this.title(), ...this.who.team(thing.type === 'cell' ? ofCell(answer, thing) : answer));
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      const said = this.texts.t('who_failed', { why: problem.message });
      put(place, this.title(), h('p', { class: 'hint' }, said));
    } finally {
      clearTimeout(wait);
    }
  }

  title() {
    return h('h3', {}, this.texts.t('who_answers'));
  }

  /** Whom to ask for: a building by its code, a small cell by its point; larger ones have nobody. */
  question(thing) {
    const { api } = this.page.links;
    if (!api) return null;
    if (isBuilding(thing)) return `${api}/locate?building=${encodeURIComponent(thing.code)}`;
    if (thing.level < 4) return null;
    const lon = longitude(thing.label[0]).toFixed(7);
    const lat = latitude(thing.label[1]).toFixed(7);
    return `${api}/locate?lon=${lon}&lat=${lat}`;
  }
}
