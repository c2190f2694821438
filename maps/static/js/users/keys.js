/** Keys of another system: each for something, until some day; the secret is shown once. */
import { Deed } from '../core/api.js';
import { Problem } from '../core/net.js';
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
  const part = h('div', { class: 'keys' });
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
      isOpen ? press(add, () => openForm(add, path, load, said)) : null,
      said,
    );
  } catch (error) {
    ready();
    put(part, said);
    showError(said, error, load);
  }
}

/** What a key may be cut to is what the role of systems may do; without that there is no form. */
async function openForm(add, path, load, said) {
  clear(said);
  add.disabled = true;
  try {
    const { items } = await api.get('/roles');
    const { permissions } = items.find((one) => one.role === 'system_client');
    const form = keyForm(path, load, permissions);
    add.replaceWith(form);
    form.querySelector('input').focus();
  } catch (error) {
    add.disabled = false;
    showError(said, error, () => openForm(add, path, load, said));
  }
}

/** Until when it is good; of one that has ended or run out, since when it is not. */
function standing(key, used) {
  if (key.ended_at) return texts.t('users.key_over', { at: texts.day(key.ended_at), used });
  const until = texts.day(key.expires_at);
  const isOver = new Date(key.expires_at) <= new Date();
  return texts.t(isOver ? 'users.key_expired' : 'users.key_until', { until, used });
}

/** What it opens: all that its account may, or what it is cut to. */
function opensWord(key) {
  if (!key.permissions) return texts.t('users.key_all');
  return texts.t('users.key_cut', { what: key.permissions.map((one) => texts.word(`permissions.${one}`, one)).join(texts.t('bar.list_comma')) });
}

function line(key, isOpen, said, load) {
  const isGone = Boolean(key.ended_at) || new Date(key.expires_at) <= new Date();
  const used = key.last_used_at ? texts.t('users.key_used', { at: seenWord(key.last_used_at) }) : texts.t('users.never');
  const end = h('button', { type: 'button', class: 'plain' }, texts.t('users.end_grant'));
  end.setAttribute('aria-label', `${texts.t('users.end_grant')} ${key.name}`);
  return h(
    'li',
    { class: isGone ? 'gone' : null },
    h(
      'div',
      {},
      h('span', {}, h('bdi', {}, key.name), ' ', h('span', { class: 'mono sub' }, `${key.shown}…`)),
      h('small', {}, standing(key, used)),
      h('small', {}, opensWord(key)),
    ),
    isGone ? h('span', { class: 'pill off' }, texts.t('users.key_gone')) : null,
    isOpen && !isGone ? press(end, () => endKey(key, said, load)) : null,
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

function keyForm(path, load, permissions) {
  const name = h('input', { id: 'key-name', autocomplete: 'off', maxlength: 60, required: true });
  const options = DAYS.map((n) => h('option', { value: n, selected: n === 180 }, texts.t('users.key_days_n', { n })));
  const days = h('select', { id: 'key-days' }, options);
  const boxes = permissions.map((one) => h('input', { type: 'checkbox', value: one, checked: true }));
  const cut = h(
    'fieldset',
    { class: 'cut-to' },
    h('legend', { class: 'label' }, texts.t('users.key_opens')),
    boxes.map((box) => h('label', { class: 'check' }, box, texts.word(`permissions.${box.value}`, box.value))),
  );
  const said = noticePlace();
  const go = h('button', { class: 'button go' }, texts.t('users.key_add'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const form = h(
    'form',
    { class: 'adding asking', 'data-keep': true },
    h('div', { class: 'pair' }, field('key-name', texts.t('users.key_name'), name), field('key-days', texts.t('users.key_days'), days)),
    cut,
    said,
    h('div', { class: 'acts' }, press(no, load), go),
  );
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    go.disabled = true;
    try {
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      if (!chosen.length) throw new Problem(400, { detail: texts.t('users.key_nothing') });
      // With all of them it may what its account may, also what the role gains later.
      const permitted = chosen.length < boxes.length ? { permissions: chosen } : {};
      const wish = { name: name.value.trim(), days: Number(days.value), ...permitted };
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
