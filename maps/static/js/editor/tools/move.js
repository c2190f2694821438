/**
 * Moving a border: a vertex or an edge of an arc is dragged, and the cells at both sides follow. The
 * outline goes outwards only, over land that nobody has, and only after it was said how much it gains.
 */
import { crossing, edgeBent, vertexGone, vertexMoved } from '../border.js';
import { cutBy, shifted } from '../counts.js';
import { gainOf } from '../rim.js';
import { degrees, numbersAt } from '../snap.js';
import { halfway, Slide } from '../slide.js';
import { paintMove } from './movepaint.js';
import { takeIn, tellGain } from './outward.js';

const NUDGE = { small: 10, large: 100 };
const GRIP_PX = 15;
// On a shorter border the grip would hide its ends.
const LEAST_PX = 56;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Move {
  /** @param act { send, sendAll, say, chip, tip, hideTip } */
  constructor(desk, act) {
    Object.assign(this, { desk, act, isOwn: false });
    this.clear();
  }

  clear() {
    Object.assign(this, { arc: null, hover: null, hold: null, moved: null, shift: null, cut: [], bad: null, hit: null, at: -1, slide: null, gain: null });
  }

  begin() {
    this.clear();
    // Two chosen neighbours: the border between them is in hand at once.
    const [one, two] = [...this.desk.chosen];
    if (this.desk.model && two) this.arc = this.desk.model.between(one, two)[0] || null;
    this.tellChip();
  }

  end() {
    this.act.hideTip();
    this.act.chip(null);
    this.clear();
  }

  renewed() {
    this.clear();
    this.tellChip();
  }

  refused() {
    this.cancel();
  }

  get isDrawing() {
    return Boolean(this.moved || this.slide);
  }

  tellChip() {
    if (this.gain && !this.hold) tellGain(this);
    else this.act.chip(this.act.text('editor.move_how'));
  }

  find(place) {
    return this.desk.model ? this.desk.model.arcAt(place.x, place.y, place.reach) : null;
  }

  down(place) {
    if (this.gain) this.cancel();
    if (this.isOnGrip(place)) {
      this.slide = new Slide(this.desk, this.arc);
      this.hold = { kind: 'slide' };
      return true;
    }
    const found = this.find(place);
    if (!found) return false;
    this.arc = found.arc;
    this.at = -1;
    this.hold = this.holdOf(found, place);
    if (!this.hold) this.act.say('editor.rim_locked');
    return true;
  }

  /** The vertex within reach, else the edge; of the outline the edge where the vertex is a node. */
  holdOf({ arc, at }, place) {
    const i = Math.round(at);
    const [x, y] = [arc.line[2 * i], arc.line[2 * i + 1]];
    const isVertex = Math.hypot(x - place.x, y - place.y) <= place.reach * 1.2;
    const edge = { kind: 'edge', i: Math.min(Math.floor(at), arc.n.length / 2 - 2) };
    if (!isVertex) return edge;
    if (!this.isLocked(arc, i)) return { kind: 'vertex', i };
    return this.desk.model.isRim(arc) ? edge : null;
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

  /** A node on the outline stays: others meet there. */
  isLocked(arc, i) {
    const isEnd = i === 0 || i === arc.n.length / 2 - 1;
    return isEnd && this.desk.model.arcsAt(arc, i).some(([one]) => this.desk.model.isRim(one));
  }

  move(place, isHeld) {
    if (!isHeld || !this.hold) {
      this.hover = this.desk.canEdit ? this.find(place) : null;
      return;
    }
    const skip = new Set(this.slide ? [this.arc] : [this.arc, ...this.desk.model.arcsAt(this.arc, this.hold.i).map(([arc]) => arc)]);
    const free = { x: place.x, y: place.y, kind: '', n: numbersAt(place.x, place.y) };
    this.hit = place.isFree ? free : this.desk.snapper.near(place.x, place.y, place.reach, skip);
    if (this.slide) this.slideTo(place);
    else {
      this.to(this.hit.n);
      this.act.tip(place.point, { shift: this.shift, cut: this.cut, isBad: Boolean(this.bad), hit: this.hit, gain: this.gain });
    }
  }

  slideTo(place) {
    this.bad = this.slide.to(this.hit) ? null : [0, 0];
    const { moves, cut } = this.slide;
    this.act.tip(place.point, { shift: { moves: this.bad ? [] : moves }, cut: this.bad ? [] : cut, isBad: Boolean(this.bad), hit: this.hit });
  }

  /** Shows what the vertex or edge in hand would be at a place. */
  to(n) {
    const { model } = this.desk;
    const { kind, i } = this.hold;
    this.moved = kind === 'vertex' ? vertexMoved(model, this.arc, i, n) : edgeBent(this.arc, i, n);
    this.gain = model.isRim(this.arc) ? gainOf(model, this.arc, this.moved.get(this.arc)) : null;
    this.bad = this.gain && this.gain.m2 < 0 ? n : crossing(model, this.moved);
    this.shift = this.gain ? { moves: [], counts: new Map() } : shifted(model, this.desk.byCell, this.moved);
    this.cut = cutBy([...this.moved.keys()].map((arc) => model.line(arc, this.moved)), this.desk.buildings);
  }

  up(place, isStill) {
    this.act.hideTip();
    if (this.slide) this.slid(isStill);
    else if (!this.hold || isStill || !this.moved) this.hold = null;
    else this.drop();
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
      this.act.say(this.gain && this.gain.m2 < 0 ? 'editor.rim_inward' : 'editor.crosses');
      this.cancel();
      return;
    }
    if (this.gain) {
      this.tellChip();
      return;
    }
    const isNode = hold.kind === 'vertex' && this.desk.model.arcsAt(arc, hold.i).length > 1;
    const operation = isNode
      ? { op: 'move_vertex', at: point(arc.n, hold.i), to: point(moved.get(arc), hold.i) }
      : borderOp(arc, moved.get(arc));
    this.act.send(operation);
  }

  click(place) {
    const found = this.find(place);
    this.arc = found ? found.arc : null;
    this.at = -1;
  }

  /** Tab walks the vertices, arrows move the one in hand, Delete takes it out, Enter keeps, Esc drops. */
  key(event) {
    if (event.key === 'Escape') return this.cancel();
    if (!this.arc || !this.desk.canEdit) return event.key === 'Tab' ? this.firstArc() : false;
    if (event.key === 'Tab') return this.walk(event.shiftKey ? -1 : 1);
    if (event.key === 'Delete' && this.takesOut()) return true;
    if (event.key === 'Enter' && this.moved) {
      if (this.hold) this.drop();
      else if (this.gain) takeIn(this);
      return true;
    }
    return this.nudge(event);
  }

  walk(by) {
    this.at += by;
    if (this.at < 0 || this.at >= this.arc.n.length / 2) this.at = -1;
    return this.at >= 0;
  }

  takesOut() {
    const isBetween = this.at > 0 && this.at < this.arc.n.length / 2 - 1;
    if (!isBetween || this.desk.model.isRim(this.arc)) return false;
    this.act.send(borderOp(this.arc, vertexGone(this.arc, this.at).get(this.arc)));
    return true;
  }

  firstArc() {
    const [cell] = this.desk.chosen;
    if (!cell) return false;
    this.arc = cell.arcs.find((arc) => !this.desk.model.isRim(arc)) || null;
    this.at = this.arc ? 0 : -1;
    return Boolean(this.arc);
  }

  nudge(event) {
    const step = ARROWS[event.key];
    if (!step || this.at < 0) return false;
    if (this.isLocked(this.arc, this.at)) {
      this.act.say('editor.rim_locked');
      return true;
    }
    const far = event.shiftKey ? NUDGE.large : NUDGE.small;
    const n = this.moved ? this.moved.get(this.arc) : this.arc.n;
    this.hold = { kind: 'vertex', i: this.at };
    this.to([n[2 * this.at] + far * step[0], n[2 * this.at + 1] + far * step[1]]);
    this.act.chip(this.act.text(this.bad ? 'editor.crosses' : 'editor.move_keys'), () => this.drop(), () => this.cancel());
    return true;
  }

  /** What was moved goes back, the border stays in hand; the next time that is let go too. */
  cancel() {
    const hadSomething = Boolean(this.moved || this.arc);
    const { arc, at } = this.moved || this.slide ? this : { arc: null, at: -1 };
    this.clear();
    Object.assign(this, { arc, at });
    this.act.hideTip();
    this.tellChip();
    return hadSomething;
  }

  paint(context, view, marks) {
    paintMove(this, context, view, marks);
  }
}

function borderOp(arc, n) {
  return { op: 'move_border', cells: arc.sides.map((cell) => cell.code), line: degrees(n) };
}

function point(n, i) {
  return degrees(n.slice(2 * i, 2 * i + 2))[0];
}
