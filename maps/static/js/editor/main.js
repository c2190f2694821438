/** The boundary editor: puts desk, sheet, tools and panel together, and keeps them in step. */
import { townOf } from '../core/town.js';
import { readBlocks } from '../map/blocks.js';
import { byId, press } from '../shell/dom.js';
import { bar, may, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { Ahead } from './ahead.js';
import { Band } from './band.js';
import { Chip, DragTip } from './chip.js';
import { Course } from './course.js';
import { Desk } from './desk.js';
import { excuse, rename, withdraw } from './deeds.js';
import { Earlier } from './earlier.js';
import { Flight } from './flight.js';
import { Hand } from './hand.js';
import { History } from './history.js';
import { help, listen } from './keys.js';
import { EditorLegend } from './legend.js';
import { Ops } from './ops.js';
import { Others } from './others.js';
import { Panel } from './panel.js';
import { Plans, WRITES } from './plans.js';
import { Pointer } from './pointer.js';
import { Server } from './server.js';
import { Surface } from './surface.js';
import { Told } from './told.js';
import { Divide } from './tools/divide.js';
import { Merge } from './tools/merge.js';
import { Move } from './tools/move.js';
import { Select } from './tools/select.js';
import { Split } from './tools/split.js';
import { Transfer } from './tools/transfer.js';
import { Underlay } from './underlay.js';
import { sentenceOf } from './words.js';

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
    this.ops = new Ops(this.server, (what, fact) => this.course.heard(what, fact));
    this.chip = new Chip(texts);
    this.dragTip = new DragTip(map, texts, (cell) => this.surface.marks.numberOf(cell));
    this.band = new Band(texts, () => map.invalidateSize({ animate: false, pan: false }));
    this.under = new Underlay(desk, { repaint: () => this.surface.base.repaint(), say: (key) => this.say(key), chip: (...parts) => this.chip.show(...parts), done: () => this.hand.again() });
    this.history = new History(desk, this.server, this.band);
    this.flight = new Flight(desk);
    this.earlier = new Earlier(desk, this.server, () => this.panel.show());
  }

  start() {
    const repaint = () => this.surface.over.repaint();
    this.course = this.courseOf(repaint);
    this.hand = new Hand(this.desk, this.tools(repaint), repaint);
    this.hand.drew = () => this.told.redrawn();
    this.hand.before = (place) => this.under.press(place);
    this.hand.isAwaited = () => Boolean(this.under.waits);
    this.pointer = new Pointer(this.desk, this.hand, repaint);
    this.legend = new EditorLegend(this.desk);
    this.ahead = new Ahead(this.desk, this.server, this.ops, {
      done: (plan) => this.course.stepped(plan),
      back: (count) => this.course.back(count),
      sentenceOf: (operation) => sentenceOf(operation, texts, (...which) => this.panel.nameOf(...which)),
    });
    this.panel = new Panel(this.desk, byId('panel'), this.acts());
    this.told = new Told(this.desk, this.panel, repaint);
    this.surface.start(this.hand, this.under, [this.told, this.pointer]);
    this.desk.look = () => this.course.look();
    this.desk.on((what, fact) => this.changed(what, fact));
    this.listen();
    this.hand.pick('select');
    this.under.start();
    this.open();
  }

  courseOf(repaint) {
    const course = new Course(this.desk, this.server, this.ops, {
      band: this.band,
      fail: (error) => this.fail(error),
      failDrawn: (error) => this.told.failDrawn(error),
      said: () => this.told.clear(),
      drawn: repaint,
      atRest: () => this.hand.atRest(),
      refused: () => this.refused(),
      stepped: (plan) => this.stepped(plan),
    });
    const { band, chip, history } = this;
    course.page.others = new Others(this.desk, course, { band, chip, history, nameOf: (code) => this.panel.nameOf(code) });
    return course;
  }

  tools(repaint) {
    const act = {
      text: (key, facts) => texts.t(key, facts),
      say: (key) => this.say(key),
      chip: (said, go, drop, ...rest) => this.chip.show(said, go, drop && (() => { this.told.redrawn(); return drop(); }), ...rest),
      tip: (...parts) => this.dragTip.show(...parts),
      hideTip: () => this.dragTip.hide(),
      repaint,
      isTaken: (points) => this.server.isTaken(points),
      send: (operation) => this.course.send([operation]),
      sendAll: (operations) => this.course.send(operations),
    };
    return {
      select: new Select(this.desk, { pickProblem: (i) => this.flight.fly(i) }),
      move: new Move(this.desk, act),
      split: new Split(this.desk, act),
      merge: new Merge(this.desk, act),
      transfer: new Transfer(this.desk, act),
      divide: new Divide(this.desk, this.server, act),
    };
  }

  acts() {
    const { course } = this;
    return {
      ops: this.ops,
      redo: () => course.redo(),
      fly: (i) => this.flight.fly(i),
      see: (cell) => this.flight.see(cell),
      earlier: this.earlier,
      isChecked: () => this.ahead.isChecked(),
      ahead: (plan, moves) => this.ahead.parts(plan, moves),
      rename: (one) => rename(one, (operation) => course.send([operation])),
      excuse: (problem) => excuse(problem, this.panel.told(problem), (content) => course.step('excuse', content)),
      withdraw: () => withdraw(this.desk.plan.state, () => course.withdraw()),
    };
  }

  /** The plan of the address, or the plans there are. */
  async open() {
    const { desk } = this;
    this.history.load().catch((error) => this.fail(error));
    if (desk.facts.plan) await this.course.open();
    else await new Plans(desk, this.server, byId('panel')).show();
    document.body.dataset.ready = 'true';
  }

  /** What is in the hand goes first, then the last step. */
  undo() {
    const { tool } = this.hand;
    this.told.redrawn();
    if (!this.course.sent && tool.isDrawing && tool.cancel()) this.surface.over.repaint();
    else this.course.undo();
  }

  /** The server would not: nothing has changed there, and what was drawn can be mended. */
  refused() {
    const { tool } = this.hand;
    if (tool.refused) tool.refused();
    else if (tool.renewed) tool.renewed();
    this.surface.over.repaint();
  }

  /** A step of the plan was refused: said at its button, its place ringed. */
  refusedStep(error) {
    if (!error.status) return this.fail(error);
    this.ahead.refuse(this.told.sentence(error));
    return this.told.ring(error);
  }

  stepped(plan) {
    if (plan && plan.revision) {
      if (!this.desk.canEdit) this.hand.pick('select');
      if (plan.state === 'published') this.history.load().catch((error) => this.fail(error));
      this.history.show();
    }
    this.panel.show();
    this.legend.fill();
  }

  fail(error) {
    this.told.fail(error);
  }

  say(key) {
    toast(texts.t(key));
  }

  changed(what, fact) {
    // What a tool holds belongs to the cells as they were.
    if (what === 'model') {
      if (this.hand.tool.renewed) this.hand.tool.renewed();
      document.body.dataset.revision = String(this.desk.model.revision);
    }
    if (what === 'fly') this.flight.fly(fact);
    if (what === 'published') this.flight.begin();
    if (what === 'problems') this.earlier.look().catch((error) => this.fail(error));
    if (what === 'refused') this.refusedStep(fact);
    if (['model', 'level', 'past', 'compare', 'problems', 'plan'].includes(what)) this.surface.redraw();
    if (what === 'chosen' || what === 'past') this.surface.over.repaint();
    if (what === 'tool') {
      this.told.clear();
      this.showTool(fact);
    }
    if (['model', 'level', 'plan', 'published', 'past'].includes(what)) this.legend.fill();
    if (what === 'plan') this.history.show();
    if (what === 'past') {
      byId('tools').hidden = !this.desk.canEdit;
      if (this.desk.past) this.hand.pick('select');
      else if (this.desk.plan) this.course.page.others.tellStale();
    }
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
      redo: () => this.course.redo(),
      compare: () => this.history.compare(),
      next: () => this.flight.next(),
      zoom: (by) => map.setZoom(map.getZoom() + by),
      key: (event) => (event.key === 'Escape' && this.under.cancel()) || this.hand.key(event) || this.pointer.key(event),
    });
    window.addEventListener('beforeunload', (event) => {
      if (!this.course.sent && !this.ops.isBusy && !this.hand.tool.isDrawing) return;
      event.preventDefault();
      event.returnValue = '';
    });
    map.on('movestart zoomstart', () => this.dragTip.hide());
  }
}

async function start() {
  const element = document.querySelector('.folium-map');
  const blocks = await readBlocks();
  const editor = new Editor(window[element.id], blocks);
  editor.start();
}

start();
