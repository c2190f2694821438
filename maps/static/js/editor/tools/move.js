/** Moving a border: a vertex or an edge of an arc is dragged, and the cells at both sides follow. */
import { crossing, edgeBent, vertexGone, vertexMoved } from '../border.js';
import { trace } from '../../map/canvaslayer.js';
import { cutBy, shifted } from '../counts.js';
import { cased, caught, filled, grip, knob, square } from '../ink.js';
import { degrees, numbersAt } from '../snap.js';
import { halfway, Slide } from '../slide.js';

const NUDGE = { small: 10, large: 100 };
const GRIP_PX = 15;
// On a shorter border the grip would hide its ends.
const LEAST_PX = 56;

export class Move {
  /** @param act { send, say, tip, hideTip } */
  constructor(desk, act) {
    Object.assign(this, { desk, act });
    this.clear();
  }

  clear() {
    Object.assign(this, { arc: null, hover: null, hold: null, moved: null, shift: null, cut: [], bad: null, hit: null, at: -1, slide: null });
  }

  begin() {
    this.clear();
    if (!this.desk.model) return;
    // Two chosen neighbours: the border between them is in hand at once.
    const [one, two] = [...this.desk.chosen];
    if (two) [this.arc] = this.desk.model.between(one, two);
  }

  end() {
    this.act.hideTip();
    this.clear();
  }

  renewed() {
    this.clear();
  }

  find(place) {
    return this.desk.model ? this.desk.model.arcAt(place.x, place.y, place.reach) : null;
  }

  down(place) {
    if (this.isOnGrip(place)) {
      this.slide = new Slide(this.desk, this.arc);
      this.hold = { kind: 'slide' };
      return true;
    }
    const found = this.find(place);
    if (!found) return false;
    if (this.desk.model.isRim(found.arc) && !this.nodeOf(found)) {
      this.act.say('editor.rim_locked');
      return false;
    }
    this.arc = found.arc;
    const vertex = Math.round(found.at);
    const [x, y] = [found.arc.line[2 * vertex], found.arc.line[2 * vertex + 1]];
    const isVertex = Math.hypot(x - place.x, y - place.y) <= place.reach * 1.2;
    this.hold = isVertex ? { kind: 'vertex', i: vertex } : { kind: 'edge', i: Math.floor(found.at) };
    if (isVertex && this.isLocked(vertex)) {
      this.act.say('editor.rim_locked');
      this.hold = null;
    }
    return true;
  }

  /** The grip in the middle of the border in hand slides all of it. */
  isOnGrip({ x, y }) {
    if (!this.hasGrip()) return false;
    const [u, v] = halfway(this.arc.line);
    return Math.hypot(u - x, v - y) <= this.desk.reach(GRIP_PX);
  }

  hasGrip() {
    if (!this.arc || this.moved || this.desk.model.isRim(this.arc)) return false;
    const { line } = this.arc;
    return Math.hypot(line[line.length - 2] - line[0], line[line.length - 1] - line[1]) >= this.desk.reach(LEAST_PX);
  }

  nodeOf({ arc, at }) {
    const i = Math.round(at);
    return (i === 0 || i === arc.n.length / 2 - 1) && Math.abs(at - i) < 0.02 && !this.isLockedOf(arc, i);
  }

  isLocked(i) {
    return this.isLockedOf(this.arc, i);
  }

  /** A vertex on the outline is the outline's: it stays. */
  isLockedOf(arc, i) {
    return this.desk.model.arcsAt(arc, i).some(([one]) => this.desk.model.isRim(one));
  }

  move(place, isHeld) {
    if (!isHeld || !this.hold) {
      this.hover = this.desk.canEdit ? this.find(place) : null;
      return;
    }
    if (this.slide) {
      this.slideTo(place);
      return;
    }
    const skip = new Set(this.desk.model.arcsAt(this.arc, this.hold.i).map(([arc]) => arc));
    skip.add(this.arc);
    this.hit = place.isFree ? { kind: '', n: numbersAt(place.x, place.y) } : this.desk.snapper.near(place.x, place.y, place.reach, skip);
    this.to(this.hit.n);
    this.act.tip(place.point, { shift: this.shift, cut: this.cut, isBad: Boolean(this.bad), hit: this.hit });
  }

