/** Merging: the first cell pressed stays, its neighbours pressed after it join it. */
import { filled } from '../ink.js';

export class Merge {
  constructor(desk, act) {
    Object.assign(this, { desk, act });
    this.cells = [];
    this.hover = null;
  }

  begin() {
    this.cells = [...this.desk.chosen];
    this.tellChip();
  }

  end() {
    this.cells = [];
    this.hover = null;
    this.act.chip(null);
  }

  renewed() {
    this.end();
    this.tellChip();
  }

  refused() {
    this.tellChip();
  }

  get isDrawing() {
    return this.cells.length > 1;
  }

  click(place) {
    if (!this.desk.canEdit || !this.desk.model) return;
    const cell = this.desk.model.cellAt(place.x, place.y);
    if (!cell) return;
    if (this.cells.includes(cell)) this.cells = this.cells.filter((one) => one !== cell);
    else if (!this.cells.length || this.touches(cell)) this.cells.push(cell);
    else this.act.say('editor.merge_apart');
    this.tellChip();
  }

  touches(cell) {
    const near = this.desk.model.neighbours(cell);
    return this.cells.some((one) => near.includes(one));
  }

  move(place) {
    this.hover = this.desk.model ? this.desk.model.cellAt(place.x, place.y) : null;
  }

  leave() {
    this.hover = null;
  }

  get households() {
    return this.cells.reduce((sum, cell) => sum + cell.households, 0);
  }

  tellChip() {
    const [into, ...others] = this.cells;
    if (!into) return this.act.chip(this.act.text('editor.merge_how'));
    if (!others.length) return this.act.chip(this.act.text('editor.merge_more', { cell: into.name }), null, () => this.cancel());
    const said = this.act.text('editor.merge_said', { cells: others.map((cell) => cell.name).join(this.act.text('bar.list_comma')), into: into.name, n: this.households });
    return this.act.chip(said, () => this.finish(), () => this.cancel());
  }

  finish() {
    if (this.cells.length < 2) return;
    const codes = this.cells.map((cell) => cell.code);
    this.act.chip(null);
    this.act.send({ op: 'merge', cells: codes, into: codes[0] });
  }

  key(event) {
    if (event.key === 'Enter' && this.cells.length > 1) {
      this.finish();
      return true;
    }
    return event.key === 'Escape' ? this.cancel() : false;
  }

  cancel() {
    const had = this.cells.length > 0;
    this.cells = [];
    this.tellChip();
    return had;
  }

  paint(context, view, marks) {
    const { model } = this.desk;
    if (!model) return;
    const { theme } = marks;
    if (this.hover && !this.cells.includes(this.hover)) filled(context, view, model.rings(this.hover), theme.accent, 0.1);
    this.cells.forEach((cell, i) => filled(context, view, model.rings(cell), i ? theme.chosen_casing : theme.accent, 0.22));
    if (this.cells.length > 1) {
      const [into] = this.cells;
      const spot = marks.spots.get(into.code);
      if (spot) marks.pill(context, spot.x, spot.y, into, into.households, this.households);
    }
  }
}
