/** Nicknames of the own areas: searched for, followed to their place, ended and undone in one press. */
import { byId, h, press } from '../shell/dom.js';
import { List } from '../shell/list.js';
import { clear, showError } from '../shell/notice.js';
import { api, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { whoWord } from '../shell/who.js';

const PATH = '/addresses/nicknames';
const search = byId('search');
const body = byId('names').querySelector('tbody');
const list = new List({ body, more: byId('more'), said: byId('said'), path: PATH, row, empty });

function row(one) {
  return h(
    'tr',
    {},
    h('td', { class: 'cut name' }, h('bdi', {}, one.name)),
    h('td', { class: 'cut whole' }, meant(one)),
    h('td', { class: 'cut' }, told('by'), whoWord(one.added_by)),
    h('td', { class: 'time' }, told('at'), texts.moment(one.added_at)),
    h('td', { class: 'end' }, ending(one)),
  );
}

/** The word of a column where the list has no columns. */
function told(key) {
  return h('span', { class: 'told' }, `${texts.t(`names.${key}`)} `);
}

/** A building leads to its card on the map. */
function meant(one) {
  const stairwell = one.stairwell ? h('small', {}, texts.t('names.stairwell', { n: one.stairwell })) : null;
  const word = one.address || one.building || one.estate || `${one.lon}, ${one.lat}`;
  const place = one.building
    ? h('a', { class: 'plain', href: `/#${encodeURIComponent(one.building)}` }, word)
    : h('bdi', {}, word);
  return [place, stairwell];
}

function ending(one) {
  const label = texts.t('names.end', { name: one.name });
  const button = h('button', { type: 'button', class: 'button', 'aria-label': label }, texts.t('names.stop'));
  return press(button, () => { button.disabled = true; end(one); });
}

function empty({ q }) {
  const key = q ? 'nothing' : 'empty';
  return h('div', { class: 'nothing' }, h('h2', {}, texts.t(`names.${key}_title`)), h('p', {}, texts.t(`names.${key}`)));
}

function query() {
  return { q: search.value.trim(), limit: 100 };
}

async function end(one, { isUndo = false } = {}) {
  await tried(async () => {
    await api.post(`${PATH}/${one.id}/end`);
    toast(texts.t('names.ended', { name: one.name }), isUndo ? null : () => again(one));
  }, () => end(one, { isUndo }));
}

/** Adds once more what was ended. */
async function again(one) {
  const { name, building, stairwell, estate, lon, lat } = one;
  const place = building ? { building, stairwell } : estate ? { estate } : { lon, lat };
  await tried(async () => {
    const made = await api.post(PATH, { name, ...place });
    toast(texts.t('names.added', { name }), () => end(made, { isUndo: true }));
  }, () => again(one));
}

/** What goes wrong is said below the list, which then shows what holds. */
async function tried(action, retry) {
  clear(byId('said'));
  try {
    await action();
    await list.load(query());
  } catch (error) {
    await list.load(query());
    showError(byId('said'), error, retry);
  }
}

search.addEventListener('input', () => list.soon(query()));
list.load(query());
