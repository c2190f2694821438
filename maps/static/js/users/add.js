/** Adding a person or another system: who, what and where; then the first password, once. */
import { Deed } from '../core/api.js';
import { Problem } from '../core/net.js';
import { openDialog } from '../shell/dialog.js';
import { h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { api, bar, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { showPassword } from './file.js';
import { field, GrantFields } from './grant.js';

const KINDS = ['person', 'client'];

export function addDialog(added) {
  let kind = 'person';
  const name = h('input', { id: 'add-name', autocomplete: 'off', maxlength: 60 });
  const login = h('input', { id: 'add-login', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 60 });
  const worker = h('input', { id: 'add-worker', autocomplete: 'off', maxlength: 60 });
  const grant = new GrantFields(kind);
  const names = [
    new Told(name, (said) => (said ? '' : texts.t('users.name_needed'))),
    new Told(login, loginFault),
  ];
  const workerField = field('add-worker', texts.t('users.worker'), worker);
  const said = noticePlace();
  const go = h('button', { class: 'button go' }, texts.t('users.add_go'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const choices = KINDS.map((one) => {
    const button = h('button', { type: 'button', 'aria-pressed': String(one === kind) }, texts.t(`users.kind_${one}`));
    return press(button, () => {
      kind = one;
      choices.forEach((each, i) => each.setAttribute('aria-pressed', String(KINDS[i] === kind)));
      grant.of(kind);
      workerField.hidden = kind === 'client';
    });
  });
  const form = h(
    'form',
    { class: 'fields', 'data-keep': true },
    h('div', { class: 'field' }, h('span', { class: 'label' }, texts.t('users.kind')), h('div', {}, h('div', { class: 'seg' }, choices))),
    h(
      'div',
      { class: 'pair' },
      h('div', {}, field('add-name', texts.t('users.name'), name), names[0].place),
      h('div', {}, field('add-login', texts.t('users.login'), login), names[1].place),
    ),
    h('p', { class: 'hint' }, texts.t('users.login_hint')),
    grant.elements.slice(0, 2),
    h('div', { class: 'pair' }, grant.elements[2], workerField),
    said,
    h('div', { class: 'acts' }, press(no, () => dialog.close()), go),
  );
  const dialog = openDialog({ title: texts.t('users.add'), body: form, wide: true });
  name.focus();
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    const wrong = names.filter((one) => !one.check());
    const faults = [...wrong.map((one) => one.fault), grant.missing].filter(Boolean);
    if (faults.length) {
      // All at once: whoever mends one does not meet the next.
      showError(said, new Problem(400, { detail: faults.join(' ') }));
      if (wrong.length) wrong[0].input.focus();
      return;
    }
    go.disabled = true;
    try {
      const wish = wished({ kind, name, login, worker, grant });
      const made = await api.post('/accounts', wish, { key: deed.keyFor(wish) });
      dialog.close();
      done(made, added);
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
      go.disabled = false;
    }
  });
}

/** A field that says what is wrong with it when it is left. */
class Told {
  constructor(input, faultOf) {
    Object.assign(this, { input, faultOf, fault: '' });
    this.place = h('small', { id: `${input.id}-fault`, class: 'fault', role: 'status', hidden: true });
    input.setAttribute('aria-describedby', this.place.id);
    input.addEventListener('blur', () => { if (input.value) this.check(); });
    input.addEventListener('input', () => { if (this.fault) this.check(); });
  }

  check() {
    this.fault = this.faultOf(this.input.value.trim());
    this.input.setAttribute('aria-invalid', String(Boolean(this.fault)));
    this.place.hidden = !this.fault;
    put(this.place, this.fault);
    return !this.fault;
  }
}

function loginFault(said) {
  if (!said) return texts.t('users.login_needed');
  return new RegExp(`^(?:${bar.facts.login_form})$`).test(said) ? '' : texts.t('users.login_wrong', { login: said });
}

function wished({ kind, name, login, worker, grant }) {
  const held = grant.wish();
  return {
    kind,
    login: login.value.trim(),
    name: name.value.trim(),
    worker: kind === 'person' && worker.value.trim() ? worker.value.trim() : null,
    ...held,
  };
}

function done(made, added) {
  const title = texts.t('users.added', { name: made.name });
  if (made.password) showPassword(title, made.login, made.password, () => added(made.login));
  else {
    toast(title);
    added(made.login);
  }
}
