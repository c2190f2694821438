/** What lies on the desk: the plan, its cells, the tool in hand, what is chosen; and who listens. */
import { Boxes } from '../core/boxes.js';
import { changedCells } from './changes.js';
import { housed } from './counts.js';
import { groupsOf } from './groups.js';
import { Model } from './model.js';
import { edgesOf, Snapper } from './snap.js';

export class Desk {
  constructor({ map, page, town, texts, facts }) {
    Object.assign(this, { map, page, town, texts, facts });
    this.plan = null;
    this.model = null;
    this.published = null;
    this.groups = [];
    this.byCell = [];
    this.problems = null;
    this.impact = null;
    this.chosen = new Set();
    this.level = 0;
    this.isCompared = true;
    this.past = null;
    this.changed = new Set();
    this.problem = -1;
    this.buildings = new Boxes(town.buildings);
    this.streets = new Boxes(edgesOf(town.ground.filter((one) => one.kind === 'street').flatMap((one) => one.lines)));
    this.listeners = [];
    for (const building of town.buildings) building.home = building.cell ? building.cell.code : '';
  }

  on(listener) {
    this.listeners.push(listener);
  }

  /** 'plan', 'model', 'problems', 'impact', 'chosen', 'tool', 'past', 'compare', 'busy' */
  tell(what, fact) {
    for (const listener of this.listeners) listener(what, fact);
  }

  /** The cells anew, as the server has them; what was chosen stays so by its code. */
  hold(answer) {
    const chosen = [...this.chosen].map((cell) => cell.code);
    this.model = new Model(answer);
    for (const cell of this.model.cells) {
      const known = this.town.byCode.get(cell.code);
      cell.level = cell.level || (known ? known.level : this.leafLevel());
      cell.parent = cell.parent || (known && known.parent ? known.parent.code : this.page.cell.code);
      cell.parentName = this.nameOf(cell.parent);
    }
    this.groups = groupsOf(this.model, this.page.cell.code);
    const levels = this.levels();
    if (!levels.includes(this.level)) this.level = levels[levels.length - 1];
    this.byCell = housed(this.model, this.town.buildings);
    this.snapper = new Snapper(this.model, this.buildings, this.streets);
    this.chosen = new Set(chosen.map((code) => this.model.byCode.get(code)).filter(Boolean));
    this.compareAnew();
    this.tell('model');
  }

  /** The level of what has no level of its own: that of most leaves. */
  leafLevel() {
    const levels = this.town.asked.members.map((leaf) => leaf.level);
    return Math.max(this.page.cell.level + 1, ...levels);
  }

  nameOf(code) {
    const cell = this.town.byCode.get(code);
    return cell ? cell.name : code;
  }

  /** Levels one may look at: that above the leaves first, where they stand in groups. */
  levels() {
    const leaves = this.model.cells.map((cell) => cell.level);
    const finest = leaves.length ? Math.max(...leaves) : this.page.cell.level + 1;
    return this.groups.length > 1 && this.groups.some((one) => one.cells.length > 1) ? [finest - 1, finest] : [finest];
  }

  /** What is counted and named now: leaves, or the cells that they make. */
  shown() {
    if (!this.model) return [];
    const isGroups = this.levels().length > 1 && this.level === this.levels()[0];
    return isGroups ? this.groups : this.model.cells;
  }

  get canEdit() {
    const isOpen = this.plan && ['draft', 'returned'].includes(this.plan.state);
    return Boolean(isOpen && !this.past && this.facts.edits);
  }

  choose(cells) {
    this.chosen = new Set(cells);
    this.tell('chosen');
  }

  /** Pixels of the screen as a length in the plane. */
  reach(pixels) {
    return pixels / 2 ** this.map.getZoom();
  }

  /** What is not as it is published: recounted when either side is new. */
  compareAnew() {
    this.changed = this.model && this.published ? changedCells(this.model, this.published) : new Set();
  }
}
