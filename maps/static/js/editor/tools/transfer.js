/** Transferring: press the cell that receives, then paint buildings of its neighbours, or draw a ring. */
import { taken } from '../counts.js';
import { isInside } from '../../core/coverage.js';
import { shapeOf } from '../../map/buildings.js';
import { cased, filled } from '../ink.js';

const BRUSH = 13;

export class Transfer {
  constructor(desk, act) {
    Object.assign(this, { desk, act });
    this.way = 'brush';
    this.clear();
  }

  clear() {
    Object.assign(this, { to: null, picked: new Set(), ring: null, at: null, isTaking: false });
  }

  begin() {
    this.clear();
    const [cell] = this.desk.chosen;
    this.to = cell || null;
    this.tellChip();
  }

  end() {
    this.clear();
    this.act.chip(null);
  }

  renewed() {
    const code = this.to ? this.to.code : '';
    this.clear();
    this.to = this.desk.model.byCode.get(code) || null;
    this.tellChip();
  }

  refused() {
    this.tellChip();
  }

  get isDrawing() {
    return this.picked.size > 0;
  }

  get isGroups() {
    return Boolean(this.desk.shown()[0] && this.desk.shown()[0].cells);
  }

  down(place) {
    if (!this.to || !this.desk.model) return false;
    const cell = this.desk.model.cellAt(place.x, place.y);
    this.isTaking = !place.event.altKey;
    if (this.way === 'lasso' || place.isShift) {
      this.ring = [place.x, place.y];
      return true;
    }
    // A press on the cell itself changes which one receives; beside it, it paints.
    if (!cell || cell === this.to) return false;
    const one = this.buildingAt(place);
    if (one && this.picked.has(one)) this.isTaking = false;
    this.brush(place);
    return true;
  }

  move(place, isHeld) {
    this.at = place;
    if (!isHeld) return;
    if (this.ring) this.ring.push(place.x, place.y);
    else this.brush(place);
    this.tellChip();
  }

  up(place) {
    if (this.ring) this.takeRing();
    else this.brush(place);
    this.ring = null;
    this.tellChip();
  }

  leave() {
    this.at = null;
  }

  click(place) {
    const cell = this.desk.model && this.desk.model.cellAt(place.x, place.y);
    if (!cell || !this.desk.canEdit) return;
    if (this.to && cell !== this.to) return;
    this.to = this.to === cell && !this.picked.size ? null : cell;
    this.picked = new Set();
    this.tellChip();
  }

  buildingAt(place) {
    const view = { scale: 2 ** this.desk.map.getZoom() };
    const near = this.desk.buildings.within([place.x, place.y, place.x, place.y]);
    return near.find((one) => isInside(shapeOf(one, view), place.x, place.y)) || null;
  }

  brush(place) {
    const r = this.desk.reach(BRUSH);
    const near = this.desk.buildings.within([place.x - r, place.y - r, place.x + r, place.y + r]);
    for (const one of near) this.take(one);
  }

  takeRing() {
    if (this.ring.length < 6) return;
    for (const one of this.desk.town.buildings) if (isInside([this.ring], one.x, one.y)) this.take(one);
  }

  take(building) {
    const home = this.desk.model.byCode.get(building.home);
    if (!home || home === this.to || (this.isGroups && home.group === this.to.group)) return;
    if (this.isTaking) this.picked.add(building);
    else this.picked.delete(building);
  }

  /** Of grids, whole leaves change their parent; of leaves, buildings change their leaf. */
  operations() {
    if (!this.isGroups) return [{ op: 'transfer', to: this.to.code, buildings: [...this.picked].map((one) => one.code) }];
    const leaves = new Set([...this.picked].map((one) => one.home));
    return [...leaves].map((code) => ({ op: 'reparent', cell: code, parent: this.to.group.code }));
  }

