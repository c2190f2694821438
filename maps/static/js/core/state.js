/** What is chosen, filtered and hovered, and who wants to know. */

export class State {
  constructor() {
    this.chosen = null;
    this.filter = null;
    this.listeners = [];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  /** A cell or a building of the town, or null. */
  choose(thing) {
    if (thing === this.chosen) return;
    this.chosen = thing;
    this.tell('chosen');
  }

  /** Index of a kind, or null; the same again takes it back. */
  pick(kind) {
    this.filter = this.filter === kind ? null : kind;
    this.tell('filter');
  }

  tell(what) {
    for (const listener of this.listeners) listener(what);
  }
}
