/**
 * What was done to a plan, in order: one thing after another goes to the server, each on the revision
 * the last one made; undo shortens the list there, redo posts again. No page, no network of its own.
 */
import { areOneStep } from './rim.js';

export class Ops {
  /**
   * @param server { post(operations, revision), keep(count, revision) }: both give the plan's answer
   *   with its new revision, and reject where the server refuses
   * @param told of every state: 'busy', 'done', 'refused', 'behind'
   */
  constructor(server, told = () => {}) {
    Object.assign(this, { server, told });
    this.list = [];
    this.undone = [];
    this.revision = 0;
    this.waiting = Promise.resolve();
    this.isBusy = false;
  }

  /** Begins anew from what the server holds. */
  hold(list, revision) {
    this.list = [...list];
    this.revision = revision;
  }

  get canUndo() {
    return this.list.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /** Does something new, all of it or nothing: what was undone before cannot be redone after it. */
  do(operations) {
    return this.turn(async () => {
      const answer = await this.server.post(operations, this.revision);
      this.list.push(...operations);
      this.undone = [];
      return answer;
    });
  }

  undo() {
    return this.turn(async () => {
      if (!this.canUndo) return null;
      const size = areOneStep(...this.list.slice(-2)) ? 2 : 1;
      const answer = await this.server.keep(this.list.length - size, this.revision);
      this.undone.push(...this.list.splice(-size).reverse());
      return answer;
    });
  }

  /** So many steps stay, land taken in and what it joined together; the others can be redone. */
  back(count) {
    return this.turn(async () => {
      const stay = areOneStep(this.list[count - 1], this.list[count]) ? count - 1 : count;
      const answer = await this.server.keep(stay, this.revision);
      this.undone.push(...this.list.splice(stay).reverse());
      return answer;
    });
  }

  redo() {
    return this.turn(async () => {
      if (!this.canRedo) return null;
      const next = this.undone.slice(-2).reverse();
      const operations = areOneStep(...next) ? next : next.slice(0, 1);
      const answer = await this.server.post(operations, this.revision);
      this.undone.splice(-operations.length);
      this.list.push(...operations);
      return answer;
    });
  }

  /** One after another: an answer is the ground of the next question. */
  turn(deed) {
    const mine = this.waiting.then(() => this.one(deed));
    this.waiting = mine.catch(() => {});
    return mine;
  }

  async one(deed) {
    this.isBusy = true;
    this.told('busy');
    try {
      const answer = await deed();
      if (answer) this.revision = answer.revision;
      this.isBusy = false;
      this.told('done', answer);
      return answer;
    } catch (error) {
      this.isBusy = false;
      this.told(error.status === 412 ? 'behind' : 'refused', error);
      throw error;
    }
  }
}
