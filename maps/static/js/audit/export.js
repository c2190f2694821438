/** The records that are asked for as a file: in which form, then the file; what was cut is said. */
import { openDialog } from '../shell/dialog.js';
import { h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showDone, showError } from '../shell/notice.js';
import { api, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';

const FORMS = ['csv', 'jsonl'];

/** @param query the filter as the list asks it */
export function exportDialog({ limit, ...asked }) {
  const said = noticePlace();
  const choices = FORMS.map((form, i) => {
    const input = h('input', { type: 'radio', name: 'form', value: form, checked: i === 0 });
    return h('label', { class: 'check' }, input, texts.t(`audit.form_${form}`));
  });
  const go = h('button', { class: 'button go' }, texts.t('audit.export_go'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const form = h(
    'form',
    { class: 'fields' },
    h('p', { class: 'second' }, texts.t(Object.values(asked).some(Boolean) ? 'audit.export_some' : 'audit.export_all')),
    h('fieldset', {}, h('legend', { class: 'label' }, texts.t('audit.form')), choices),
    h('p', { class: 'hint' }, texts.t('audit.export_hint')),
    said,
    h('div', { class: 'acts' }, press(no, () => dialog.close()), go),
  );
  const dialog = openDialog({ title: texts.t('audit.export_title'), body: form });
  form.querySelector('input').focus();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    go.disabled = true;
    go.setAttribute('aria-busy', 'true');
    try {
      const f = new FormData(form).get('form');
      if (done(await api.file('/audit/export', { ...asked, f }), said)) dialog.close();
      else put(no, texts.t('bar.close'));
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
    } finally {
      go.disabled = false;
      go.removeAttribute('aria-busy');
    }
  });
}

/** Saves a file and returns whether it is whole; of one that was cut it says where. */
function done({ blob, name, headers }, said) {
  save(blob, name);
  const n = texts.count(Number(headers.get('Wangge-Records')));
  const cut = headers.get('Wangge-Cut-At');
  if (cut) {
    showDone(said, texts.t('audit.export_cut', { n, at: texts.exact(cut) }));
    return false;
  }
  toast(texts.t('audit.exported', { n, file: name }));
  return true;
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h('a', { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
