/** The right card of a plan: its steps in order, what is wrong, what it moves, and the one button ahead. */
import { h, press, put, svg } from '../shell/dom.js';
import { noticePlace } from '../shell/notice.js';
import { api, bar, may, texts } from '../shell/session.js';
import { WRITES } from './plans.js';
import { ruleOf } from './sizes.js';
import { areaSaid } from './rim.js';
import { personOf, sentenceOf, shortName, signOf } from './words.js';

const STEPS = ['draft', 'checked', 'submitted', 'approved', 'published'];

export class Panel {
  /** @param acts { redo, fly, ahead, excuse, rename, withdraw, steps } */
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
      h('div', { class: 'body' }, this.said, this.chosen(), this.operations(), this.problems(), this.rule(), this.impact()),
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

  nameOf(code) {
    const { desk } = this;
    if (!code) return '';
    const now = desk.model && desk.model.byCode.get(code);
    const before = desk.published && desk.published.byCode.get(code);
    const known = now || before || desk.town.byCode.get(code) || this.acts.ops.list.find((one) => one.op === 'add' && one.code === code);
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
    const undone = [...ops.undone].reverse().map((operation) => h('li', { class: 'off' }, h('i', {}, '–'), icon(signOf(operation)), h('s', {}, sentenceOf(operation, texts, (code) => this.nameOf(code))), h('span', { class: 'unit' }, texts.t('editor.undone'))));
    const redo = ops.canRedo && this.desk.canEdit ? press(h('button', { type: 'button', class: 'plain', id: 'redo' }, texts.t('editor.redo')), this.acts.redo) : null;
    const empty = h('p', { class: 'second' }, texts.t(this.desk.canEdit ? 'editor.no_steps' : 'editor.no_steps_reading'));
    return h('section', {}, h('h3', {}, texts.t('editor.steps'), h('b', {}, String(ops.list.length)), redo), rows.length || undone.length ? h('ol', { class: 'ops' }, rows, undone) : empty);
  }

  operation(operation, i) {
    const isLast = i === this.acts.ops.list.length - 1;
    return h('li', { class: isLast ? 'on' : null, 'aria-current': isLast ? 'true' : null }, h('i', {}, String(i + 1)), icon(signOf(operation)), h('span', {}, sentenceOf(operation, texts, (code) => this.nameOf(code))));
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
    );
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

  /** The sentence of a problem, its cell by name instead of by code. */
  told({ detail, code }) {
    const known = this.nameOf(code);
    return known === code ? detail : detail.replace(texts.t('editor.cell_code', { code }), known).replace(code, known);
  }

  rule() {
    if (!this.desk.model) return null;
    const rules = this.desk.levels().map((level) => [level, ruleOf(this.desk.plan, level)]).filter(([, rule]) => rule);
    if (!rules.length) return null;
    const words = rules.map(([level, [low, high]]) => `${texts.level(level)} ${low}–${high}`).join(' · ');
    return h('section', {}, h('h3', {}, texts.t('editor.rule'), h('span', { class: 'rule' }, words)));
  }

  impact() {
    const { impact } = this.desk;
    if (!impact) return null;
    const counts = (impact.counts || []).filter((one) => one.before !== one.after).slice(0, 8);
    const loads = (impact.workers || []).filter((one) => one.before !== one.after).slice(0, 6);
    const most = Math.max(1, ...counts.flatMap((one) => [one.before || 0, one.after || 0]));
    const heavy = Math.max(1, ...loads.flatMap((one) => [one.before || 0, one.after || 0]));
    return h(
      'section',
      { class: 'impact' },
      h('h3', {}, texts.t('editor.impact'), h('small', { class: 'scale' }, h('i', { class: 'was' }), texts.t('editor.now'), h('i', { class: 'is' }), texts.t('editor.draft'))),
      h('p', { class: 'imp' }, this.moves()),
      this.desk.gained ? h('p', { class: 'second' }, texts.t('editor.rim_warns')) : null,
      h('div', { class: 'bars' }, counts.flatMap((one) => barOf(this.nameOf(one.code), one, most)), loads.flatMap((one) => barOf(one.name, one, heavy))),
    );
  }

  /** 3 格、126 户、4 件未结 */
  moves() {
    const { impact } = this.desk;
    if (!impact) return '';
    const isMoved = ({ code, before, after }) => before === null || after === null || this.desk.changed.has(code);
    const moved = { ...impact, cells: impact.counts.filter(isMoved).length };
    const parts = ['cells', 'households', 'incidents'].filter((key) => moved[key]).map((key) => texts.t(`editor.moves_${key}`, { n: texts.count(moved[key]) }));
    const { gained } = this.desk;
    if (gained) parts.push(texts.t(gained > 0 ? 'editor.rim_gains' : 'editor.rim_loses', { area: areaSaid(gained, texts) }));
    if (parts.length) return parts.join(texts.t('bar.list_comma'));
    const { size } = this.desk.changed;
    return size ? texts.t('editor.moves_parents', { n: size }) : texts.t('editor.moves_nothing');
  }

  foot(plan) {
    const at = this.stepOf(plan);
    const steps = h('ol', { class: 'steps' }, STEPS.map((step, i) => h('li', { class: i === at ? 'now' : i === at + 1 ? 'next' : i < at ? 'done' : null, 'aria-current': i === at ? 'step' : null }, texts.t(`editor.step_${step}`))));
    return h('div', { class: 'foot' }, plan.state === 'withdrawn' ? null : steps, this.acts.ahead(plan, this.moves()), h('div', { class: 'ways' }, file(plan), this.mayWithdraw(plan) ? this.withdraw() : null));
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

function barOf(name, { before, after }, most) {
  const width = (n) => ((n || 0) / most) * 120;
  const strip = svg(
    'svg',
    { viewBox: '0 0 120 16', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'was', y: 2, width: width(before), height: 5 }),
    svg('rect', { class: 'is', y: 9, width: width(after), height: 5 }),
  );
  const said = h('span', { class: 'n' }, h('span', { class: 'unit' }, `${before === null || before === undefined ? '–' : texts.count(before)} → `), h('b', {}, after === null || after === undefined ? '–' : texts.count(after)));
  return [h('bdi', {}, name), strip, said];
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
