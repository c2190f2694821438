/** The hand on the map: presses, drags and keys go to the tool that is held, the rest to the map. */
import { L } from '../map/leaflet.js';

const STILL_PX = 4;
const REACH = { mouse: 9, pen: 12, touch: 22 };

export class Hand {
  /** @param tools by name; each may have down, move, up, click, key, cancel, begin, end, paint */
  constructor(desk, tools, repaint) {
    Object.assign(this, { desk, tools, repaint });
    this.tool = tools.select;
    this.pressed = null;
    /** Whether a press is awaited by something else than the tool. */
    this.isAwaited = () => false;
    /** Told when the hand has drawn, mended or left something. */
    this.drew = () => {};
    this.resting = [];
    this.last = null;
    this.frame = 0;
    this.element = desk.map.getContainer();
    this.element.addEventListener('pointerdown', (event) => this.down(event), true);
    this.element.addEventListener('pointermove', (event) => this.move(event));
    this.element.addEventListener('pointerup', (event) => this.up(event));
    this.element.addEventListener('pointercancel', () => this.drop());
    this.element.addEventListener('pointerleave', () => this.leave());
    this.element.addEventListener('dblclick', (event) => this.tool.double && this.tool.double(this.place(event)));
  }

  pick(name) {
    if (this.tool.end) this.tool.end();
    this.tool = this.tools[name];
    this.desk.map.doubleClickZoom[this.tool.double ? 'disable' : 'enable']();
    this.element.dataset.tool = name;
    if (this.tool.begin) this.tool.begin();
    this.desk.tell('tool', name);
    this.repaint();
  }

  /** What the tool in hand waits for, told once more. */
  again() {
    if (this.tool.tellChip) this.tool.tellChip();
  }

  /** Where an event falls: in the plane, on the screen, and how far a finger or a mouse reaches there. */
  place(event) {
    const { map } = this.desk;
    const point = map.mouseEventToContainerPoint(event);
    const at = map.project(map.containerPointToLatLng(point)).divideBy(2 ** map.getZoom());
    const pixels = REACH[event.pointerType] || REACH.mouse;
    return { x: at.x, y: at.y, point, reach: this.desk.reach(pixels), event, isFree: event.altKey, isShift: event.shiftKey };
  }

  down(event) {
    if (event.button !== 0 || event.target.closest('.handles')) return;
    const place = this.place(event);
    this.pressed = { place, isHeld: false, id: event.pointerId };
    if (!this.isAwaited() && this.desk.canEdit && this.tool.down && this.tool.down(place)) {
      this.pressed.isHeld = true;
      this.desk.map.dragging.disable();
      this.element.setPointerCapture(event.pointerId);
      this.repaint();
    }
  }

  move(event) {
    this.last = this.place(event);
    // A frame is drawn once, however many places the hand tells meanwhile.
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const isHeld = this.pressed && this.pressed.isHeld;
      if (this.pressed && !isHeld) return;
      if (this.tool.move) this.tool.move(this.last, isHeld);
      this.repaint();
    });
  }

  up(event) {
    if (!this.pressed) return;
    const { place, isHeld } = this.pressed;
    const here = this.place(event);
    this.pressed = null;
    if (this.frame) cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.desk.map.dragging.enable();
    if (isHeld) this.drew();
    const isStill = here.point.distanceTo(place.point) <= STILL_PX;
    if (isHeld) this.tool.up(here, isStill);
    if (isStill && (!isHeld || this.tool.clicksWhenHeld)) this.click(here);
    this.repaint();
    this.rested();
  }

  /** Resolves when nothing is held: cells do not change below a hand that drags. */
  atRest() {
    if (!this.pressed || !this.pressed.isHeld) return Promise.resolve();
    return new Promise((resolve) => this.resting.push(resolve));
  }

  rested() {
    for (const resolve of this.resting.splice(0)) resolve();
  }

  /** `before` may take a press: a point of a scan waits for its place. */
  click(place) {
    if (this.before && this.before(place)) return;
    this.drew();
    if (this.tool.click) this.tool.click(place);
  }

  drop() {
    this.pressed = null;
    this.desk.map.dragging.enable();
    if (this.tool.cancel) this.tool.cancel();
    this.repaint();
    this.rested();
  }

  leave() {
    if (this.pressed) return;
    if (this.tool.leave) this.tool.leave();
    this.repaint();
  }

  /** Whether the tool has taken the key. */
  key(event) {
    const isTaken = Boolean(this.tool.key && this.tool.key(event));
    if (!isTaken) return false;
    this.drew();
    this.repaint();
    return true;
  }
}

/** Stops what lies on the map from moving it. */
export function still(element) {
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
}
