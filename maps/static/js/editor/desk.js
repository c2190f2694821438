/** What lies on the desk: the plan, its cells, the tool in hand, what is chosen; and who listens. */
import { Boxes } from '../core/boxes.js';
import { changedCells, isOutlineAlike } from './changes.js';
import { landOf } from './rim.js';
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
    this.gained = 0;
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

  /** An upper cell as borders are told by: { code, level, parent }; undefined above the area. */
  upper(code) {
    const cell = code === this.page.cell.code ? null : this.town.byCode.get(code);
    return cell ? { code, level: cell.level, parent: cell.parent ? cell.parent.code : null } : undefined;
  }

  /** Levels one may look at: that above the leaves first, where they stand in groups. */
  levels() {
    const leaves = this.model.cells.map((cell) => cell.level);
    const finest = leaves.length ? Math.max(...leaves) : this.page.cell.level + 1;
    return this.groups.length > 1 && this.groups.some((one) => one.cells.length > 1) ? [finest - 1, finest] : [finest];
  }

  /** Levels whose borders are drawn, the area's own first. */
  borderLevels() {
    const asked = this.page.cell.level;
    const all = [...this.town.byCode.values(), ...(this.model ? this.model.cells : [])].map((cell) => cell.level);
    const finest = this.model ? 5 : Math.min(5, asked + 2);
    return [...new Set(all)].filter((level) => level >= asked && level <= finest).sort((a, b) => a - b);
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

  /** Whether nobody will change the plan any more. */
  get isOver() {
    return Boolean(this.plan && ['published', 'withdrawn'].includes(this.plan.state));
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
    const isBoth = this.model && this.published;
    this.changed = isBoth ? changedCells(this.model, this.published) : new Set();
    this.gained = isBoth ? gainedBy(this.model, this.published) : 0;
  }
}

/** Square metres that the outline takes in more than the published one; a new vertex alone is nothing. */
function gainedBy(model, published) {
  if (isOutlineAlike(model, published)) return 0;
  const land = (one) => one.cells.reduce((sum, cell) => sum + landOf(one, cell), 0);
  return land(model) - land(published);
}
