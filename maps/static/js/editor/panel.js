/** The right card of a plan: its steps in order, what is wrong, what it moves, and the one button ahead. */
import { h, press, put } from '../shell/dom.js';
import { noticePlace } from '../shell/notice.js';
import { api, bar, may, texts } from '../shell/session.js';
import { WRITES } from './plans.js';
import { leftAlone } from './earlier.js';
import { impactOf, movesOf } from './impact.js';
import { classOf, markOf, ruleOf } from './sizes.js';
import { personOf, sentenceOf, shortName, signOf } from './words.js';

const MOST_LEFT = 4;
const STEPS = ['draft', 'checked', 'submitted', 'approved', 'published'];

export class Panel {
  /** @param acts { redo, fly, see, ahead, excuse, rename, withdraw, earlier } */
  constructor(desk, place, acts) {
    Object.assign(this, { desk, place, acts });
    this.said = noticePlace();
  }

  show() {
    const { plan } = this.desk;
    const scrolled = this.place.querySelector('.body');
    const top = scrolled ? scrolled.scrollTop : 0;
    put(
      this.place,
      this.head(plan),
      h('div', { class: 'body' }, this.said, this.chosen(), this.operations(), this.problems(), this.rule(), impactOf(this.desk, (code) => this.nameOf(code))),
      this.foot(plan),
    );
    this.place.querySelector('.body').scrollTop = top;
  }

  head(plan) {
    const { base } = plan;
    const saved = this.acts.ops.isBusy ? texts.t('editor.saving') : texts.t('editor.saved', { time: texts.moment(plan.changed_at) });
    return h(
      'div',
      { class: 'head' },
      h('p', { class: 'sub line' }, h('a', { class: 'plain', href: `/editor?cell=${encodeURIComponent(this.desk.page.cell.code)}` }, texts.t('editor.all_plans')), h('span', { id: 'saved', role: 'status' }, saved)),
      h('h2', {}, h('bdi', {}, plan.title)),
      h('p', { class: 'sub' }, [texts.t('editor.plan_said', { id: plan.id, n: base }), personOf(plan, 'author')].join(' · ')),
    );
  }

  /** What a cell is called, in the draft or, where asked, as it is published. */
  nameOf(code, isBefore = false) {
    const { desk } = this;
    if (!code) return '';
    const [now, before] = [desk.model, desk.published].map((model) => model && model.byCode.get(code));
    const known = (isBefore ? before || now : now || before) || desk.town.byCode.get(code) || this.acts.ops.list.find((one) => one.op === 'add' && one.code === code);
    return known ? shortName(known.name, desk.page.cell.name) : code;
  }

  chosen() {
    const cells = [...this.desk.chosen];
    if (!cells.length) return null;
    const group = cells[0].group;
    const isGroup = group && group.cells.length > 1 && group.cells.length === cells.length && group.cells.every((one) => this.desk.chosen.has(one));
    const one = cells.length === 1 ? cells[0] : isGroup ? group : null;
    const households = cells.reduce((sum, cell) => sum + cell.households, 0);
    const buildings = cells.reduce((sum, cell) => sum + this.desk.byCell[cell.index].length, 0);
    const rename = one && this.desk.canEdit ? press(h('button', { type: 'button', class: 'plain' }, texts.t('editor.rename')), () => this.acts.rename(one)) : null;
    return h(
      'section',
      { class: 'chosen-cell' },
      h('h3', {}, one ? h('bdi', {}, this.nameOf(one.code)) : texts.t('editor.chosen_n', { n: cells.length }), rename),
      h('p', { class: 'second' }, [one ? one.code : null, texts.t('editor.buildings_n', { n: texts.count(buildings) }), texts.t('editor.households_n', { n: texts.count(households) })].filter(Boolean).join(' · ')),
    );
  }

  operations() {
    const { ops } = this.acts;
    const rows = ops.list.map((operation, i) => this.operation(operation, i));
    const undone = [...ops.undone].reverse().map((operation) => h('li', { class: 'off' }, h('i', {}, '–'), icon(signOf(operation)), h('s', {}, sentenceOf(operation, texts, (...which) => this.nameOf(...which))), h('span', { class: 'unit' }, texts.t('editor.undone'))));
    const redo = ops.canRedo && this.desk.canEdit ? press(h('button', { type: 'button', class: 'plain', id: 'redo' }, texts.t('editor.redo')), this.acts.redo) : null;
    const empty = h('p', { class: 'second' }, texts.t(this.desk.canEdit ? 'editor.no_steps' : 'editor.no_steps_reading'));
    return h('section', {}, h('h3', {}, texts.t('editor.steps'), h('b', {}, String(ops.list.length)), redo), rows.length || undone.length ? h('ol', { class: 'ops' }, rows, undone) : empty);
  }

  operation(operation, i) {
    const isLast = i === this.acts.ops.list.length - 1;
    return h('li', { class: isLast ? 'on' : null, 'aria-current': isLast ? 'true' : null }, h('i', {}, String(i + 1)), icon(signOf(operation)), h('span', {}, sentenceOf(operation, texts, (...which) => this.nameOf(...which))));
  }

