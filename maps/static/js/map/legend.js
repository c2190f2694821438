/** The left card: where I am, figures, the bar, and the legend that is the table of counts. */
import { IN_PART } from '../core/coverage.js';
import { percents, sum } from '../core/shares.js';
import { byId, h, press, put } from '../shell/dom.js';
import { shareBar, swatch } from './sharebar.js';

export class Legend {
  constructor(page, town, state, texts) {
    Object.assign(this, { page, town, state, texts });
    this.edge = page.palette.theme.edge;
    this.rows = [];
    state.onChange((what) => what === 'filter' && this.mark());
  }

  fill() {
    const { asked } = this.town;
    put(byId('crumbs'), crumbs(this.page.crumbs, this.page.links));
    put(byId('title'), asked.name);
    put(byId('figures'), figures(asked, this.page, this.texts));
    byId('figures').classList.add(sizeOf(asked, this.texts));
    put(byId('bar'), asked.households ? shareBar(asked.counts, this.edge) : null);
    put(byId('legend'), this.table(asked.counts));
    put(byId('hint'), this.hint());
    this.empty();
  }

  table(counts) {
    const shares = percents(counts);
    this.rows = this.page.kinds.map((kind, i) => {
      const button = h('button', { type: 'button', 'aria-pressed': 'false' }, kind.word);
      press(button, (event) => {
        event.stopPropagation();
        this.state.pick(i);
      });
      const row = h(
        'tr',
        {},
        h('td', {}, swatch(i, this.edge)),
        h('th', { scope: 'row' }, button),
        h('td', {}, told(counts[i], this.page, this.texts)),
        h('td', {}, this.page.detail === 'cells' && !counts[i] ? '' : shares[i]),
      );
      return press(row, () => this.state.pick(i));
    });
    const total = sum(counts);
    const foot = h(
      'tr',
      { class: 'total' },
      h('td', {}),
      h('th', { scope: 'row' }, this.texts.t('total')),
      h('td', {}, this.texts.count(total)),
      h('td', {}, total ? '100.0%' : '–'),
    );
    return [h('tbody', {}, ...this.rows), h('tfoot', {}, foot)];
  }

  mark() {
    this.rows.forEach((row, i) => {
      const isPicked = this.state.filter === i;
      row.classList.toggle('picked', isPicked);
      row.querySelector('button').setAttribute('aria-pressed', String(isPicked));
    });
    byId('legend').classList.toggle('filtered', this.state.filter !== null);
  }

  hint() {
    const { detail, hidden_buildings: hidden } = this.page;
    if (detail === 'too_many') {
      return this.texts.t('too_many_buildings', { n: this.texts.count(hidden) });
    }
    if (detail === 'cells') return this.texts.t('hint_public');
    const own = this.town.asked.sight === IN_PART ? 'hint_own_part' : 'hint';
    return this.texts.t(own);
  }

  /** Nothing to show: what would be here, why it is not, and the one thing to do. */
  empty() {
    if (this.page.detail !== 'buildings') return;
    const key = !this.town.buildings.length
      ? 'empty_buildings'
      : !this.town.asked.households && 'empty_households';
    if (!key) return;
    byId('empty').hidden = false;
    put(
      byId('empty'),
      h('h2', {}, this.texts.t(`${key}_title`)),
      h('p', {}, this.texts.t(key)),
      h('code', {}, this.texts.t(`${key}_command`)),
    );
    byId('hint').hidden = true;
  }
}

/** A count, or that it is not told: the public map has no number that would name few people. */
export function told(count, page, texts) {
  return page.detail === 'cells' && !count ? texts.t('not_told') : texts.count(count);
}

/** Ancestors, as ways up where the page can go there. */
export function crumbs(chain, links) {
  return chain.flatMap(([code, name, leads], i) => [
    i ? h('span', { 'aria-hidden': 'true' }, ' › ') : null,
    links.cell && leads ? h('a', { href: links.cell + encodeURIComponent(code) }, name) : h('span', {}, name),
  ]);
}

export function figures(thing, page, texts) {
  const all = [
    [thing.type === 'cell' ? thing.buildings : null, 'buildings'],
    [thing.households, 'households'],
    [thing.persons, 'persons'],
  ];
  return all
    .filter(([value]) => value !== null)
    .map(([value, key]) => h('div', {}, h('b', {}, key === 'buildings' ? texts.count(value) : told(value, page, texts)), h('span', {}, texts.t(key))));
}

/** Large towns have long figures: all three stay on one line. */
function sizeOf(cell, texts) {
  const figures = [cell.buildings, cell.households, cell.persons];
  const letters = figures.reduce((n, figure) => n + texts.count(figure).length, 0);
  if (letters <= 15) return 'short';
  return letters <= 20 ? 'long' : 'longest';
}
