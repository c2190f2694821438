/** Households: searched by one value, or door by door; the file of one beside the list. */
import { Deed } from '../core/api.js';
import { besides } from '../shell/beside.js';
import { byId, h, press, put } from '../shell/dom.js';
import { List, openRow } from '../shell/list.js';
import { clear } from '../shell/notice.js';
import { api, bar, texts } from '../shell/session.js';
import { tabs } from '../shell/tabs.js';
import { HouseholdFile } from './file.js';
import { doorWord, headWord, marks, occupancyWord } from './words.js';

const MODES = { phone: 'tel', id_number: 'text', head_name: 'text' };

const body = byId('households').querySelector('tbody');
const list = new List({ body, more: byId('more'), said: byId('said'), path: '/households', row, empty, filled });
const beside = besides(body, () => list.items);
const file = new HouseholdFile({ place: byId('file'), ...beside });
const deed = new Deed();
const building = new URLSearchParams(window.location.search).get('building') || '';
let by = 'phone';

function row(one) {
  return openRow(
    [
      h('td', { class: 'name' }, h('bdi', {}, headWord(one)), marks(one).map((mark) => [' ', mark])),
      h('td', { class: 'phone end' }, h('bdi', {}, one.head_phone || '–')),
      h('td', { class: 'cut door whole' }, h('bdi', {}, doorWord(one))),
      h('td', { class: 'cut where' }, h('bdi', {}, one.cell_name || '–')),
      h('td', { class: 'end' }, occupancyWord(one)),
    ],
    () => file.open(one.id),
  );
}

function empty() {
  const key = byId('doors-view').hidden ? 'nothing' : 'none';
  return said(key);
}

function said(key) {
  return h('div', { class: 'nothing' }, h('h2', {}, texts.t(`people.${key}_title`)), h('p', {}, texts.t(`people.${key}`)));
}

function filled() {
  beside.mark(file.id);
}

function search() {
  const value = byId('asked').value.trim();
  byId('asked').focus();
  if (!value) return;
  const wish = { [by]: value };
  const key = deed.keyFor(wish);
  file.close();
  list.ask(() => api.post('/households/search', wish, { key, signal: list.asking.signal }), true);
}

function choose(name) {
  by = name;
  for (const button of document.querySelectorAll('[data-by]')) {
    button.setAttribute('aria-pressed', String(button.dataset.by === name));
  }
  const input = byId('asked');
  input.inputMode = MODES[name];
  input.setAttribute('aria-label', texts.t(`people.by_${name}`));
  put(byId('asked-hint'), texts.t(`people.hint_${name}`));
}

/** Nothing is listed before somebody asks: each list of people leaves a record. */
function shown(view) {
  file.close();
  if (view === 'doors') {
    loadDoors();
    return;
  }
  if (list.asking) list.asking.abort();
  list.items = [];
  put(body);
  byId('households').hidden = true;
  clear(byId('said'));
  put(byId('more'), said('start'));
}

function loadDoors() {
  list.load({ building, occupancy: byId('occupancy').value, limit: 50 });
}

async function sayWhere() {
  put(byId('where'), texts.t('people.own'));
  if (!building) return;
  const all = h('a', { class: 'plain', href: '/people#' }, texts.t('people.whole_area'));
  const name = await api.get(`/buildings/${encodeURIComponent(building)}`).then((one) => one.name, () => building);
  put(byId('where'), h('bdi', {}, texts.t('people.of_building', { name })), ' ', all);
}

function prepareSearch() {
  document.querySelectorAll('[data-by]').forEach((button) => {
    press(button, () => {
      choose(button.dataset.by);
      byId('asked').focus();
    });
  });
  byId('search-view').addEventListener('submit', (event) => {
    event.preventDefault();
    search();
  });
  choose(by);
}

function followHash() {
  const id = window.location.hash.slice(1);
  if (/^[0-9]{1,18}$/.test(id)) file.open(id);
  else file.close();
}

function start() {
  const { searches } = bar.facts;
  if (searches) {
    prepareSearch();
    tabs(['search', 'doors'], shown)(building ? 'doors' : 'search');
    if (!building && !window.location.hash) byId('asked').focus();
  } else loadDoors();
  sayWhere();
  byId('occupancy').addEventListener('change', loadDoors);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !document.querySelector('dialog')) file.close();
  });
  window.addEventListener('hashchange', followHash);
  followHash();
}

start();
