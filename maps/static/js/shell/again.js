/** The sign-in has ended: back to its page, or, where something is filled in, a word above it. */
import { Api } from '../core/api.js';
import { openDialog } from './dialog.js';
import { h } from './dom.js';
import { clear, noticePlace, showError } from './notice.js';
import { showable } from './password.js';
import { api, bar, signInAddress, texts } from './session.js';
import { hasInput } from './typed.js';

let asking = null;

/** Resolves once somebody has signed in again; all who wait are served by one dialog. */
export function askAgain() {
  if (!hasInput()) {
    window.location.assign(signInAddress());
    return new Promise(() => {});
  }
  asking = asking || asked().finally(() => { asking = null; });
  return asking;
}

function asked() {
  return new Promise((resolve) => {
    const said = noticePlace();
    const input = h('input', { type: 'password', id: 'again-password', name: 'password', autocomplete: 'current-password', required: true });
    const form = h(
      'form',
      { class: 'fields' },
      h('p', {}, texts.t('bar.again_said')),
      h('input', { type: 'hidden', name: 'username', autocomplete: 'username', value: bar.login }),
      h('div', { class: 'field' }, h('label', { for: 'again-password' }, texts.t('bar.password')), input),
      said,
      h(
        'div',
        { class: 'acts' },
        h('a', { class: 'button', href: signInAddress() }, texts.t('bar.leave')),
        h('button', { class: 'button go' }, texts.t('bar.sign_in')),
      ),
    );
    const dialog = openDialog({ title: texts.t('bar.again_title'), body: form, closable: false });
    showable(input);
    input.focus();
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      clear(said);
      try {
        await signIn(input.value);
        dialog.close();
        resolve();
      } catch (error) {
        showError(said, error);
        input.select();
      }
    });
  });
}

/** Under the old token the server would see a sign-in that has ended; this one goes out bare. */
async function signIn(password) {
  const bare = new Api({ root: bar.api, lang: bar.lang });
  const made = await bare.post('/sign-ins', { login: bar.login, password, kind: 'page' });
  api.csrf.token = made.csrf;
}
