/** Signing in: by login and password, in a demo by one press; then on to where one wanted to go. */
import { Deed } from '../core/api.js';
import { Problem } from '../core/net.js';
import { byId, h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { rulesList, showable, watchRules } from '../shell/password.js';
import { api, bar, texts } from '../shell/session.js';

const TRIES = 5;
const PAUSE_MIN = 15;
const wrongs = new Map();

async function signIn(login, password) {
  const wrong = byId('wrong');
  clear(wrong);
  byId('go').disabled = true;
  try {
    const made = await api.post('/sign-ins', { login, password, kind: 'page' });
    api.csrf.token = made.csrf;
    if (made.account.must_change) changeFirst(made.account.login, password);
    else goOn();
  } catch (error) {
    showError(wrong, counted(login, error), () => signIn(login, password));
    byId('password').select();
  } finally {
    if (byId('go')) byId('go').disabled = false;
  }
}

/** The server tells nobody whether a login exists; how often it was wrong here, this page knows. */
function counted(login, error) {
  if (!(error instanceof Problem) || error.code !== 'sign_in_refused') return error;
  const name = login.trim().toLowerCase();
  const times = (wrongs.get(name) || 0) + 1;
  wrongs.set(name, times);
  const key = times < TRIES ? 'login.wrong' : 'login.locked';
  const n = times < TRIES ? TRIES - times : TRIES;
  return new Problem(error.status, { detail: texts.t(key, { n, minutes: PAUSE_MIN }) });
}

function goOn() {
  put(byId('go') || byId('change-go'), texts.t('login.going'));
  window.location.assign(bar.facts.next);
}

/** The password was given by an administrator: nothing else opens before it is changed. */
function changeFirst(login, old) {
  const fields = [
    field('old', 'current-password', texts.t('password.old')),
    field('new', 'new-password', texts.t('password.new')),
    field('same', 'new-password', texts.t('password.again')),
  ];
  const rules = rulesList();
  const said = noticePlace();
  const go = h('button', { class: 'button go', id: 'change-go' }, texts.t('password.change'));
  const user = h('input', { type: 'text', name: 'username', autocomplete: 'username', value: login, hidden: true });
  const form = h('form', { class: 'fields', id: 'change', method: 'post', action: '/login' }, user, ...fields, rules, said, go);
  const card = document.querySelector('.sign-in');
  put(
    card,
    h('h1', {}, texts.t('login.change_title')),
    h('p', { class: 'sub' }, texts.t('login.change_sub')),
    form,
  );
  const demo = byId('demo');
  if (demo) demo.remove();
  document.querySelector('.door').classList.remove('with-demo');
  ['old', 'new', 'same'].forEach((id) => showable(byId(id)));
  byId('old').value = old;
  byId(old ? 'new' : 'old').focus();
  const isReady = watchRules(rules, byId('new'), byId('same'), login);
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!isReady()) {
      showError(said, new Problem(400, { detail: texts.t('password.not_yet') }));
      return;
    }
    go.disabled = true;
    try {
      const wish = { old: byId('old').value, new: byId('new').value };
      await api.post('/me/password', wish, { key: deed.keyFor(wish) });
      goOn();
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
      go.disabled = false;
    }
  });
}

function field(id, autocomplete, label) {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    h('input', { id, type: 'password', autocomplete, maxlength: 200, required: true }),
  );
}

function start() {
  if (bar.facts.must_change) {
    changeFirst(bar.login || bar.facts.login, '');
    return;
  }
  const form = byId('form');
  if (!form) return;
  showable(byId('password'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [login, password] = [byId('login').value, byId('password').value];
    if (login && password) signIn(login, password);
    else {
      showError(byId('wrong'), new Problem(400, { detail: texts.t('login.both_needed') }));
      byId(login ? 'password' : 'login').focus();
    }
  });
  document.querySelectorAll('[data-login]').forEach((button) => {
    press(button, () => {
      byId('login').value = button.dataset.login;
      byId('password').value = bar.facts.demo_password;
      signIn(button.dataset.login, bar.facts.demo_password);
    });
  });
}

start();
