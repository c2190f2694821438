/** Automatic division of chosen cells: bounds are asked, a job of the server works, its result is looked at before it becomes a step. */
import { planeOf } from '../model.js';
import { cased } from '../ink.js';
import { field } from '../marks.js';
import { h, press, put, byId } from '../../shell/dom.js';
import { noticePlace, showError } from '../../shell/notice.js';
import { texts } from '../../shell/session.js';
import { GRID } from '../../core/grid.js';
import { Problem } from '../../core/net.js';
import { ruleOf } from '../sizes.js';
import { offered } from '../offered.js';
import { shortName } from '../words.js';

const ASK_MS = 500;
const STEPS = ['units', 'seed', 'mend', 'improve', 'offer'];
const MARKS = { below: ' ▼', above: ' ▲', excused: ' *' };

export class Divide {
  constructor(desk, server, act) {
    Object.assign(this, { desk, server, act, preview: null, card: null });
  }

  begin() {
    const cells = this.desk.chosen.size ? [...this.desk.chosen] : [];
    if (!cells.length) {
      this.act.chip(texts.t('editor.divide_how'));
      return;
    }
    this.ask(cells);
  }

  end() {
    this.preview = null;
    this.offered = null;
    this.turn = null;
    if (this.job) this.server.stopDivision(this.job).catch(() => {});
    this.job = null;
    if (this.card) this.card.remove();
    this.card = null;
    this.act.chip(null);
    this.act.repaint();
  }

  renewed() {
    this.end();
  }

  click(place) {
    const cell = this.desk.model && this.desk.model.cellAt(place.x, place.y);
    if (!cell) return;
    const isGroup = this.desk.shown()[0].cells;
    this.desk.choose(isGroup ? cell.group.cells : [cell]);
    this.end();
    this.ask([...this.desk.chosen]);
  }

  ask(cells) {
    this.act.chip(null);
    const rule = ruleOf(this.desk.plan, Math.max(...cells.map((cell) => cell.level))) || [30, 50];
    const [low, high] = [numberOf('divide-min', 'editor.at_least', rule[0]), numberOf('divide-max', 'editor.at_most', rule[1])];
    const said = noticePlace();
    const bar = h('progress', { max: 1, value: 0, hidden: true });
    const go = h('button', { class: 'button go', value: '' }, texts.t('editor.divide_go'));
    const again = h('button', { class: 'button', value: 'previous' }, texts.t('editor.divide_again'));
    const form = h('form', { class: 'divide-form' }, h('h3', {}, texts.t('editor.divide_title', { n: cells.length })), h('div', { class: 'pair' }, low.element, high.element), bar, said, h('div', { class: 'acts' }, press(h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel')), () => this.end()), again, go));
    this.card = h('div', { class: 'card on-map divide' }, form);
    document.body.append(this.card);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const previous = Boolean(event.submitter && event.submitter.value);
      const content = { cells: cells.map((cell) => cell.code), min: Number(low.input.value), max: Number(high.input.value), previous };
      const turn = {};
      Object.assign(this, { turn, asked: cells.length });
      go.disabled = again.disabled = true;
      try {
        const job = await this.worked(await this.server.divide(content, this.desk.plan.revision), bar, turn);
        if (this.turn === turn) this.offer(job, said);
      } catch (error) {
        if (this.turn === turn) showError(said, error);
      } finally {
        go.disabled = again.disabled = false;
      }
    });
  }

  /** The job until it is done; old things stay on the sheet meanwhile. */
  async worked(started, bar, turn) {
    let job = started;
    this.job = job.id;
    while (this.turn === turn && (job.state === 'queued' || job.state === 'running')) {
      bar.hidden = false;
      const { step, done, total } = job;
      if (total) bar.value = ((STEPS.indexOf(step) + done / total) / STEPS.length) || 0;
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      if (this.turn === turn) job = await this.server.division(job.id);
    }
    if (this.turn === turn) this.job = null;
    return job;
  }

  offer(job, said) {
    if (!job.result) {
      showError(said, new Problem(409, { detail: job.error || texts.t('editor.divide_failed') }));
      return;
    }
    const { operations, cells } = job.result;
    const { town, page } = this.desk;
    const names = new Map([...town.buildings, ...cells].map(({ code, name }) => [code, shortName(name, page.cell.name)]));
    const { said: told, isSame } = offered(job.result, this.asked, (code) => names.get(code) || code);
    this.offered = operations;
    this.preview = isSame ? null : operations.flatMap(({ parts }) => parts.flatMap((part) => ringsOf(part.polygon)));
    this.labels = cells.map(({ at, households, state }) => ({ at: planeOf(at.map((degrees) => degrees / GRID)), said: `${households}${MARKS[state] || ''}`, isBad: state === 'below' || state === 'above' }));
    if (this.card) this.card.remove();
    this.card = null;
    this.act.repaint();
    const words = [texts.t('editor.divide_take'), texts.t('editor.divide_drop')];
    this.act.chip(told, isSame ? null : () => this.finish(), () => this.end(), [], words);
  }

  finish() {
    const { offered } = this;
    this.act.chip(null);
    this.preview = null;
    this.act.sendAll(offered);
  }

  key(event) {
    if (event.key === 'Enter' && this.preview) {
      this.finish();
      return true;
    }
    if (event.key !== 'Escape') return false;
    const had = Boolean(this.preview || this.card);
    this.end();
    return had;
  }

  paint(context, view, marks) {
    if (!this.preview) return;
    cased(context, view, this.preview, { colour: marks.theme.accent, width: 1.8, dash: [6, 4] });
    this.labels.forEach((label) => this.write(context, view, marks, label));
  }

  /** How many households a new cell would hold, on a plate. */
  write(context, view, marks, { at, said, isBad }) {
    const [x, y] = [at[0] * view.scale + view.tx, at[1] * view.scale + view.ty];
    field(context, x, y, [[said, 700, 14, isBad ? marks.theme.too_big : marks.theme.accent]], marks.theme);
  }
}

function ringsOf({ type, coordinates }) {
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  return polygons.flat().map((ring) => planeOf(ring.flatMap(([lon, lat]) => [lon / GRID, lat / GRID])));
}

function numberOf(id, key, value) {
  const input = h('input', { id, type: 'number', min: 1, max: 10000, value, required: true });
  const element = h('div', { class: 'field' });
  put(element, h('label', { for: id }, texts.t(key)), input);
  return { input, element };
}
