/** The left card: which area, how large its cells are (the legend is the count), what the lines mean. */
import { metresPerPixel } from '../core/grid.js';
import { byId, h, press, put, svg } from '../shell/dom.js';
import { boundsOf, classOf, markOf, ruleOf } from './sizes.js';

const WORDS = ['much_too_small', 'too_small', 'right', 'too_big', 'much_too_big'];
const WIDEST = 76;
const MOST_LEVELS = 3;

export class EditorLegend {
  constructor(desk) {
    this.desk = desk;
    this.texts = desk.texts;
    const { crumbs, cell } = desk.page;
    put(byId('crumbs'), crumbs.flatMap(([, name], i) => [i ? h('span', { 'aria-hidden': 'true' }, ' › ') : null, h('span', {}, name)]));
    put(byId('title'), cell.name);
    this.fill();
    desk.map.on('zoomend moveend', () => this.scale());
    this.scale();
  }

  fill() {
    const { desk, texts } = this;
    const shown = desk.shown();
    const households = shown.reduce((sum, one) => sum + (one.households || 0), 0);
    const asked = desk.town.asked;
    const held = [texts.t('editor.buildings_n', { n: texts.count(asked.buildings) }), texts.t('editor.moves_households', { n: texts.count(desk.model ? households : asked.households) })];
    put(byId('sum'), [this.counted(), held].map((facts) => h('span', {}, facts.map((fact) => fact.replace(/ /g, '\u00a0')).join(' · '))));
    this.levels();
    this.sizes(shown);
    this.signs();
  }

  /** 6 社区, 75 网格, 411 小组: how many cells of the finest levels, of a draft from how many. */
  counted() {
    const { desk, texts } = this;
    const { asked } = desk.town;
    const now = desk.model ? countsOf(desk.model.cells, asked, desk.town) : countsOf(asked.members, asked, desk.town);
    const before = desk.model && desk.published ? countsOf(desk.published.cells, asked, desk.town) : now;
    return [...now].sort(([one], [other]) => one - other).slice(-MOST_LEVELS).map(([level, n]) => {
      const said = texts.t(`editor.count_${level}`, { n: texts.count(n) });
      return before.get(level) === n ? said : texts.t('editor.count_from', { before: texts.count(before.get(level) || 0), counted: said });
    });
  }

  levels() {
    const { desk, texts } = this;
    const levels = desk.model ? desk.levels() : [];
    const place = byId('levels');
    place.hidden = levels.length < 2;
    put(place, levels.map((level) => press(
      h('button', { type: 'button', 'aria-pressed': String(level === desk.level) }, texts.level(level)),
      () => { desk.level = level; desk.tell('level'); },
    )));
  }

  sizes(shown) {
    const { desk, texts } = this;
    const rule = shown.length ? ruleOf(desk.plan, desk.level) : null;
    byId('sizes').hidden = !desk.model || !rule || Boolean(desk.past);
    if (!rule) return;
    const counts = [0, 0, 0, 0, 0];
    // Beside groups there may be cells that nobody has divided yet: they keep no rule.
    const measured = shown.filter((one) => one.level === desk.level);
    const lived = measured.filter((one) => one.households);
    for (const one of lived) counts[classOf(one.households, rule)] += 1;
    const bounds = boundsOf(rule);
    const colours = desk.page.palette.sizes;
    const { edge } = desk.page.palette.theme;
    const rows = WORDS.map((word, i) => h(
      'tr',
      { class: counts[i] ? null : 'none' },
      h('td', {}, svg('svg', { width: 22, height: 14, 'aria-hidden': 'true' }, svg('rect', { x: 0.5, y: 0.5, width: 21, height: 13, rx: 2, fill: colours[i], stroke: edge }))),
      h('th', { scope: 'row' }, `${texts.t(`editor.size_${word}`)} `, h('span', { class: i < 2 ? 'small' : 'big' }, markOf(i))),
      h('td', {}, bounds[i]),
      this.cells(counts[i]),
    ));
    const households = measured.reduce((sum, one) => sum + (one.households || 0), 0);
    const foot = h('tr', { class: 'total' }, h('td', {}), h('th', { scope: 'row' }, texts.t('editor.total')), h('td', {}, texts.t('editor.households_n', { n: texts.count(households) })), this.cells(measured.length));
    // Cells of nobody are in no class: a river bank is neither right nor too small.
    const empty = measured.length - lived.length;
    if (empty) rows.push(h('tr', { id: 'size-empty' }, h('td', {}), h('th', { scope: 'row' }, texts.t('editor.size_empty')), h('td', {}, '0'), this.cells(empty)));
    put(byId('size-table'), h('tbody', {}, rows), h('tfoot', {}, foot));
  }

  cells(n) {
    return h('td', {}, this.texts.count(n), h('span', { class: 'unit' }, ` ${this.texts.t('editor.cell_unit', { n })}`));
  }

  /** What lines and fields mean; of a draft also what is new and what was. */
  signs() {
    const { desk, texts } = this;
    const { theme } = desk.page.palette;
    const line = (colour, width, dash) => svg('path', { d: 'M0 6H26', stroke: colour, 'stroke-width': width, 'stroke-dasharray': dash || null });
    const area = svg('rect', { x: 0.5, y: 0.5, width: 25, height: 11, fill: theme.chosen_casing, 'fill-opacity': 0.3, stroke: theme.edge, 'stroke-width': 0.6 });
    const styles = desk.page.palette.outlines;
    const border = (level) => [line(theme.outline, styles[level].width, styles[level].dash.map((length) => length * 0.7).join(' ')), texts.level(level)];
    const signs = [
      ...desk.borderLevels().map(border),
      desk.model ? [line(theme.accent, 3), texts.t('editor.sign_hand')] : null,
      desk.published ? [line(theme.outline, 1.6, '4 5'), texts.t('editor.sign_before')] : null,
      desk.published ? [area, texts.t('editor.sign_changed')] : null,
    ];
    put(byId('keys'), signs.filter(Boolean).map(([sign, word]) => h('span', {}, svg('svg', { width: 26, height: 12, 'aria-hidden': 'true' }, sign), word)));
  }

  scale() {
    const { map } = this.desk;
    const perPixel = metresPerPixel(this.desk.town.asked.label[1], map.getZoom());
    const most = perPixel * WIDEST;
    const ten = 10 ** Math.floor(Math.log10(most));
    const metres = ten * [5, 2, 1].find((step) => step * ten <= most);
    byId('scale-line').style.width = `${(metres / perPixel).toFixed(1)}px`;
    put(byId('scale-text'), this.texts.t(metres >= 1000 ? 'editor.kilometres' : 'editor.metres', { n: metres >= 1000 ? metres / 1000 : metres }));
  }
}

/** How many cells an area has of each level, by its leaves. */
function countsOf(leaves, asked, town) {
  const found = new Map();
  const add = (level, code) => found.set(level, (found.get(level) || new Set()).add(code));
  for (const leaf of leaves) {
    const known = town.byCode.get(leaf.code);
    const level = leaf.level || (known && known.level) || 5;
    add(level, leaf.code);
    let above = town.byCode.get(parentOf(leaf) || parentOf(known));
    // A cell that the draft alone has is no cell of the town: its leaves are counted, it is not.
    for (; above && above !== asked; above = above.parent) add(above.level, above.code);
  }
  return new Map([...found].map(([level, codes]) => [level, codes.size]));
}

function parentOf(cell) {
  const parent = cell && cell.parent;
  return parent ? parent.code || parent : null;
}
