/** Keys of another system: each for something, until some day; the secret is shown once. */
import { Deed } from '../core/api.js';
import { confirmed } from '../shell/dialog.js';
import { h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { showSecret } from '../shell/secret.js';
import { api, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { waiting } from '../shell/wait.js';
import { field } from './grant.js';
import { seenWord } from './state.js';

const DAYS = [30, 90, 180, 365];

export function keysPart(account, isOpen) {
  const part = h('div', {});
  const path = `/accounts/${encodeURIComponent(account.login)}/keys`;
  fill(part, path, isOpen);
  return part;
}

async function fill(part, path, isOpen) {
  const ready = waiting(part, 2);
  const said = noticePlace();
  const load = () => fill(part, path, isOpen);
  try {
    const { items } = await api.get(path);
    ready();
    const rows = items.map((key) => line(key, isOpen, said, load));
    const none = h('li', { class: 'second' }, texts.t('users.no_keys'));
    const add = h('button', { type: 'button', class: 'plain' }, texts.t('users.key_add'));
    put(
      part,
      h('h3', {}, texts.t('users.file_keys')),
      h('ul', { class: 'rows' }, rows.length ? rows : none),
      isOpen ? press(add, () => add.replaceWith(keyForm(path, load))) : null,
      said,
    );
  } catch (error) {
    ready();
    put(part, said);
    showError(said, error, load);
  }
}

function line(key, isOpen, said, load) {
  const used = key.last_used_at ? texts.t('users.key_used', { at: seenWord(key.last_used_at) }) : texts.t('users.never');
  const end = h('button', { type: 'button', class: 'plain' }, texts.t('users.end_grant'));
  end.setAttribute('aria-label', `${texts.t('users.end_grant')} ${key.name}`);
  return h(
    'li',
    {},
    h(
      'div',
      {},
      h('span', {}, h('bdi', {}, key.name), ' ', h('span', { class: 'mono sub' }, `${key.shown}…`)),
      h('small', {}, texts.t('users.key_until', { until: texts.day(key.expires_at), used })),
    ),
    isOpen && !key.ended_at ? press(end, () => endKey(key, said, load)) : null,
  );
}

async function endKey(key, said, load) {
  const { name } = key;
  const isSure = await confirmed({ title: texts.t('users.key_end_title', { name }), said: texts.t('users.key_end_said'), go: texts.t('users.end_grant') });
  if (!isSure) return;
  clear(said);
  try {
    await api.post(`/keys/${key.id}/end`);
    toast(texts.t('users.key_ended', { name }));
    load();
  } catch (error) {
    showError(said, error, () => endKey(key, said, load));
  }
}

function keyForm(path, load) {
  const name = h('input', { id: 'key-name', autocomplete: 'off', maxlength: 60, required: true });
  const options = DAYS.map((n) => h('option', { value: n, selected: n === 180 }, texts.t('users.key_days_n', { n })));
  const days = h('select', { id: 'key-days' }, options);
  const said = noticePlace();
  const go = h('button', { class: 'button go' }, texts.t('users.key_add'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const form = h(
    'form',
    { class: 'adding', 'data-keep': true },
    h('div', { class: 'pair' }, field('key-name', texts.t('users.key_name'), name), field('key-days', texts.t('users.key_days'), days)),
    said,
    h('div', { class: 'acts' }, press(no, load), go),
  );
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    go.disabled = true;
    try {
      const wish = { name: name.value.trim(), days: Number(days.value) };
      const made = await api.post(path, wish, { key: deed.keyFor(wish) });
      const title = texts.t('users.key_done', { name: wish.name });
      showSecret({ title, said: texts.t('users.key_said'), secret: made.secret, hint: texts.t('users.once'), closed: load });
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
      go.disabled = false;
    }
  });
  return form;
}