  slideTo(place) {
    const skip = new Set([this.arc]);
    this.hit = place.isFree ? { ...place, kind: '' } : this.desk.snapper.near(place.x, place.y, place.reach, skip);
    this.bad = this.slide.to(this.hit) ? null : [0, 0];
    const { moves, cut } = this.slide;
    this.act.tip(place.point, { shift: { moves: this.bad ? [] : moves }, cut: this.bad ? [] : cut, isBad: Boolean(this.bad), hit: this.hit });
  }

  /** Shows what the vertex or edge in hand would be at a place. */
  to(n) {
    const { model } = this.desk;
    const { kind, i } = this.hold;
    this.moved = kind === 'vertex' ? vertexMoved(model, this.arc, i, n) : edgeBent(this.arc, i, n);
    this.bad = crossing(model, this.moved);
    this.shift = shifted(model, this.desk.byCell, this.moved);
    this.cut = cutBy([...this.moved.keys()].map((arc) => model.line(arc, this.moved)), this.desk.buildings);
  }

  up(place, isStill) {
    this.act.hideTip();
    if (this.slide) {
      this.slid(isStill);
      return;
    }
    if (!this.hold || isStill || !this.moved) {
      this.hold = null;
      return;
    }
    this.drop();
  }

  slid(isStill) {
    const { slide } = this;
    this.hold = null;
    if (!isStill && !this.bad && slide.half) this.act.send(slide.operation());
    else {
      if (this.bad && !isStill) this.act.say('editor.slides_out');
      this.cancel();
    }
  }

  /** What was dragged becomes a step of the plan, or goes back when it runs over another border. */
  drop() {
    const { hold, moved, arc } = this;
    this.hold = null;
    if (this.bad) {
      this.act.say('editor.crosses');
      this.cancel();
      return;
    }
    const isNode = hold.kind === 'vertex' && this.desk.model.arcsAt(arc, hold.i).length > 1;
    const operation = isNode
      ? { op: 'move_vertex', at: point(arc.n, hold.i), to: point(moved.get(arc), hold.i) }
      : this.borderOp(arc, moved.get(arc));
    this.act.send(operation);
  }

  borderOp(arc, n) {
    return { op: 'move_border', cells: arc.sides.map((cell) => cell.code), line: degrees(n) };
  }

  click(place) {
    const found = this.find(place);
    this.arc = found && !this.desk.model.isRim(found.arc) ? found.arc : null;
    this.at = -1;
  }

  /** Tab walks the vertices, arrows move the one in hand, Delete takes it out, Enter keeps, Esc drops. */
  key(event) {
    if (event.key === 'Escape') return this.cancel();
    if (!this.arc || !this.desk.canEdit) return event.key === 'Tab' ? this.firstArc() : false;
    const last = this.arc.n.length / 2 - 1;
    if (event.key === 'Tab') {
      this.at += event.shiftKey ? -1 : 1;
      if (this.at < 0 || this.at > last) this.at = -1;
      return this.at >= 0;
    }
    if (event.key === 'Delete' && this.at > 0 && this.at < last) {
      this.act.send(this.borderOp(this.arc, vertexGone(this.arc, this.at).get(this.arc)));
      return true;
    }
    if (event.key === 'Enter' && this.moved && this.hold) {
      this.drop();
      return true;
    }
    return this.nudge(event);
  }

  firstArc() {
    const [cell] = this.desk.chosen;
    if (!cell) return false;
    this.arc = cell.arcs.find((arc) => !this.desk.model.isRim(arc)) || null;
    this.at = this.arc ? 0 : -1;
    return Boolean(this.arc);
  }

  nudge(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = steps[event.key];
    if (!step || this.at < 0 || this.isLocked(this.at)) return false;
    const far = event.shiftKey ? NUDGE.large : NUDGE.small;
    const n = this.moved ? this.moved.get(this.arc) : this.arc.n;
    this.hold = { kind: 'vertex', i: this.at };
    this.to([n[2 * this.at] + far * step[0], n[2 * this.at + 1] + far * step[1]]);
    return true;
  }

  cancel() {
    const hadSomething = Boolean(this.moved || this.arc);
    const arc = this.moved || this.slide ? this.arc : null;
    this.clear();
    this.arc = arc;
    this.act.hideTip();
    return hadSomething;
  }

