/** A dialog above the page: one question, its answers; Escape is the way out. */
import { h, press, put } from './dom.js';
import { texts } from './session.js';

/**
 * Shows a dialog and gives its element; `closed` is told when it is gone, with its return value.
 * @param actions buttons, the main one last; null: the body brings its own
 */
export function openDialog({ title, body, actions = null, closable = true, wide = false, closed = () => {} }) {
  const before = document.activeElement;
  const id = `dialog-${title.length}-${document.querySelectorAll('dialog').length}`;
  const dialog = h('dialog', { class: wide ? 'card wide' : 'card', 'aria-labelledby': id });
  const cross = h('button', { type: 'button', class: 'close', 'aria-label': texts.t('bar.close') }, '×');
  put(
    dialog,
    h('div', { class: 'head' }, h('h2', { id }, title), closable ? press(cross, () => dialog.close()) : null),
    h('div', { class: 'body' }, body),
    actions ? h('div', { class: 'acts' }, actions) : null,
  );
  dialog.addEventListener('cancel', (event) => closable || event.preventDefault());
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before && before.isConnected) before.focus();
    closed(dialog.returnValue);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that cannot be undone; resolves to whether it was confirmed. */
export function confirmed({ title, said, go }) {
  return new Promise((resolve) => {
    const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
    const yes = h('button', { type: 'button', class: 'button go' }, go);
    const dialog = openDialog({
      title,
      body: h('p', {}, said),
      actions: [press(no, () => dialog.close('')), press(yes, () => dialog.close('yes'))],
      closed: (answer) => resolve(answer === 'yes'),
    });
    yes.focus();
  });
}