  counts() {
    if (!this.isGroups) return taken(this.desk.model, this.picked, this.to);
    const leaves = new Set([...this.picked].map((one) => this.desk.model.byCode.get(one.home)));
    const counts = new Map([[this.to.group, [this.to.group.households, this.to.group.households]]]);
    for (const leaf of leaves) {
      if (!counts.has(leaf.group)) counts.set(leaf.group, [leaf.group.households, leaf.group.households]);
      counts.get(leaf.group)[1] -= leaf.households;
      counts.get(this.to.group)[1] += leaf.households;
    }
    return counts;
  }

  tellChip() {
    if (!this.to) return this.act.chip(this.act.text('editor.transfer_how'));
    const ways = [['brush', 'editor.brush'], ['lasso', 'editor.lasso']].map(([way, key]) => [this.act.text(key), this.way === way, () => this.choose(way)]);
    const receiver = this.isGroups ? this.to.group.name : this.to.name;
    if (!this.picked.size) return this.act.chip(this.act.text('editor.transfer_more', { cell: receiver }), null, () => this.cancel(), ways);
    const n = [...this.picked].reduce((sum, one) => sum + one.households, 0);
    const goods = { buildings: this.act.text('editor.buildings_n', { n: this.picked.size }), households: this.act.text('editor.moves_households', { n }) };
    const said = this.act.text('editor.transfer_said', { cell: receiver, ...goods });
    return this.act.chip(said, () => this.finish(), () => this.cancel(), ways);
  }

  choose(way) {
    this.way = way;
    this.tellChip();
  }

  finish() {
    if (!this.picked.size) return;
    const operations = this.operations();
    this.act.chip(null);
    this.act.sendAll(operations);
  }

  key(event) {
    if (event.key === 'Enter' && this.picked.size) {
      this.finish();
      return true;
    }
    if (event.key === 'l' || event.key === 'L') {
      this.choose(this.way === 'brush' ? 'lasso' : 'brush');
      return true;
    }
    return event.key === 'Escape' ? this.cancel() : false;
  }

  cancel() {
    const had = Boolean(this.to);
    if (this.picked.size) this.picked = new Set();
    else this.to = null;
    this.ring = null;
    this.tellChip();
    return had;
  }

  paint(context, view, marks) {
    const { model } = this.desk;
    if (!model || !this.to) return;
    const { theme } = marks;
    const cells = this.isGroups ? this.to.group.cells : [this.to];
    cells.forEach((cell) => filled(context, view, model.rings(cell), theme.accent, 0.16));
    cased(context, view, model.rim(cells).map((arc) => arc.line), { colour: theme.accent, width: 2.6 });
    for (const one of this.picked) {
      const rings = shapeOf(one, view);
      filled(context, view, rings, theme.chosen_casing, 1);
      cased(context, view, rings.map((ring) => [...ring, ring[0], ring[1]]), { colour: theme.chosen, width: 1.6, around: 0 });
    }
    if (this.ring && this.ring.length > 2) {
      filled(context, view, [this.ring], theme.accent, 0.12);
      cased(context, view, [this.ring], { colour: theme.accent, width: 2, dash: [6, 4] });
    }
    if (this.picked.size) this.pills(context, view, marks);
    if (this.at && this.way === 'brush' && !this.ring) this.paintBrush(context, view, theme);
  }

  pills(context, view, marks) {
    const counts = [...this.counts()].filter(([one, [before, after]]) => before !== after && marks.spots.has(one.code));
    marks.pills(context, counts.map(([one, [before, after]]) => ({ ...marks.spots.get(one.code), one, before, after })));
  }

  paintBrush(context, view, theme) {
    context.beginPath();
    context.arc(this.at.x * view.scale + view.tx, this.at.y * view.scale + view.ty, BRUSH, 0, 7);
    context.strokeStyle = theme.accent;
    context.lineWidth = 1.6;
    context.setLineDash([]);
    context.stroke();
    context.fillStyle = theme.accent;
    context.globalAlpha = 0.12;
    context.fill();
    context.globalAlpha = 1;
  }
}
