/** Leaves: who is away now and soon, and who stands in; entered, ended and undone in one press. */
import { byId, h, press } from '../shell/dom.js';
import { List } from '../shell/list.js';
import { clear, showError } from '../shell/notice.js';
import { api, bar, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { addDialog } from './add.js';

const PATH = '/leaves';
const { writes } = bar.facts;
const body = byId('leaves').querySelector('tbody');
const list = new List({ body, more: byId('more'), said: byId('said'), path: PATH, row, empty });

function row(one) {
  return h(
    'tr',
    {},
    h('td', { class: 'cut name' }, named(one.worker)),
    h('td', { class: 'end' }, h('span', { class: one.away ? 'pill soon' : 'pill' }, texts.t(one.away ? 'leaves.away' : 'leaves.soon'))),
    h('td', { class: 'time' }, told('from'), texts.moment(one.begins_at)),
    h('td', { class: 'time' }, told('until'), one.ends_at ? texts.moment(one.ends_at) : texts.t('leaves.open')),
    h('td', { class: 'cut' }, told('substitute'), one.substitute ? named(one.substitute) : texts.t('leaves.nobody')),
    writes ? h('td', { class: 'end' }, ending(one)) : null,
  );
}

/** The word of a column where the list has no columns. */
function told(key) {
  return h('span', { class: 'told' }, `${texts.t(`leaves.${key}`)} `);
}

function named(worker) {
  return h('span', {}, h('bdi', {}, worker.name), h('small', {}, worker.code));
}

function ending(one) {
  const deed = texts.t(one.away ? 'leaves.end' : 'leaves.cancel');
  const label = texts.t('leaves.end_of', { name: one.worker.name, deed });
  const button = h('button', { type: 'button', class: 'button', 'aria-label': label }, deed);
  return press(button, () => { button.disabled = true; end(one); });
}

function empty() {
  return h('div', { class: 'nothing' }, h('h2', {}, texts.t('leaves.empty_title')), h('p', {}, texts.t('leaves.empty')));
}

function load() {
  return list.load({ limit: 100 });
}

async function end(one, { isUndo = false } = {}) {
  const key = one.away ? 'leaves.ended' : 'leaves.called_off';
  await tried(async () => {
    await api.post(`${PATH}/${one.id}/end`);
    toast(texts.t(key, { name: one.worker.name }), isUndo ? null : () => again(one));
  }, () => end(one, { isUndo }));
}

/** Enters once more what was ended: what was begun goes on from now. */
function again(one) {
  const wish = { worker: one.worker.code, substitute: one.substitute && one.substitute.code, ends: one.ends_at };
  if (!one.away) wish.begins = one.begins_at;
  return add(wish);
}

async function add(wish) {
  await tried(async () => added(await api.post(PATH, wish)), () => add(wish));
}

function added(made) {
  toast(texts.t('leaves.added', { name: made.worker.name }), () => end(made, { isUndo: true }));
}

/** What goes wrong is said below the list, which then shows what holds. */
async function tried(action, retry) {
  clear(byId('said'));
  try {
    await action();
    await load();
  } catch (error) {
    await load();
    showError(byId('said'), error, retry);
  }
}

if (writes) press(byId('add'), () => addDialog((made) => { added(made); load(); }));
load();
