/** A hand for those who have only keys: arrows move a cross over the map, Space presses where it is. */
import { h } from '../shell/dom.js';

const STEP = { small: 8, large: 48 };
const EDGE_PX = 40;
const TOOLS_PX = 112;
const REACH_PX = 12;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pointer {
  /** @param hand whose tool is moved and pressed */
  constructor(desk, hand, repaint) {
    Object.assign(this, { desk, hand, repaint, at: null });
    this.said = h('div', { class: 'away', role: 'status' });
    document.body.append(this.said);
    hand.element.addEventListener('pointermove', () => this.leave());
    hand.element.addEventListener('pointerdown', () => this.leave(), true);
  }

  /** Whether the key was meant for it. */
  key(event) {
    if (!this.desk.model || this.desk.past) return false;
    if (WAYS[event.key]) this.go(WAYS[event.key], event.shiftKey ? STEP.large : STEP.small, event);
    else if (this.at && (event.key === ' ' || event.key === 'Enter')) this.press(event);
    else return false;
    this.repaint();
    return true;
  }

  go([right, down], pixels, event) {
    if (!this.at) this.at = this.middle();
    const step = this.desk.reach(pixels);
    this.at = [this.at[0] + right * step, this.at[1] + down * step];
    this.follow();
    const { tool } = this.hand;
    if (tool.move) tool.move(this.place(event), false);
    this.tell();
  }

  press(event) {
    const place = this.place(event);
    const { tool } = this.hand;
    if (!this.hand.isAwaited() && this.desk.canEdit && tool.down && tool.down(place)) tool.up(place, true);
    else this.hand.click(place);
  }

  place(event) {
    const [x, y] = this.at;
    return { x, y, point: this.point(), reach: this.desk.reach(REACH_PX), event, isFree: event.altKey, isShift: event.shiftKey };
  }

  /** In pixels of the map. */
  point() {
    const { map } = this.desk;
    return map.latLngToContainerPoint(map.unproject({ x: this.at[0] * 2 ** map.getZoom(), y: this.at[1] * 2 ** map.getZoom() }));
  }

  /** It begins on what is chosen, else in the middle of the free part of the map. */
  middle() {
    const [cell] = this.desk.chosen;
    if (cell) return [(cell.box[0] + cell.box[2]) / 2, (cell.box[1] + cell.box[3]) / 2];
    const { map } = this.desk;
    const { x: width, y: height } = map.getSize();
    const [left, right] = freeOf(width);
    const at = map.project(map.containerPointToLatLng([(width + left - right) / 2, height / 2]));
    return [at.x / 2 ** map.getZoom(), at.y / 2 ** map.getZoom()];
  }

  /** The map comes along where it would leave the free part. */
  follow() {
    const { x, y } = this.point();
    const size = this.desk.map.getSize();
    const [left, right] = freeOf(size.x);
    const beyond = (v, low, high) => (v < low ? v - low : v > high ? v - high : 0);
    const [dx, dy] = [beyond(x, left + EDGE_PX, size.x - right - EDGE_PX), beyond(y, left ? TOOLS_PX : EDGE_PX, size.y - 2 * EDGE_PX)];
    if (dx || dy) this.desk.map.panBy([dx, dy], { animate: false });
  }

  /** What lies under it, for those who hear the page. */
  tell() {
    const cell = this.desk.model.cellAt(this.at[0], this.at[1]);
    const said = cell ? `${cell.name} · ${this.desk.texts.t('editor.households_n', { n: cell.households })}` : '';
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  leave() {
    if (!this.at) return;
    this.at = null;
    this.said.textContent = '';
  }

  paint(context, view, theme) {
    if (!this.at) return;
    const [x, y] = [this.at[0] * view.scale + view.tx, this.at[1] * view.scale + view.ty];
    context.setLineDash([]);
    context.lineCap = 'round';
    for (const [colour, width] of [[theme.chosen_casing, 5], [theme.chosen, 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, 8, 0, 7);
      for (const [dx, dy] of Object.values(WAYS)) {
        context.moveTo(x + 8 * dx, y + 8 * dy);
        context.lineTo(x + 16 * dx, y + 16 * dy);
      }
      context.stroke();
    }
  }
}

/** How much of the width of the map cards take at the left and at the right. */
export function freeOf(width) {
  return width > 900 ? [284, 384] : [0, 0];
}
