/** Splitting a cell: a line of presses across it; what would become of it is counted while one draws. */
import { extent, halves, inside } from '../cut.js';
import { cutBy } from '../counts.js';
import { cased, caught, filled, knob } from '../ink.js';
import { degrees } from '../snap.js';

export class Split {
  constructor(desk, act) {
    Object.assign(this, { desk, act });
    this.clear();
  }

  clear() {
    Object.assign(this, { points: [], hit: null, preview: null, cut: [] });
    this.act.chip(null);
  }

  begin() {
    this.clear();
    this.tellChip();
  }

  end() {
    this.clear();
  }

  renewed() {
    this.clear();
    this.tellChip();
  }

  refused() {
    this.tellChip();
  }

  get isDrawing() {
    return this.points.length > 0;
  }

  click(place) {
    if (!this.desk.canEdit || !this.desk.model) return;
    const hit = this.caught(place);
    const last = this.points[this.points.length - 1];
    if (last && Math.hypot(hit.x - last.x, hit.y - last.y) < this.desk.reach(3)) return;
    this.points.push(hit);
    this.hit = null;
    this.look();
    this.tellChip();
  }

  double() {
    this.finish();
  }

  caught(place) {
    if (!place.isFree && this.desk.snapper) return this.desk.snapper.near(place.x, place.y, place.reach);
    return this.desk.snapper.near(place.x, place.y, 0);
  }

  move(place) {
    if (!this.desk.canEdit || !this.desk.snapper) return;
    this.hit = this.caught(place);
    this.look();
  }

  leave() {
    this.hit = null;
    this.look();
  }

  get line() {
    const points = this.points.map(({ x, y }) => [x, y]);
    if (this.hit && points.length) points.push([this.hit.x, this.hit.y]);
    return points.flat();
  }

  /** The cell that the line parts: the chosen one, else the one it leaves the largest smaller half of. */
  look() {
    const line = this.line;
    this.preview = null;
    this.cut = [];
    if (line.length < 4) return;
    const candidates = this.desk.chosen.size ? [...this.desk.chosen] : this.met(line);
    for (const cell of candidates) {
      const shell = this.desk.model.ring(cell.polygons[0][0]);
      const ring = shell.slice(0, -2);
      const parts = cell.polygons.length === 1 ? halves(ring, line) : null;
      if (!parts) continue;
      const least = Math.min(...parts.map(extent));
      if (this.preview && this.preview.least >= least) continue;
      this.preview = { cell, parts, least, counts: parts.map((part) => count(inside(part, this.desk.byCell[cell.index]))) };
    }
    if (this.preview) this.cut = cutBy([line], this.desk.buildings).filter((one) => this.desk.byCell[this.preview.cell.index].includes(one));
  }

  met(line) {
    const xs = line.filter((_, i) => i % 2 === 0);
    const ys = line.filter((_, i) => i % 2 === 1);
    return this.desk.model.index.within([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
  }

  tellChip() {
    const { preview } = this;
    const said = preview
      ? this.act.text('editor.split_said', { cell: preview.cell.name, one: preview.counts[0], two: preview.counts[1] })
      : this.act.text(this.points.length > 1 ? 'editor.split_misses' : 'editor.split_how');
    this.act.chip(said, preview && this.points.length > 1 ? () => this.finish() : null, () => this.cancel());
  }

  finish() {
    this.hit = null;
    this.look();
    if (!this.preview || this.points.length < 2) {
      this.act.say('editor.split_misses');
      return;
    }
    const line = degrees(this.points.flatMap((one) => one.n));
    const operation = { op: 'split', cell: this.preview.cell.code, line };
    this.act.chip(null);
    this.act.send(operation);
  }

  key(event) {
    if (event.key === 'Enter' && this.points.length) {
      this.finish();
      return true;
    }
    if (event.key === 'Backspace' && this.points.length) {
      this.points.pop();
      this.look();
      this.tellChip();
      return true;
    }
    return event.key === 'Escape' ? this.cancel() : false;
  }

  cancel() {
    const had = this.points.length > 0;
    this.clear();
    this.tellChip();
    return had;
  }

  paint(context, view, marks) {
    const { theme } = marks;
    if (this.preview) {
      this.preview.parts.forEach((part, i) => filled(context, view, [part], i ? theme.accent : theme.chosen_casing, 0.16));
      for (const building of this.cut) {
        filled(context, view, building.rings, theme.card, 1);
        cased(context, view, building.rings.map((ring) => [...ring, ring[0], ring[1]]), { colour: theme.ink, width: 1.6, around: 0 });
      }
    }
    const line = this.line;
    if (line.length >= 4) cased(context, view, [line], { colour: theme.accent, width: 2.6, dash: this.preview ? [] : [6, 4] });
    for (const { x, y } of this.points) knob(context, view, x, y, { colour: theme.accent, radius: 4.2 });
    if (this.preview) {
      const spots = this.preview.parts.map(centre).map(([x, y]) => ({ x: x * view.scale + view.tx, y: y * view.scale + view.ty }));
      // The larger part keeps the code.
      const [one, two] = this.preview.parts.map(extent);
      const isNew = (i) => (i ? two <= one : one < two);
      marks.pills(context, spots.map((spot, i) => ({ ...spot, one: this.preview.cell, isNew: isNew(i), before: null, after: this.preview.counts[i] })));
    }
    caught(context, view, this.hit, theme.accent);
  }
}

function count(buildings) {
  return buildings.reduce((sum, one) => sum + one.households, 0);
}

/** The centre of area of a ring. */
function centre(ring) {
  let [area, x, y] = [0, 0, 0];
  const [x0, y0] = ring;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    const [a, b, c, d] = [ring[i] - x0, ring[i + 1] - y0, ring[j] - x0, ring[j + 1] - y0];
    const cross = a * d - c * b;
    area += cross;
    x += (a + c) * cross;
    y += (b + d) * cross;
  }
  return area ? [x0 + x / (3 * area), y0 + y / (3 * area)] : [x0, y0];
}