  paint(context, view, marks) {
    const { theme } = marks;
    const { model } = this.desk;
    if (!model) return;
    if (this.hover && !this.arc && !model.isRim(this.hover.arc)) {
      cased(context, view, [this.hover.arc.line], { colour: theme.accent, width: 3 });
    }
    if (!this.arc) return;
    if (this.slide && this.slide.half) {
      this.paintSlide(context, view, marks);
      return;
    }
    if (this.moved) this.paintMoved(context, view, marks);
    const line = model.line(this.arc, this.moved || undefined);
    cased(context, view, [line], { colour: this.bad ? theme.ink : theme.accent, width: 3, dash: this.bad ? [3, 5] : [] });
    this.handles(context, view, line, theme);
    if (this.hasGrip()) grip(context, view, halfway(line), line, theme.accent);
    caught(context, view, this.hold ? this.hit : null, theme.accent);
  }

  paintSlide(context, view, marks) {
    const { theme } = marks;
    const { half, line, moves, cut, counts } = this.slide;
    filled(context, view, [half], theme.chosen_casing, 0.3);
    for (const { building } of moves) outline(context, view, building, theme.chosen_casing, theme.chosen);
    for (const building of cut) outline(context, view, building, theme.card, theme.ink);
    cased(context, view, [this.arc.line], { colour: theme.edge, width: 1.6, dash: [4, 5] });
    context.save();
    context.beginPath();
    for (const ring of this.desk.model.rings(this.slide.from)) trace(context, view, ring, true);
    context.clip('evenodd');
    cased(context, view, [line], { colour: theme.accent, width: 3 });
    context.restore();
    marks.pills(context, [...counts].map(([one, [before, after]]) => ({ ...(marks.spots.get(one.code) || middle(one, view)), one, before, after })));
    caught(context, view, this.hit, theme.accent);
  }

  paintMoved(context, view, marks) {
    const { theme } = marks;
    const { model } = this.desk;
    for (const arc of this.moved.keys()) {
      const between = [...model.line(arc), ...backwards(model.line(arc, this.moved))];
      filled(context, view, [between], theme.chosen_casing, 0.3);
    }
    for (const { building } of this.shift.moves) outline(context, view, building, theme.chosen_casing, theme.chosen);
    for (const building of this.cut) outline(context, view, building, theme.card, theme.ink);
    const lines = [...this.moved.keys()].map((arc) => model.line(arc));
    cased(context, view, lines, { colour: theme.edge, width: 1.6, dash: [4, 5] });
    cased(context, view, [...this.moved.keys()].map((arc) => model.line(arc, this.moved)), { colour: theme.accent, width: 2.4 });
    const counts = [...this.shift.counts].filter(([, [before, after]]) => this.moved.size < 2 || before !== after);
    marks.pills(context, counts.map(([one, [before, after]]) => ({ ...(marks.spots.get(one.code) || middle(one, view)), one, before, after })));
  }

  handles(context, view, line, theme) {
    const last = line.length / 2 - 1;
    for (let i = 0; i <= last; i += 1) {
      const [x, y] = [line[2 * i], line[2 * i + 1]];
      if (i === 0 || i === last) square(context, view, x, y, theme.ink);
      else knob(context, view, x, y, { colour: theme.accent });
      if (i === this.at) knob(context, view, x, y, { radius: 8, colour: theme.chosen, fill: theme.chosen_casing, width: 2 });
    }
  }
}

function point(n, i) {
  return degrees(n.slice(2 * i, 2 * i + 2))[0];
}

function backwards(line) {
  const back = [];
  for (let i = line.length - 2; i >= 0; i -= 2) back.push(line[i], line[i + 1]);
  return back;
}

function outline(context, view, building, fill, edge) {
  filled(context, view, building.rings, fill, 1);
  cased(context, view, building.rings.map((ring) => [...ring, ring[0], ring[1]]), { colour: edge, width: 1.6, around: 0 });
}

function middle(cell, view) {
  const [west, north, east, south] = cell.box;
  return { x: ((west + east) / 2) * view.scale + view.tx, y: ((north + south) / 2) * view.scale + view.ty };
}
