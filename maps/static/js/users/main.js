/** People and roles: the list, the file of one account beside it, what roles may do. */
import { besides } from '../shell/beside.js';
import { byId, h, press, put } from '../shell/dom.js';
import { List, openRow } from '../shell/list.js';
import { areaWord, roleWord } from '../shell/roles.js';
import { bar, texts } from '../shell/session.js';
import { tabs } from '../shell/tabs.js';
import { addDialog } from './add.js';
import { AccountFile } from './file.js';
import { showMatrix } from './matrix.js';
import { seenWord, statePill } from './state.js';

const body = byId('people').querySelector('tbody');
const list = new List({ body, more: byId('more'), said: byId('said'), path: '/accounts', row, empty, filled });
const beside = besides(body, () => list.items, { idOf: (account) => account.login, remember });
const file = new AccountFile({ place: byId('file'), ...beside, changed });
const show = tabs(['people', 'roles'], shown);

function row(account) {
  const roles = account.roles.length
    ? account.roles.flatMap((grant, i) => [i ? texts.t('bar.list_comma') : null, `${roleWord(grant.role)} · `, h('bdi', {}, areaWord(grant))])
    : [texts.t('users.no_role')];
  return openRow(
    [
      h('td', { class: 'cut name' }, h('bdi', {}, account.name)),
      h('td', { class: 'login end' }, h('bdi', {}, account.login)),
      h('td', { class: 'cut roles whole' }, roles),
      h('td', { class: 'seen' }, seenWord(account.seen_at)),
      h('td', { class: 'end' }, statePill(account)),
    ],
    () => file.open(account.login),
  );
}

function empty(query) {
  const key = query.q || query.state ? 'nothing' : 'empty';
  return h('div', { class: 'nothing' }, h('h2', {}, texts.t(`users.${key}_title`)), h('p', {}, texts.t(`users.${key}`)));
}

function filled() {
  beside.mark(file.id);
}

function query() {
  return { q: byId('q').value.trim(), state: byId('state').value, limit: 50 };
}

/** The address says what is seen, so that it can be sent and come back to. */
function remember() {
  const { q, state } = query();
  const words = new URLSearchParams(Object.entries({ q, state }).filter(([, value]) => value));
  const asked = String(words) ? `?${words}` : '';
  const hash = file.id ? `#${encodeURIComponent(file.id)}` : '';
  window.history.replaceState(null, '', window.location.pathname + asked + hash);
}

/** The file has changed its account: the row says so too, without losing the place. */
function changed(account) {
  const at = list.items.findIndex((one) => one.login === account.login);
  if (at < 0) return;
  list.items[at] = account;
  body.children[at].replaceWith(row(account));
  beside.mark(account.login);
}

function shown(view) {
  byId('q').parentElement.hidden = view !== 'people';
  byId('state').hidden = view !== 'people';
  if (byId('add')) byId('add').hidden = view !== 'people';
  if (view === 'roles') {
    file.close();
    showMatrix(byId('roles-view'));
  }
}

function start() {
  const asked = new URLSearchParams(window.location.search);
  byId('q').value = asked.get('q') || '';
  byId('state').value = asked.get('state') || '';
  byId('q').addEventListener('input', () => { list.soon(query()); remember(); });
  byId('state').addEventListener('change', () => { list.load(query()); remember(); });
  show('people');
  if (bar.facts.writes) press(byId('add'), () => addDialog((login) => { list.load(query()); file.open(login); }));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !document.querySelector('dialog')) file.close();
  });
  list.load(query());
  put(byId('file'));
  window.addEventListener('hashchange', followHash);
  followHash();
}

function followHash() {
  const login = decoded(window.location.hash.slice(1));
  if (login) file.open(login);
  else file.close();
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

start();
