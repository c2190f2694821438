/** What a plan moves, in the panel: how much in all, each cell whose count changes, whose load. */
import { h, svg } from '../shell/dom.js';
import { texts } from '../shell/session.js';
import { areaSaid } from './rim.js';

const MOST_CELLS = 8;
const MOST_WORKERS = 6;

/** The section of it; null while the server has not said it. */
export function impactOf(desk, nameOf) {
  const { impact } = desk;
  if (!impact) return null;
  if (impact.known === false) return h('section', { class: 'impact' }, h('h3', {}, texts.t('editor.impact_done')), h('p', { class: 'second' }, texts.t('editor.impact_unknown')));
  const [title, was, is] = desk.plan.state === 'published' ? ['impact_done', 'before', 'after'] : ['impact', 'now', 'draft'];
  const moved = movedOf(desk);
  const counts = moved.filter((one) => one.before !== one.after);
  const still = moved.filter((one) => one.before === one.after);
  const loads = (impact.workers || []).filter((one) => one.before !== one.after).slice(0, MOST_WORKERS);
  const shown = counts.slice(0, MOST_CELLS);
  const most = Math.max(1, ...shown.flatMap((one) => [one.before || 0, one.after || 0]));
  const heavy = Math.max(1, ...loads.flatMap((one) => [one.before || 0, one.after || 0]));
  const more = counts.length - shown.length;
  return h(
    'section',
    { class: 'impact' },
    h('h3', {}, texts.t(`editor.${title}`), h('small', { class: 'scale' }, h('i', { class: 'was' }), texts.t(`editor.${was}`), h('i', { class: 'is' }), texts.t(`editor.${is}`))),
    h('p', { class: 'imp' }, movesOf(desk)),
    desk.gained ? h('p', { class: 'second' }, texts.t('editor.rim_warns')) : null,
    shown.length ? h('div', { class: 'bars' }, shown.flatMap((one) => barOf(nameOf(one.code), one, most))) : null,
    more > 0 ? h('p', { class: 'second' }, texts.t('editor.moves_more', { n: more })) : null,
    still.length ? h('p', { class: 'second still' }, texts.t('editor.moves_borders', { cells: named(still, nameOf) })) : null,
    loads.length ? h('div', { class: 'bars loads' }, loads.flatMap((one) => barOf(one.name, one, heavy))) : null,
  );
}

/** 3 格、126 户、4 件未结 */
export function movesOf(desk) {
  const { impact, gained } = desk;
  if (!impact || impact.known === false) return '';
  const counted = { ...impact, cells: movedOf(desk).length };
  const parts = ['cells', 'households', 'incidents'].filter((key) => counted[key]).map((key) => texts.t(`editor.moves_${key}`, { n: texts.count(counted[key]) }));
  if (gained) parts.push(texts.t(gained > 0 ? 'editor.rim_gains' : 'editor.rim_loses', { area: areaSaid(gained, texts) }));
  if (parts.length) return parts.join(texts.t('bar.list_comma'));
  const { size } = desk.changed;
  return size ? texts.t('editor.moves_parents', { n: size }) : texts.t('editor.moves_nothing');
}

/** Cells that come, go, or change their shape or their count: all that are told of, no others. */
function movedOf({ impact, changed }) {
  return impact.counts.filter(({ code, before, after }) => before !== after || changed.has(code));
}

function named(cells, nameOf) {
  const names = cells.slice(0, MOST_CELLS).map((one) => nameOf(one.code)).join(texts.t('bar.list_comma'));
  const more = cells.length - MOST_CELLS;
  return more > 0 ? [names, texts.t('editor.moves_more', { n: more })].join(texts.t('editor.comma')) : names;
}

function barOf(name, { before, after }, most) {
  const width = (n) => ((n || 0) / most) * 120;
  const strip = svg(
    'svg',
    { viewBox: '0 0 120 16', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'was', y: 2, width: width(before), height: 5 }),
    svg('rect', { class: 'is', y: 9, width: width(after), height: 5 }),
  );
  const said = h('span', { class: 'n' }, h('span', { class: 'unit' }, `${before === null || before === undefined ? '–' : texts.count(before)} → `), h('b', {}, after === null || after === undefined ? '–' : texts.count(after)));
  return [h('bdi', {}, name), strip, said];
}
