/** The course of a plan: it is opened, changed step by step, looked over, and taken on to its end. */
import { byId } from '../shell/dom.js';
import { Model } from './model.js';

const LOOK_MS = 400;

export class Course {
  /**
   * @param desk, server, ops the plan, its routes and its queue
   * @param page what the page does about it: { fail, failDrawn, said, drawn, refused, stepped, atRest, band, others }
   */
  constructor(desk, server, ops, page) {
    Object.assign(this, { desk, server, ops, page, sent: null, last: null });
  }

  async open() {
    const { desk } = this;
    try {
      await this.read();
      this.base = desk.plan.base;
      desk.published = new Model(await this.server.coverage(true));
      desk.compareAnew();
      desk.tell('compare');
      desk.tell('published');
      this.page.others.tellStale();
      this.look();
    } catch (error) {
      this.page.fail(error);
    }
  }

  async read() {
    const [plan, coverage] = await Promise.all([this.server.read(), this.server.coverage()]);
    this.desk.plan = plan;
    this.ops.hold(plan.operations.map((one) => one.operation), plan.revision);
    byId('tools').hidden = !this.desk.canEdit;
    this.desk.hold(coverage);
    this.desk.tell('plan');
    this.page.others.awaitPublished();
  }

  /** Checks and impact of what is there now; asked when the hand rests. */
  async look() {
    clearTimeout(this.lookTimer);
    const { revision } = this.ops;
    try {
      const [problems, impact] = await Promise.all([this.server.problems(), this.server.impact()]);
      if (revision !== this.ops.revision) return;
      Object.assign(this.desk, { problems, impact, problem: -1 });
      this.desk.tell('problems');
    } catch (error) {
      this.page.fail(error);
    }
  }

  lookSoon() {
    clearTimeout(this.lookTimer);
    this.lookTimer = setTimeout(() => this.look(), LOOK_MS);
  }

  /** All of them or none, as the server has it; a refusal is told by `heard`, and the tool keeps what it drew. */
  async send(operations) {
    this.last = operations;
    const deed = this.ops.do(operations).then(() => this.after(), (error) => this.refused(error));
    this.sent = deed.then(() => { this.sent = null; });
    await this.sent;
  }

  /** Of a plan that somebody else has changed, the band asks what to do first. */
  refused(error) {
    if (error.status !== 412) this.page.refused();
  }

  /** The cells anew: the server's are the truth. */
  async after() {
    try {
      const coverage = await this.server.coverage();
      await this.page.atRest();
      this.desk.hold(coverage);
    } catch (error) {
      this.page.fail(error);
    }
    this.lookSoon();
    this.page.drawn();
  }

  undo() {
    if (this.sent) this.sent.then(() => this.undo());
    else if (this.desk.canEdit && this.ops.canUndo) this.ops.undo().then(() => this.after(), () => this.after());
  }

  back(count) {
    return this.ops.back(count).then(() => this.after(), () => this.after());
  }

  redo() {
    if (!this.desk.canEdit || !this.ops.canRedo) return;
    this.ops.redo().then(() => this.after(), () => this.after());
  }

  /** What the queue says of itself. */
  heard(what, fact) {
    if (what === 'behind') this.page.others.behind(fact, this.last);
    else if (what === 'refused') this.page.failDrawn(fact);
    else if (what === 'done' && fact) {
      const changed = { state: 'draft', changed_at: new Date().toISOString(), revision: fact.revision };
      this.desk.plan = { ...this.desk.plan, ...changed };
      this.page.said();
    }
    this.desk.tell('busy');
  }

  async takeTheirs() {
    this.page.band.clear();
    this.ops.undone = [];
    try {
      await this.read();
      this.page.others.tellStale();
    } catch (error) {
      this.page.fail(error);
    }
    this.lookSoon();
  }

  async step(name, content) {
    this.stepped(await this.server.step(name, content, this.ops.revision));
  }

  async withdraw() {
    this.stepped(await this.server.withdraw(this.ops.revision));
  }

  /** The plan as a step left it; null: it is as it was. */
  stepped(plan) {
    if (plan && plan.revision) {
      this.desk.plan = { ...this.desk.plan, ...plan };
      this.ops.revision = plan.revision;
      byId('tools').hidden = !this.desk.canEdit;
      if (plan.base !== this.base) this.rebased();
      else this.lookSoon();
      this.page.others.awaitPublished();
    }
    this.page.stepped(plan);
  }

  /** The plan begins from another version now: everything anew. */
  async rebased() {
    this.page.band.clear();
    // What was undone belongs to the cells as they were.
    this.ops.undone = [];
    await this.open();
  }
}
