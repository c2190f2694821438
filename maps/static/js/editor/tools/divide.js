/** Automatic division of chosen cells: bounds are asked, a job of the server works, its result is looked at before it becomes a step. */
import { planeOf } from '../model.js';
import { cased } from '../ink.js';
import { h, press, put, byId } from '../../shell/dom.js';
import { noticePlace, showError } from '../../shell/notice.js';
import { texts } from '../../shell/session.js';
import { GRID } from '../../core/grid.js';
import { ruleOf } from '../sizes.js';

const ASK_MS = 500;

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
    if (this.card) this.card.remove();
    this.card = null;
    this.act.chip(null);
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
    const [low, high] = [field('divide-min', 'editor.at_least', rule[0]), field('divide-max', 'editor.at_most', rule[1])];
    const said = noticePlace();
    const bar = h('progress', { max: 1, value: 0, hidden: true });
    const go = h('button', { class: 'button go' }, texts.t('editor.divide_go'));
    const form = h('form', { class: 'divide-form' }, h('h3', {}, texts.t('editor.divide_title', { n: cells.length })), h('div', { class: 'pair' }, low.element, high.element), bar, said, h('div', { class: 'acts' }, press(h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel')), () => this.end()), go));
    this.card = h('div', { class: 'card on-map divide' }, form);
    document.body.append(this.card);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        const content = { cells: cells.map((cell) => cell.code), min: Number(low.input.value), max: Number(high.input.value) };
        this.offer(await this.worked(await this.server.divide(content, this.desk.plan.revision), bar), said);
      } catch (error) {
        go.disabled = false;
        showError(said, error);
      }
    });
  }

  /** The job until it is done; old things stay on the sheet meanwhile. */
  async worked(started, bar) {
    let job = started;
    const id = started.job || started.job_id || started.id;
    while (job.state !== 'done' && job.state !== 'failed') {
      bar.hidden = false;
      const { done, total } = job;
      if (total) bar.value = done / total;
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      job = await this.server.job(id);
    }
    return job;
  }

  offer(job, said) {
    const result = job.result || {};
    const operation = result.operation || result;
    if (job.state === 'failed' || !operation.parts) {
      showError(said, Object.assign(new Error(job.error || texts.t('editor.divide_failed')), { status: 409 }));
      return;
    }
    this.preview = operation.parts.flatMap((part) => ringsOf(part.polygon));
    this.operation = operation;
    if (this.card) this.card.remove();
    this.card = null;
    this.act.chip(texts.t('editor.divide_said', { n: operation.parts.length }), () => this.finish(), () => this.end());
    byId('chip').querySelector('.go').focus();
  }

  finish() {
    const { operation } = this;
    this.act.chip(null);
    this.act.send(operation);
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
    if (this.preview) cased(context, view, this.preview, { colour: marks.theme.accent, width: 1.8, dash: [6, 4] });
  }
}

function ringsOf({ type, coordinates }) {
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  return polygons.flat().map((ring) => planeOf(ring.flatMap(([lon, lat]) => [lon / GRID, lat / GRID])));
}

function field(id, key, value) {
  const input = h('input', { id, type: 'number', min: 1, max: 10000, value, required: true });
  const element = h('div', { class: 'field' });
  put(element, h('label', { for: id }, texts.t(key)), input);
  return { input, element };
}
