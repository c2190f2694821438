/** The one button ahead: check → submit → approve; each says what it will move. */
import { confirmed, openDialog } from '../shell/dialog.js';
import { h, press } from '../shell/dom.js';
import { noticePlace, showError } from '../shell/notice.js';
import { bar, may, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { instantOf, wrongWith } from './moments.js';
import { checkedLine } from './checked.js';
import { APPROVES } from './plans.js';

export class Ahead {
  /** @param acts { done, told of the plan as a step left it; back, keeps so many steps; sentenceOf an operation } */
  constructor(desk, server, ops, acts) {
    Object.assign(this, { desk, server, ops, ...acts });
    this.checked = 0;
    /** The place of the step that a later version does not take, at the revision it was tried at. */
    this.broken = null;
    /** Kept while the panel is drawn anew: what was typed and what the server said of it stay. */
    this.said = noticePlace();
    this.when = h('input', { type: 'datetime-local', id: 'when', 'aria-label': texts.t('editor.when') });
    this.when.addEventListener('input', () => { this.said.hidden = true; });
  }

  isChecked() {
    return this.checked === this.ops.revision && Boolean(this.desk.problems);
  }

  /** Buttons for where the plan is. */
  parts(plan, moves) {
    const state = plan.state === 'returned' ? 'draft' : plan.state;
    const build = { draft: () => this.draft(plan, moves), submitted: () => this.submitted(plan, moves), approved: () => this.approved(plan), published: () => this.published(plan) }[state];
    const returned = plan.state === 'returned' && plan.reason ? h('p', { class: 'notice wrong' }, texts.t('editor.returned_said', { reason: plan.reason })) : null;
    return [returned, this.said, build ? build() : h('p', { class: 'second' }, texts.t(`editor.state_${plan.state}`))].flat();
  }

  draft(plan, moves) {
    if (!this.desk.facts.edits) return h('p', { class: 'second' }, texts.t('editor.reading_only'));
    if (plan.base !== plan.current) return this.behind(plan);
    if (!this.isChecked()) return main('check', texts.t('editor.check'), this.ops.list.length ? moves : texts.t('editor.no_steps_yet'), () => this.check(), !this.ops.list.length || Boolean(this.desk.past));
    const open = (this.desk.problems || []).filter((one) => one.isOpen);
    const must = this.desk.problems.indexOf(open[0]);
    if (must >= 0) return main('mend', texts.t('editor.mend'), texts.t('editor.mend_said', { n: open.length }), () => this.desk.tell('fly', must));
    return main('submit', texts.t('editor.submit'), moves, () => this.submit());
  }

  /** A later version is published: the steps are done again on it. */
  behind(plan) {
    const { broken } = this;
    if (broken && broken.revision === this.ops.revision && broken.at < this.ops.list.length) {
      return main('back', texts.t('editor.rebase_back', { at: broken.at + 1 }), texts.t('editor.rebase_back_said', { n: plan.current }), () => this.goBack());
    }
    const n = this.ops.list.length;
    return main('rebase', texts.t('editor.rebase', { n: plan.current }), n ? texts.t('editor.rebase_said', { n }) : '', () => this.rebase());
  }

  /** Which step cannot be done there is named, and the way out stands where the button was. */
  async rebase() {
    this.said.hidden = true;
    try {
      await this.step('rebase', undefined, 'editor.rebased_done');
    } catch (error) {
      const at = error.code === 'plan_broken' ? stepAt(error) : -1;
      if (!this.ops.list[at]) return this.desk.tell('refused', error);
      this.broken = { at, revision: this.ops.revision };
      this.done(null);
      this.refuse(texts.t('editor.rebase_broken', { at: at + 1, n: this.desk.plan.current, step: this.sentenceOf(this.ops.list[at]) }));
    }
    return null;
  }

  goBack() {
    this.said.hidden = true;
    return this.back(this.broken.at);
  }

  submitted(plan, moves) {
    const isMine = [plan.author, plan.submitter].includes(bar.login);
    if (!may(APPROVES) || isMine) return h('p', { class: 'second waits' }, texts.t(isMine ? 'editor.waits_other' : 'editor.waits'));
    const back = press(h('button', { type: 'button', class: 'button', id: 'return' }, texts.t('editor.return')), () => this.giveBack());
    return [
      h('div', { class: 'when' }, h('label', { for: 'when' }, texts.t('editor.when')), this.when),
      h('div', { class: 'pair' }, main('approve', texts.t('editor.approve'), moves, () => this.approve(moves)), back),
    ];
  }

  approved(plan) {
    const said = texts.t('editor.approved_said', { time: texts.moment(plan.effective_at) });
    const back = may(APPROVES) ? press(h('button', { type: 'button', class: 'button', id: 'return' }, texts.t('editor.return')), () => this.giveBack()) : null;
    return [h('p', { class: 'second waits', role: 'status' }, said), back];
  }

  published(plan) {
    return [h('p', { class: 'notice done' }, texts.t('editor.published_said', { n: plan.published })), checkedLine(plan.check)];
  }

  async check() {
    await this.desk.look();
    this.checked = this.ops.revision;
    this.done(null);
  }

  submit() {
    return this.take('submit', {}, 'editor.submitted_done');
  }

  async approve(moves) {
    const instant = this.when.value ? instantOf(this.when.value, texts) : null;
    const wrong = instant && wrongWith(instant);
    if (wrong) return this.refuse(texts.t(wrong, { time: texts.moment(instant) }));
    const said = instant ? texts.t('editor.approve_said', { moves, time: texts.moment(instant) }) : texts.t('editor.approve_said_now', { moves });
    const isSure = await confirmed({ title: texts.t('editor.approve_title'), said, go: texts.t('editor.approve') });
    return isSure ? this.take('approve', instant ? { effective_at: instant.toISOString() } : {}, 'editor.approved_done') : null;
  }

  giveBack() {
    const said = noticePlace();
    const reason = h('textarea', { id: 'reason', required: true, minlength: 4, maxlength: 200 });
    const go = h('button', { class: 'button go' }, texts.t('editor.return'));
    const form = h('form', { class: 'fields' }, h('div', { class: 'field' }, h('label', { for: 'reason' }, texts.t('editor.return_why')), reason), said, h('div', { class: 'acts' }, go));
    const dialog = openDialog({ title: texts.t('editor.return'), body: form });
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        await this.step('return', { reason: reason.value }, 'editor.returned_done');
        dialog.close();
      } catch (error) {
        showError(said, error);
      }
    });
  }

  /** Said beside the button that was pressed, which stays in sight with it. */
  refuse(said) {
    this.said.textContent = said;
    this.said.className = 'notice wrong';
    this.said.hidden = false;
    (this.said.closest('.foot') || this.said).scrollIntoView({ block: 'nearest' });
  }

  async take(name, content, said) {
    this.said.hidden = true;
    try {
      await this.step(name, content, said);
    } catch (error) {
      this.desk.tell('refused', error);
    }
  }

  async step(name, content, said) {
    const plan = await this.server.step(name, content, this.ops.revision);
    toast(texts.t(said));
    this.done(plan);
  }
}

function main(id, word, said, deed, isOff = false) {
  const button = h('button', { type: 'button', class: 'go', id: `go-${id}`, disabled: isOff }, h('b', {}, word), said ? h('span', {}, said) : null);
  return press(button, deed);
}

/** Of #/operations/2/cells the 2; -1 where a refusal names no step. */
function stepAt({ errors }) {
  const [found] = errors.map((one) => /^#\/operations\/(\d+)/.exec(one.pointer || '')).filter(Boolean);
  return found ? Number(found[1]) : -1;
}
