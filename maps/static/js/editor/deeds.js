/** Small questions with one answer: a new name, a reason, giving a plan up. */
import { confirmed, openDialog } from '../shell/dialog.js';
import { h } from '../shell/dom.js';
import { noticePlace, showError } from '../shell/notice.js';
import { texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';

function asked({ title, label, value = '', go, most = 100, done }) {
  const said = noticePlace();
  const input = h('input', { id: 'asked-for', required: true, maxlength: most, value, autocomplete: 'off' });
  const form = h('form', { class: 'fields' }, h('div', { class: 'field' }, h('label', { for: 'asked-for' }, label), input), said, h('div', { class: 'acts' }, h('button', { class: 'button go' }, go)));
  const dialog = openDialog({ title, body: form });
  input.select();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await done(input.value.trim());
      dialog.close();
    } catch (error) {
      showError(said, error);
    }
  });
}

export function rename(one, done) {
  asked({ title: texts.t('editor.rename'), label: texts.t('editor.name'), value: one.name, go: texts.t('editor.rename'), done: (name) => done({ op: 'rename', cell: one.code, name }) });
}

/** Why a cell may stay larger or smaller than the rule says; `said` names it as the list does, and what was said before is offered again. */
export function excuse(problem, said, done) {
  asked({ title: texts.t('editor.excuse'), label: said, value: problem.earlier, go: texts.t('editor.excuse_keep'), most: 200, done: (reason) => done({ cell: problem.code, reason }) });
}

/** Giving a plan up ends it; whoever only wants it back is told the other way. */
export async function withdraw(state, done) {
  const isSure = await confirmed({ title: texts.t('editor.withdraw'), said: texts.t(state === 'submitted' ? 'editor.withdraw_submitted_said' : 'editor.withdraw_said'), go: texts.t('editor.withdraw') });
  if (!isSure) return;
  await done();
  toast(texts.t('editor.withdrawn_done'));
}
