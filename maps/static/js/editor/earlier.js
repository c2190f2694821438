/** Cells out of bounds that a plan leaves alone, with the reason that an earlier plan gave for them. */
import { classOf, ruleOf } from './sizes.js';

// Plans looked into for reasons, the newest first: older ones are rarely still true.
const MOST_PLANS = 12;

/** Leaves out of bounds that no problem of the plan is about. */
export function leftAlone({ model, plan, problems }) {
  if (!model || !problems) return [];
  const told = new Set(problems.map((one) => one.code));
  return model.cells.filter((cell) => {
    const size = classOf(cell.households, ruleOf(plan, cell.level));
    return size !== null && size !== 2 && !told.has(cell.code);
  });
}

export class Earlier {
  /** @param done told when reasons have come */
  constructor(desk, server, done) {
    Object.assign(this, { desk, server, done });
    this.reasons = new Map();
    this.isAsked = false;
  }

  reasonOf(code) {
    return this.reasons.get(code) || null;
  }

  /** Asked once, and only where a cell wants a reason. */
  async look() {
    const wanted = new Set(leftAlone(this.desk).map((cell) => cell.code));
    if (this.isAsked || !wanted.size) return;
    this.isAsked = true;
    const { items } = await this.server.list({ state: 'published', cell: this.desk.page.cell.code });
    const newest = [...items].sort((one, other) => other.published - one.published).slice(0, MOST_PLANS);
    for (const { id } of newest) {
      const { excuses } = await this.server.planOf(id);
      for (const { cell, reason } of excuses) if (!this.reasons.has(cell)) this.reasons.set(cell, { reason, id });
      if ([...wanted].every((code) => this.reasons.has(code))) break;
    }
    if (this.reasons.size) this.done();
  }
}
