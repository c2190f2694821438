/** The boundary editor: puts desk, sheet, tools and panel together, and keeps them in step. */
import { Gone } from '../core/api.js';
import { townOf } from '../core/town.js';
import { readBlocks } from '../map/blocks.js';
import { byId, press } from '../shell/dom.js';
import { sentence } from '../shell/notice.js';
import { bar, may, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { Ahead } from './ahead.js';
import { Band } from './band.js';
import { Chip, DragTip } from './chip.js';
import { Desk } from './desk.js';
import { excuse, rename, withdraw } from './deeds.js';
import { Hand } from './hand.js';
import { History } from './history.js';
import { help, listen } from './keys.js';
import { EditorLegend } from './legend.js';
import { Model } from './model.js';
import { Ops } from './ops.js';
import { Panel } from './panel.js';
import { Plans, WRITES } from './plans.js';
import { Server } from './server.js';
import { Surface } from './surface.js';
import { Divide } from './tools/divide.js';
import { Merge } from './tools/merge.js';
import { Move } from './tools/move.js';
import { Select } from './tools/select.js';
import { Split } from './tools/split.js';
import { Transfer } from './tools/transfer.js';
import { Underlay } from './underlay.js';

const CALM = window.matchMedia('(prefers-reduced-motion: reduce)');
const LOOK_MS = 400;
const AGAIN_MS = 2000;
const SOON_MS = 60000;

class Editor {
  constructor(map, blocks) {
    this.map = map;
    this.page = blocks.page;
    const town = townOf(blocks);
    const facts = { ...bar.facts, edits: may(WRITES) };
    const desk = new Desk({ map, page: this.page, town, texts, facts });
    this.desk = desk;
    this.surface = new Surface(desk);
    desk.marks = this.surface.marks;
    this.server = new Server(desk.facts.plan);
    this.ops = new Ops(this.server, (what, fact) => this.heard(what, fact));
    this.chip = new Chip(texts);
    this.dragTip = new DragTip(map, texts, (cell) => this.surface.marks.numberOf(cell));
    this.band = new Band(texts, () => map.invalidateSize({ animate: false, pan: false }));
    this.under = new Underlay(desk, () => this.surface.base.repaint(), (key) => this.say(key));
    this.history = new History(desk, this.server, this.band);
    this.desk.look = () => this.look();
  }

  start() {
    this.hand = new Hand(this.desk, this.tools(), () => this.surface.over.repaint());
    this.hand.before = (place) => this.under.press(place);
    this.surface.start(this.hand, this.under);
    this.legend = new EditorLegend(this.desk);
    this.ahead = new Ahead(this.desk, this.server, this.ops, (plan) => this.stepped(plan));
    this.panel = new Panel(this.desk, byId('panel'), this.acts());
    this.desk.on((what, fact) => this.changed(what, fact));
    this.listen();
    this.under.start();
    this.open();
  }

  tools() {
    const act = {
      text: (key, facts) => texts.t(key, facts),
      say: (key) => this.say(key),
      chip: (...parts) => this.chip.show(...parts),
      tip: (...parts) => this.dragTip.show(...parts),
      hideTip: () => this.dragTip.hide(),
      repaint: () => this.surface.over.repaint(),
      send: (operation) => this.send([operation]),
      sendAll: (operations) => this.send(operations),
    };
    return {
      select: new Select(this.desk, { pickProblem: (i) => this.fly(i) }),
      move: new Move(this.desk, act),
      split: new Split(this.desk, act),
      merge: new Merge(this.desk, act),
      transfer: new Transfer(this.desk, act),
      divide: new Divide(this.desk, this.server, act),
    };
  }

  acts() {
    const renamed = (operation) => this.send([operation]);
    return {
      ops: this.ops,
      redo: () => this.redo(),
      fly: (i) => this.fly(i),
      isChecked: () => this.ahead.isChecked(),
      ahead: (plan, moves) => this.ahead.parts(plan, moves),
      rename: (one) => rename(one, renamed),
      excuse: (problem) => excuse(problem, (content) => this.step('excuse', content)),
      withdraw: () => withdraw(() => this.server.withdraw(this.ops.revision).then((plan) => this.stepped(plan))),
    };
  }

  /** The plan of the address, or the plans there are. */
  async open() {
    const { desk } = this;
    this.history.load().catch((error) => this.fail(error));
    if (!desk.facts.plan) {
      await new Plans(desk, this.server, byId('panel')).show();
      document.body.dataset.ready = 'true';
      return;
    }
    await this.openPlan();
    document.body.dataset.ready = 'true';
  }

  async openPlan() {
    const { desk } = this;
    try {
      await this.read();
      this.base = desk.plan.base;
      desk.published = new Model(await this.server.coverage(true));
      desk.compareAnew();
      desk.tell('compare');
      this.legend.fill();
      this.look();
    } catch (error) {
      this.fail(error);
    }
  }

  async read() {
    const [plan, coverage] = await Promise.all([this.server.read(), this.server.coverage()]);
    this.desk.plan = plan;
    this.ops.hold(operationsOf(plan), plan.revision);
    byId('tools').hidden = !this.desk.canEdit;
    this.desk.hold(coverage);
    this.desk.tell('plan');
    this.tellStale();
    this.awaitPublished();
  }

  async coverage() {
    this.desk.hold(await this.server.coverage());
  }

  /** Checks and impact of what is there now; asked when the hand rests. */
  async look() {
    clearTimeout(this.lookTimer);
    const { revision } = this.ops;
    try {
      const [problems, impact] = await Promise.all([this.server.problems(), this.server.impact()]);
      if (revision !== this.ops.revision) return;
      this.desk.problems = problems;
      this.desk.impact = impact;
      this.desk.problem = -1;
      this.desk.tell('problems');
    } catch (error) {
      this.fail(error);
    }
  }

  lookSoon() {
    clearTimeout(this.lookTimer);
    this.lookTimer = setTimeout(() => this.look(), LOOK_MS);
  }

  /** All of them or none, as the server has it; a refusal is told by `heard`, and what was drawn goes back. */
  async send(operations) {
    this.last = operations;
    this.sent = this.ops.do(operations).catch(() => {}).then(() => this.after()).then(() => { this.sent = null; });
    await this.sent;
  }

  async after() {
    try {
      await this.coverage();
    } catch (error) {
      this.fail(error);
    }
    this.lookSoon();
    this.surface.over.repaint();
  }

  undo() {
    if (this.sent) {
      this.sent.then(() => this.undo());
      return;
    }
    if (this.hand.tool.cancel && this.isDrawing() && this.hand.tool.cancel()) {
      this.surface.over.repaint();
      return;
    }
    if (!this.desk.canEdit || !this.ops.canUndo) return;
    this.ops.undo().then(() => this.after(), () => this.after());
  }

  isDrawing() {
    const { tool } = this.hand;
    return Boolean((tool.points && tool.points.length) || (tool.picked && tool.picked.size) || tool.moved);
  }

  redo() {
    if (!this.desk.canEdit || !this.ops.canRedo) return;
    this.ops.redo().then(() => this.after(), () => this.after());
  }

  /** What the queue says of itself. */
  heard(what, fact) {
    if (what === 'behind') this.behind(fact);
    else if (what === 'refused') this.fail(fact);
    else if (what === 'done' && fact) {
      const changed = { state: 'draft', changed_at: new Date().toISOString(), revision: fact.revision };
      this.desk.plan = { ...this.desk.plan, ...changed };
      this.clearSaid();
    }
    this.desk.tell('busy');
  }

  /** Somebody else has changed the plan: theirs is taken, or one's own step is put on top of theirs. */
  behind(problem) {
    const made = problem.errors.map((one) => one.detail).join(texts.t('bar.list_comma'));
    const { last } = this;
    this.band.show(texts.t('editor.behind', { made }), [
      [texts.t('editor.take_theirs'), () => this.takeTheirs()],
      ...(last ? [[texts.t('editor.put_mine'), () => this.takeTheirs().then(() => this.send(last))]] : []),
    ]);
  }

  /** A version published since the plan began is told above it; what it changed, on request on the map. */
  tellStale() {
    const { plan } = this.desk;
    const isOpen = ['draft', 'returned', 'submitted', 'approved'].includes(plan.state);
    if (!isOpen || plan.base === plan.current) return;
    const cells = plan.stale.map((code) => this.panel.nameOf(code)).join(texts.t('bar.list_comma'));
    const said = texts.t(plan.stale.length ? 'editor.stale' : 'editor.stale_apart', { n: plan.current, cells });
    this.band.show(said, plan.stale.length ? [[texts.t('editor.see_difference'), () => this.seeStale()]] : []);
  }

  seeStale() {
    this.desk.choose(this.desk.plan.stale.map((code) => this.desk.model.byCode.get(code)).filter(Boolean));
    this.history.go(this.history.last - 1);
  }

  async takeTheirs() {
    this.band.clear();
    this.ops.undone = [];
    await this.read().catch((error) => this.fail(error));
    this.lookSoon();
  }

  async step(name, content) {
    const plan = await this.server.step(name, content, this.ops.revision);
    this.stepped(plan);
  }

  /** An approved plan whose moment has come is published by the server: looked at until it is. */
  awaitPublished() {
    clearTimeout(this.awaited);
    const { plan } = this.desk;
    if (plan.state !== 'approved' || new Date(plan.effective_at) > new Date(Date.now() + SOON_MS)) return;
    this.awaited = setTimeout(async () => {
      const now = await this.server.read().catch(() => plan);
      if (now.state === plan.state) this.awaitPublished();
      else this.stepped(now);
    }, AGAIN_MS);
  }

  stepped(plan) {
    if (plan && plan.revision) {
      this.desk.plan = { ...this.desk.plan, ...plan };
      this.ops.revision = plan.revision;
      byId('tools').hidden = !this.desk.canEdit;
      if (!this.desk.canEdit) this.hand.pick('select');
      if (plan.base !== this.base) this.rebased();
      else this.lookSoon();
      if (plan.state === 'published') this.history.load().catch((error) => this.fail(error));
      this.history.show();
      this.awaitPublished();
    }
    this.panel.show();
    this.legend.fill();
  }

  /** The plan begins from another version now: everything anew. */
  async rebased() {
    this.band.clear();
    await this.openPlan();
  }

  fail(error) {
    const said = error instanceof Gone || error.status ? sentence(error) : String(error.message || error);
    const [place] = [error.body, ...(error.errors || [])].filter((one) => one && typeof one.lon === 'number');
    const at = place && [place.lon, place.lat];
    this.panel.said.textContent = said;
    this.panel.said.className = 'notice wrong';
    this.panel.said.hidden = false;
    if (!this.desk.plan) toast(said);
    if (at) this.flash(at);
    if (!error.status && !(error instanceof Gone)) throw error;
  }

  clearSaid() {
    this.panel.said.hidden = true;
  }

  say(key) {
    toast(texts.t(key));
  }

  changed(what, fact) {
    // What a tool holds belongs to the cells as they were.
    if (what === 'model' && this.hand.tool.renewed) this.hand.tool.renewed();
    if (what === 'fly') this.fly(fact);
    if (what === 'refused') this.fail(fact);
    if (['model', 'level', 'past', 'compare', 'problems', 'plan'].includes(what)) {
      this.surface.redraw();
    }
    if (what === 'chosen' || what === 'past') this.surface.over.repaint();
    if (what === 'tool') this.showTool(fact);
    if (['model', 'level', 'plan'].includes(what)) this.legend.fill();
    if (what === 'plan') this.history.show();
    if (what === 'past') byId('tools').hidden = !this.desk.canEdit;
    if (this.desk.plan) this.panel.show();
    byId('tool-undo').disabled = !this.ops.canUndo;
  }

  showTool(name) {
    for (const button of document.querySelectorAll('[data-tool][aria-pressed]')) {
      button.setAttribute('aria-pressed', String(button.dataset.tool === name));
    }
  }

  pick(name) {
    if (name === 'undo') this.undo();
    else if (this.desk.canEdit || name === 'select') this.hand.pick(name);
  }

  listen() {
    const { map } = this;
    for (const button of document.querySelectorAll('[data-tool]')) press(button, () => this.pick(button.dataset.tool));
    press(byId('zoom-in'), () => map.zoomIn(1));
    press(byId('zoom-out'), () => map.zoomOut(1));
    press(byId('help'), () => help());
    listen({
      pick: (name) => this.pick(name),
      undo: () => this.undo(),
      redo: () => this.redo(),
      compare: () => this.history.compare(),
      next: () => this.fly((this.desk.problem + 1) % Math.max(1, (this.desk.problems || []).length)),
      key: (event) => (event.key === 'Escape' && this.under.cancel()) || this.hand.key(event),
    });
    window.addEventListener('beforeunload', (event) => {
      if (!this.sent && !this.ops.isBusy && !this.isDrawing()) return;
      event.preventDefault();
      event.returnValue = '';
    });
    map.on('movestart zoomstart', () => this.dragTip.hide());
  }

  /** To the problem of a number; the same again lets it go. */
  fly(i) {
    const { desk } = this;
    const one = desk.problems && desk.problems[i];
    if (!one) return;
    desk.problem = desk.problem === i ? -1 : i;
    if (desk.problem >= 0 && one.at) this.map.setView([one.at[1], one.at[0]], Math.max(17.5, this.map.getZoom()), { animate: !CALM.matches, duration: 0.15 });
    desk.tell('problems');
  }

  flash([lon, lat]) {
    this.map.setView([lat, lon], Math.max(17, this.map.getZoom()), { animate: !CALM.matches, duration: 0.15 });
  }

}

/** What the server lists, as it was posted. */
function operationsOf(plan) {
  return plan.operations.map((one) => one.operation);
}

async function start() {
  const element = document.querySelector('.folium-map');
  const blocks = await readBlocks();
  const editor = new Editor(window[element.id], blocks);
  editor.start();
}

start();
