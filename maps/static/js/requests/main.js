/** Data requests: what is late first, one beside the list, a new one, an answer. */
import { besides } from '../shell/beside.js';
import { byId, h, press, put } from '../shell/dom.js';
import { List, openRow } from '../shell/list.js';
import { api, texts } from '../shell/session.js';
import { whoWord } from '../shell/who.js';
import { addRequest } from './add.js';
import { RequestFile } from './file.js';
import { duePill, kindWord } from './words.js';

const MOST = 200;

const body = byId('requests').querySelector('tbody');
const list = new List({ body, more: byId('more'), said: byId('said'), path: '/data-requests', row, empty, filled });
const beside = besides(body, () => list.items);
const file = new RequestFile({ place: byId('file'), ...beside, changed: load });
const household = asked('household');
let state = 'open';

/** A number in the address; anything else is nobody's. */
function asked(name) {
  const value = new URLSearchParams(window.location.search).get(name) || '';
  return /^[0-9]{1,18}$/.test(value) ? value : '';
}

function row(request) {
  return openRow(
    [
      h('td', { class: 'kind' }, kindWord(request)),
      h('td', { class: 'whose end' }, texts.t('people.number', { id: request.household_id })),
      h('td', { class: 'cut where' }, h('bdi', {}, request.cell_name || '–')),
      h('td', { class: 'when end' }, texts.day(request.received_at)),
      h('td', { class: 'by' }, h('bdi', { title: request.recorded_by }, request.recorded_name || whoWord(request.recorded_by))),
      h('td', { class: 'end due' }, duePill(request)),
    ],
    () => file.open(request.id),
  );
}

function empty() {
  const isPlain = state === 'open' && !byId('kind').value && !household;
  const key = isPlain ? 'empty_open' : 'empty';
  return h('div', { class: 'nothing' }, h('h2', {}, texts.t(`requests.${key}_title`)), h('p', {}, texts.t(`requests.${key}`)));
}

function filled() {
  beside.mark(file.id);
}

function load() {
  const kind = byId('kind').value;
  list.query = {};
  return list.ask(() => (household ? ofHousehold(kind) : ofState(kind)), true);
}

function ofHousehold(kind) {
  return get({ household, kind });
}

/** What is late is asked for first; then what is open, by its last day, or answered, newest first. */
async function ofState(kind) {
  if (state !== 'open') {
    const page = await get({ state, kind });
    return { ...page, items: page.items.sort((a, b) => b.decided_at.localeCompare(a.decided_at)) };
  }
  const late = await get({ overdue: true, kind });
  const open = await get({ state, kind });
  const items = new Map([...late.items, ...open.items].map((one) => [one.id, one]));
  return { items: [...items.values()].sort(byDay), next: open.next };
}

function byDay(one, other) {
  return one.due_on.localeCompare(other.due_on) || Number(one.id) - Number(other.id);
}

function get(query) {
  return api.get('/data-requests', { ...query, limit: MOST }, { signal: list.asking.signal });
}

function choose(wanted) {
  state = wanted;
  for (const button of document.querySelectorAll('[data-state]')) {
    button.setAttribute('aria-pressed', String(button.dataset.state === wanted));
  }
  file.close();
  load();
}

function sayWhose() {
  if (!household) return;
  const all = h('a', { class: 'plain', href: '/data-requests' }, texts.t('requests.all_open'));
  put(byId('asked'), texts.t('requests.of_household', { id: household }), ' ', all);
  byId('asked').hidden = false;
  document.querySelector('.head-row .seg').hidden = true;
}

function followHash() {
  const id = window.location.hash.slice(1);
  if (/^[0-9]{1,18}$/.test(id)) file.open(id);
  else file.close();
}

function start() {
  document.querySelectorAll('[data-state]').forEach((button) => press(button, () => choose(button.dataset.state)));
  byId('kind').addEventListener('change', () => load());
  press(byId('add'), () => addRequest({
    added: (made) => {
      load();
      file.open(made.id);
    },
  }));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !document.querySelector('dialog')) file.close();
  });
  sayWhose();
  load();
  window.addEventListener('hashchange', followHash);
  followHash();
}

start();
