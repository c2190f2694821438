/** Asking for fields in clear: which, and why. */
import { Problem } from '../core/net.js';
import { h, press } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { texts } from '../shell/session.js';

/**
 * @param fields to choose from; none: all there is, for the reason alone
 * @param give asked with { fields, reason }; what it throws is said in the form
 */
export function revealForm({ fields, give, cancelled, example = texts.t('people.reveal_example') }) {
  const boxes = fields.map((name, i) => h('input', { type: 'checkbox', value: name, checked: i < 2 }));
  const reason = h('textarea', { id: 'reveal-reason', maxlength: 200, required: true, autocomplete: 'off', 'aria-describedby': 'reveal-hint', placeholder: example });
  const said = noticePlace();
  const go = h('button', { class: 'button go' }, texts.t('people.reveal'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const form = h(
    'form',
    { class: 'adding asking', 'data-keep': true },
    boxes.length ? h('fieldset', {}, h('legend', { class: 'label' }, texts.t('people.reveal_what')), boxes.map((box) => h('label', { class: 'check' }, box, texts.t(`print.${box.value}`)))) : null,
    h('div', { class: 'field' }, h('label', { for: 'reveal-reason' }, texts.t('people.reveal_why')), reason, h('small', { id: 'reveal-hint' }, texts.t('people.reveal_hint'))),
    said,
    h('div', { class: 'acts' }, press(no, cancelled), go),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    go.disabled = true;
    try {
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      if (boxes.length && !chosen.length) throw new Problem(400, { detail: texts.t('people.reveal_none') });
      await give({ fields: chosen, reason: reason.value.trim() });
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
      go.disabled = false;
      go.scrollIntoView({ block: 'nearest' });
    }
  });
  // What is asked, and its buttons, stand in sight: the bar below the file makes room (css/shell.css).
  requestAnimationFrame(() => { if (form.isConnected) form.scrollIntoView({ block: 'nearest' }); });
  return form;
}
