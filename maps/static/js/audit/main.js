/** The audit: what was done, by filter; one record beside it; unusual reads. */
import { besides } from '../shell/beside.js';
import { byId, h, press, put } from '../shell/dom.js';
import { List, openRow } from '../shell/list.js';
import { texts } from '../shell/session.js';
import { tabs } from '../shell/tabs.js';
import { showChain } from './chain.js';
import { exportDialog } from './export.js';
import { showFindings } from './findings.js';
import { RecordFile } from './record.js';
import { aboutWord, actionWord, outcomePill, reasonWord, whoParts } from './words.js';

const FIELDS = ['from', 'to', 'account', 'action', 'outcome', 'subject'];
const body = byId('records').querySelector('tbody');
const list = new List({
  body,
  more: byId('more'),
  said: byId('said'),
  path: '/audit/records',
  row,
  empty: () => h('div', { class: 'nothing' }, h('h2', {}, texts.t('audit.empty_title')), h('p', {}, texts.t('audit.empty'))),
});
const beside = besides(body, () => list.items, { remember });
const found = (id) => list.items.find((record) => record.id === id);
const file = new RecordFile({ place: byId('file'), ...beside, found, look });
const show = tabs(['records', 'findings'], shown);
// Not a field of its own: one comes here from a record.
let request = '';

function row(record) {
  return openRow(
    [
      h('td', { class: 'when' }, texts.exact(record.at)),
      h('td', { class: 'who end' }, whoParts(record)),
      h('td', { class: 'what' }, actionWord(record.action)),
      h('td', { class: 'about' }, about(record)),
      h('td', { class: 'cut reason' }, record.reason ? h('bdi', {}, reasonWord(record)) : null),
      h('td', { class: 'end' }, outcomePill(record.outcome)),
    ],
    () => file.open(record.id),
  );
}

/** What it was about, and where. */
function about(record) {
  const word = aboutWord(record);
  const where = record.area ? h('bdi', {}, record.area.name) : null;
  return [word, word && where ? ' · ' : null, where];
}

function values() {
  return Object.fromEntries(FIELDS.map((id) => [id, byId(id).value.trim()]));
}

/** The filter as the API wants it: a household is a kind of subject. */
function query() {
  const { subject, ...asked } = values();
  const about = subject ? { subject_kind: 'household', subject } : {};
  return { ...asked, ...about, request_id: request, limit: 50 };
}

function refresh() {
  const said = request
    ? texts.t('audit.asked_request', { request })
    : values().subject && texts.t('audit.asked_household', { id: values().subject });
  byId('asked').hidden = !said;
  put(byId('asked'), said || '');
  remember();
  list.load(query());
}

function remember() {
  const words = new URLSearchParams(Object.entries({ ...values(), request_id: request }).filter(([, value]) => value));
  const asked = String(words) ? `?${words}` : '';
  window.history.replaceState(null, '', window.location.pathname + asked);
}

/** Another question, from a record or a finding: what was asked before falls away. */
function look(wish) {
  file.close();
  for (const id of FIELDS) byId(id).value = wish[id] || '';
  request = wish.request_id || '';
  show('records');
  refresh();
}

function shown(view) {
  if (view === 'findings') {
    file.close();
    showFindings(look);
  }
}

function start() {
  const asked = new URLSearchParams(window.location.search);
  for (const id of FIELDS) byId(id).value = asked.get(id) || '';
  request = asked.get('request_id') || '';
  // Each question leaves a record itself: it is asked when a field is left, not at each letter.
  for (const id of FIELDS) {
    byId(id).addEventListener('change', () => {
      request = '';
      refresh();
    });
  }
  byId('filters').addEventListener('submit', (event) => {
    event.preventDefault();
    refresh();
  });
  press(byId('reset'), () => look({}));
  press(byId('unfold'), () => {
    const isOpen = byId('filters').classList.toggle('unfolded');
    byId('unfold').setAttribute('aria-expanded', String(isOpen));
  });
  press(byId('print'), () => window.print());
  press(byId('export'), () => exportDialog(query()));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !document.querySelector('dialog')) file.close();
  });
  showChain(byId('chain'));
  refresh();
}

start();