  problems() {
    const { problems, problem } = this.desk;
    if (!problems) return h('section', { class: 'prob', 'aria-busy': 'true' }, h('h3', {}, texts.t('editor.problems')), h('p', { class: 'second' }, texts.t('bar.loading')));
    const must = problems.filter((one) => one.severity === 'must').length;
    const mine = problems.filter((one) => one.severity === 'may' && !one.reason).length;
    const said = must || mine ? texts.t('editor.problems_said', { must, may: mine }) : '';
    return h(
      'section',
      { class: 'prob' },
      h('h3', {}, texts.t('editor.problems'), h('b', {}, String(problems.length)), h('small', {}, said)),
      problems.length ? problems.map((one, i) => this.problem(one, i, i === problem)) : h('p', { class: 'second ok' }, texts.t('editor.no_problems')),
      this.leftAlone(),
    );
  }

  /** What the table counts as out of bounds and the plan does not touch; the reason once given for it. */
  leftAlone() {
    const cells = leftAlone(this.desk);
    if (!cells.length) return null;
    const rows = cells.slice(0, MOST_LEFT).map((cell) => {
      const known = this.acts.earlier.reasonOf(cell.code);
      const said = `${this.nameOf(cell.code)} ${texts.t('editor.households_n', { n: texts.count(cell.households) })} ${markOf(classOf(cell.households, ruleOf(this.desk.plan, cell.level)))}`;
      const button = h(
        'button',
        { type: 'button', 'aria-pressed': String(this.desk.chosen.has(cell)) },
        h('span', { class: 'what' }, said, known ? h('small', {}, texts.t('editor.excused_in', known)) : null),
        known ? h('span', { class: 'tag excused' }, texts.t('editor.tag_excused')) : null,
      );
      return h('div', {}, press(button, () => this.acts.see(cell)));
    });
    const more = cells.length - rows.length;
    return h('div', { class: 'left-alone' }, h('p', { class: 'second' }, texts.t('editor.untouched')), rows, more > 0 ? h('p', { class: 'second' }, texts.t('editor.moves_more', { n: more })) : null);
  }

  problem(one, i, isPicked) {
    const key = one.severity === 'may' && one.reason ? 'excused' : one.severity;
    const button = h(
      'button',
      { type: 'button', 'aria-pressed': String(isPicked) },
      h('span', { class: 'pin' }, String(i + 1)),
      h('span', { class: 'what' }, this.told(one), one.reason ? h('small', {}, one.reason) : null),
      h('span', { class: `tag ${key}` }, texts.t(`editor.tag_${key}`)),
    );
    const excuse = isPicked && key === 'may' && this.desk.canEdit
      ? press(h('button', { type: 'button', class: 'plain excuse' }, texts.t('editor.excuse')), () => this.acts.excuse(one)) : null;
    return h('div', {}, press(button, () => this.acts.fly(i)), excuse);
  }

  /** The sentence of a problem, its cell by name instead of by code; what is explained is asked no more. */
  told({ detail: sentence, code, reason }) {
    const known = this.nameOf(code);
    const detail = reason ? sentence.split(/[；;]/)[0] : sentence;
    return known === code ? detail : detail.replace(texts.t('editor.cell_code', { code }), known).replace(code, known);
  }

  rule() {
    if (!this.desk.model) return null;
    const rules = this.desk.levels().map((level) => [level, ruleOf(this.desk.plan, level)]).filter(([, rule]) => rule);
    if (!rules.length) return null;
    const words = rules.map(([level, [low, high]]) => h('span', {}, `${texts.level(level)} ${low}–${high}`));
    return h('section', {}, h('h3', {}, h('span', {}, texts.t('editor.rule')), h('span', { class: 'rule' }, words)));
  }

  foot(plan) {
    const at = this.stepOf(plan);
    const steps = h('ol', { class: 'steps' }, STEPS.map((step, i) => h('li', { class: i === at ? 'now' : i === at + 1 ? 'next' : i < at ? 'done' : null, 'aria-current': i === at ? 'step' : null }, texts.t(`editor.step_${step}`))));
    return h('div', { class: 'foot' }, plan.state === 'withdrawn' ? null : steps, this.acts.ahead(plan, movesOf(this.desk)), h('div', { class: 'ways' }, file(plan), this.mayWithdraw(plan) ? this.withdraw() : null));
  }

  /** Until it is approved; one that waits, by those whose plan it is. */
  mayWithdraw(plan) {
    if (!may(WRITES) || this.desk.past) return false;
    return this.desk.canEdit || (plan.state === 'submitted' && [plan.author, plan.submitter].includes(bar.login));
  }

  withdraw() {
    return press(h('button', { type: 'button', class: 'plain quiet', id: 'withdraw' }, texts.t('editor.withdraw')), this.acts.withdraw);
  }

  stepOf(plan) {
    const place = { draft: 0, returned: 0, submitted: 2, approved: 3, published: 4 }[plan.state] || 0;
    return place === 0 && this.acts.isChecked() ? 1 : place;
  }
}

/** The cells of the draft as a file for a GIS. */
function file({ id }) {
  const address = api.address(`/plans/${encodeURIComponent(id)}/cells`);
  return h('a', { class: 'plain quiet', href: `${address}?f=gpkg`, download: true }, texts.t('editor.file'));
}

/** The sign of a tool, as its button has it. */
function icon(tool) {
  const button = document.getElementById(`tool-${tool}`) || document.getElementById('tool-split');
  const sign = button.querySelector('svg').cloneNode(true);
  sign.setAttribute('width', '18');
  sign.setAttribute('height', '18');
  return sign;
}
