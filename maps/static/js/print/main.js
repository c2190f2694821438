/** The file of a person: a reason first, then the sheet; nothing of it is kept by the page. */
import { Deed } from '../core/api.js';
import { byId, h, press, put } from '../shell/dom.js';
import { clear, showError } from '../shell/notice.js';
import { api, bar, texts } from '../shell/session.js';
import { headingOf, sheetOf } from './sheet.js';

const path = `/households/${encodeURIComponent(bar.facts.id)}`;

/** So that nobody prints the neighbour's: where it is, and the name masked. */
async function sayWhich() {
  try {
    const one = await api.get(path);
    const facts = { id: one.id, building: one.building_name, stairwell: one.stairwell, number: one.number, name: one.head_name || '–' };
    put(byId('which'), h('bdi', {}, texts.t('print.which_is', facts)));
  } catch (error) {
    showError(byId('said'), error, sayWhich);
    byId('go').disabled = error.status === 404;
  }
}

function section({ title, heads, rows, empty }) {
  const said = (value) => h('bdi', {}, value);
  let content = h('dl', {}, rows.flatMap(([word, value]) => [h('dt', {}, word), h('dd', {}, said(value))]));
  if (heads) {
    const lines = rows.map((row) => h('tr', {}, row.map((cell, i) => h('td', { 'data-head': heads[i] }, said(cell)))));
    const head = h('thead', {}, h('tr', {}, heads.map((word) => h('th', { scope: 'col' }, word))));
    content = rows.length ? h('table', {}, head, h('tbody', {}, lines)) : h('p', {}, empty);
  }
  return h('section', {}, h('h2', {}, title), content);
}

function show(file) {
  const t = (key) => texts.t(`print.${key}`);
  put(
    byId('sheet'),
    h('header', {}, h('h1', {}, t('title')), h('p', {}, headingOf(file))),
    sheetOf(file, bar.facts.kinds).map(section),
    h('section', {}, h('h2', {}, t('rights')), h('p', {}, t('rights_said'))),
    h('footer', {}, ['clerk', 'signed', 'on'].map((key) => h('p', {}, t(key)))),
    bar.facts.demo ? h('p', { class: 'demo' }, texts.t('demo')) : null,
  );
  byId('ask').hidden = true;
  byId('acts').hidden = false;
  byId('sheet').hidden = false;
  byId('sheet').focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function start() {
  const deed = new Deed();
  const said = byId('said');
  byId('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    byId('go').disabled = true;
    try {
      const wish = { reason: byId('reason').value.trim() };
      show(await api.post(`${path}/print`, wish, { key: deed.keyFor(wish) }));
      byId('reason').value = '';
    } catch (error) {
      showError(said, error, () => byId('form').requestSubmit());
    } finally {
      byId('go').disabled = false;
    }
  });
  press(byId('print'), () => window.print());
  sayWhich();
}

start();
