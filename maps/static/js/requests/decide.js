/** Answering a request: what follows from it, the words for the person, and who may not. */
import { Deed } from '../core/api.js';
import { confirmed } from '../shell/dialog.js';
import { h, press } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { api, bar, may, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';

/** The form of an answer, or a sentence on who gives it. */
export function answering(request, answered) {
  const title = h('h3', {}, texts.t('requests.decide'));
  const effect = h('p', { class: 'second' }, texts.t(`requests.effect_${request.kind}`));
  const hint = (key) => [title, effect, h('p', { class: 'notice' }, texts.t(`requests.${key}`))];
  if (!bar.facts.decides) return hint('not_yours');
  const isOwn = request.recorded_by === bar.login;
  if (isOwn && bar.facts.second_person.includes(request.kind)) return hint('other_person');
  return [title, effect, answerForm(request, answered)];
}

function answerForm(request, answered) {
  const words = h('textarea', { id: 'outcome', maxlength: 500, autocomplete: 'off', 'aria-describedby': 'outcome-hint', placeholder: texts.t('requests.words_example') });
  const said = noticePlace();
  const canDo = request.kind !== 'erasure' || may('people.erase');
  const refuse = h('button', { type: 'button', class: 'button' }, texts.t('requests.refuse'));
  const go = canDo ? h('button', { type: 'button', class: 'button go' }, texts.t('requests.do')) : null;
  const form = h(
    'form',
    { class: 'adding', 'data-keep': true },
    canDo ? null : h('p', { class: 'hint' }, texts.t('requests.other_office')),
    h('div', { class: 'field' }, h('label', { for: 'outcome' }, texts.t('requests.words')), words, h('small', { id: 'outcome-hint' }, texts.t('requests.words_hint'))),
    said,
    h('div', { class: 'acts' }, refuse, go),
  );
  const deed = new Deed();
  const decide = async (state) => {
    clear(said);
    if (state === 'done' && request.kind === 'erasure' && !(await isSure(request))) return;
    setBusy(form, true);
    try {
      const wish = { state, outcome: words.value.trim() };
      const made = await api.post(`/data-requests/${encodeURIComponent(request.id)}/decide`, wish, { key: deed.keyFor(wish) });
      toast(texts.t(`requests.decided_${state}`, { id: request.id }));
      answered(made);
    } catch (error) {
      setBusy(form, false);
      showError(said, error, () => decide(state));
    }
  };
  press(refuse, () => decide('refused'));
  if (go) press(go, () => decide('done'));
  // Enter in a text of several lines sends nothing: an answer is one press, and the right one.
  form.addEventListener('submit', (event) => event.preventDefault());
  return form;
}

function isSure(request) {
  return confirmed({
    title: texts.t('requests.erase_title', { id: request.household_id }),
    said: texts.t('requests.erase_said'),
    go: texts.t('requests.erase_go'),
  });
}

function setBusy(form, isBusy) {
  form.querySelectorAll('button').forEach((button) => { button.disabled = isBusy; });
}
