/** My account: roles in words, sign-ins that can be ended, a new password, larger type. */
import { Deed } from '../core/api.js';
import { deviceOf } from '../core/device.js';
import { Problem } from '../core/net.js';
import { byId, h, press, put } from '../shell/dom.js';
import { clear, showDone, showError } from '../shell/notice.js';
import { rulesList, showable, watchRules } from '../shell/password.js';
import { grantLine } from '../shell/roles.js';
import { api, bar, texts } from '../shell/session.js';
import { waiting } from '../shell/wait.js';

const YEAR_S = 31536000;

async function fillRoles() {
  const place = byId('roles');
  const ready = waiting(place, 2);
  try {
    const me = await api.get('/me');
    ready();
    const lines = me.roles.map((grant) => h('li', {}, grantLine(grant)));
    put(place, lines.length ? lines : h('li', { class: 'second' }, texts.t('me.no_roles')));
    showResets(me.resets || []);
  } catch (error) {
    ready();
    showError(byId('me-said'), error, fillRoles);
  }
}

/** Whoever takes an account over resets its password: its owner sees that here, the last one first. */
function showResets(resets) {
  byId('resets-part').hidden = !resets.length;
  const said = ({ at, by }) => h('li', {}, h('bdi', {}, texts.t('me.reset_by', { at: texts.moment(at), by })));
  put(byId('resets'), [...resets].reverse().map(said));
}

function fillSeen() {
  const rows = ['colleagues', 'admin', 'audit', 'residents'].flatMap((who) => [
    h('dt', {}, texts.t(`me.seen_${who}`)),
    h('dd', {}, texts.t(`me.seen_${who}_said`)),
  ]);
  put(byId('seen'), rows);
}

async function fillSignIns() {
  const place = byId('sign-ins');
  const ready = waiting(place, 2);
  try {
    const { items } = await api.get('/sign-ins');
    ready();
    put(place, items.map(signInLine));
    byId('end-others').hidden = items.length < 2;
  } catch (error) {
    ready();
    showError(byId('signs-said'), error, fillSignIns);
  }
}

export function deviceName(signIn) {
  const [browser, system] = deviceOf(signIn.device);
  if (!browser && !system) {
    return signIn.device || texts.t(signIn.kind === 'token' ? 'device.token' : 'device.unknown');
  }
  return browser && system ? texts.t('device.on', { browser, system }) : browser || system;
}

function signInLine(signIn) {
  const said = [
    signIn.address || '–',
    texts.t('me.signed_in', { from: texts.moment(signIn.created_at) }),
    texts.t('me.used', { seen: texts.moment(signIn.seen_at) }),
  ];
  const name = deviceName(signIn);
  const end = h('button', { type: 'button', class: 'plain' }, texts.t('me.end'));
  end.setAttribute('aria-label', `${texts.t('me.end')} ${name}`);
  return h(
    'li',
    {},
    h('div', {}, h('bdi', { class: 'device' }, name), h('small', { class: 'parts' }, said.map((part) => h('span', {}, part)))),
    signIn.current
      ? h('span', { class: 'pill on' }, texts.t('me.this_device'))
      : press(end, () => endOne(signIn, name)),
  );
}

function endOne(signIn, name) {
  return ending(`/sign-ins/${signIn.id}/end`, texts.t('me.ended', { device: name }));
}

async function ending(path, done) {
  const said = byId('signs-said');
  clear(said);
  try {
    await api.post(path);
    await fillSignIns();
    showDone(said, done);
  } catch (error) {
    showError(said, error);
  }
}

function preparePassword() {
  const form = byId('password');
  const said = byId('password-said');
  const rules = rulesList();
  put(byId('rules'), rules);
  ['old', 'new', 'same'].forEach((id) => showable(byId(id)));
  const isReady = watchRules(rules, byId('new'), byId('same'), bar.login);
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    if (!isReady()) {
      showError(said, new Problem(400, { detail: texts.t('password.not_yet') }));
      return;
    }
    byId('password-go').disabled = true;
    try {
      const wish = { old: byId('old').value, new: byId('new').value };
      await api.post('/me/password', wish, { key: deed.keyFor(wish) });
      deed.done();
      form.reset();
      isReady();
      showDone(said, texts.t('password.changed'));
      fillSignIns();
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
    } finally {
      byId('password-go').disabled = false;
    }
  });
}

/** Larger type is a matter of this device: the server only reads the cookie to avoid a jump. */
function prepareLook() {
  const box = byId('large');
  box.addEventListener('change', () => {
    document.cookie = `wangge_large=${box.checked ? 1 : ''}; Path=/; SameSite=Lax; Max-Age=${box.checked ? YEAR_S : 0}`;
    document.body.classList.toggle('large', box.checked);
  });
}

fillRoles();
fillSeen();
fillSignIns();
preparePassword();
prepareLook();
press(byId('end-others'), () => ending('/sign-ins/end-others', texts.t('me.others_ended')));
