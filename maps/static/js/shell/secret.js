/** Something that is shown once: a first password, a key; with a way to copy it. */
import { h, press, put } from './dom.js';
import { openDialog } from './dialog.js';
import { texts } from './session.js';

export function showSecret({ title, said, secret, hint, closed = () => {} }) {
  const code = h('code', { class: 'mono', id: 'secret', tabindex: 0 }, secret);
  const copy = h('button', { type: 'button', class: 'button' }, texts.t('bar.copy'));
  const done = h('button', { type: 'button', class: 'button go' }, texts.t('bar.noted'));
  const dialog = openDialog({
    title,
    body: [
      h('p', { class: 'second' }, said),
      h('div', { class: 'secret' }, code, press(copy, () => copyText(code, copy))),
      h('p', { class: 'hint' }, hint),
    ],
    actions: [press(done, () => dialog.close())],
    closable: false,
    closed,
  });
  copy.focus();
}

/** Over plain http to another host browsers have no clipboard: then the text is marked to copy. */
async function copyText(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    put(button, texts.t('bar.copied'));
  } catch {
    window.getSelection().selectAllChildren(code);
  }
}
