/** Entering a leave: who, who stands in, from when and until when. */
import { Deed } from '../core/api.js';
import { Problem } from '../core/net.js';
import { openDialog } from '../shell/dialog.js';
import { h, press } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { api, texts } from '../shell/session.js';
import { WorkerPicker } from './workers.js';

export function addDialog(added) {
  const who = new WorkerPicker('who', texts.t('leaves.who'));
  const other = new WorkerPicker('other', texts.t('leaves.substitute'), texts.t('leaves.optional'));
  const from = day('from');
  const until = day('until');
  const said = noticePlace();
  const go = h('button', { class: 'button go' }, texts.t('leaves.add'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const form = h(
    'form',
    { class: 'fields', 'data-keep': true },
    who.element,
    other.element,
    h('div', { class: 'pair' }, from.element, until.element),
    said,
    h('div', { class: 'acts' }, press(no, () => dialog.close()), go),
  );
  const dialog = openDialog({ title: texts.t('leaves.add'), body: form });
  who.input.focus();
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    if (!who.code) {
      showError(said, new Problem(400, { detail: texts.t('leaves.who_needed') }));
      who.input.focus();
      return;
    }
    const wish = { worker: who.code, substitute: other.code, begins: from.input.value || null, ends: until.input.value || null };
    go.disabled = true;
    try {
      const made = await api.post('/leaves', wish, { key: deed.keyFor(wish) });
      dialog.close();
      added(made);
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
      go.disabled = false;
    }
  });
}

function day(name) {
  const input = h('input', { id: `leave-${name}`, type: 'date', 'aria-describedby': `leave-${name}-hint` });
  const hint = h('small', { class: 'hint', id: `leave-${name}-hint` }, texts.t(`leaves.${name}_hint`));
  return { input, element: h('div', { class: 'field' }, h('label', { for: input.id }, texts.t(`leaves.${name}`)), input, hint) };
}
