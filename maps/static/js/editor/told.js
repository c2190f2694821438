/** What the server would not do, told in the panel by the names people use, with a ring where to look. */
import { Gone } from '../core/api.js';
import { GRID, worldX, worldY } from '../core/grid.js';
import { sentence } from '../shell/notice.js';
import { texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { freeOf } from './pointer.js';
import { byNames } from './words.js';

const NEAR = 17;
const CALM = window.matchMedia('(prefers-reduced-motion: reduce)');
// A ring this near to an edge of the free part of the map is not seen well.
const MARGIN_PX = 60;

export class Told {
  /** @param panel whose notice says it */
  constructor(desk, panel, repaint) {
    Object.assign(this, { desk, panel, repaint, at: null, isDrawn: false });
  }

  /** A refusal, or that nobody answers, said in the panel; anything else is a fault of ours and goes on. */
  fail(error) {
    const isTold = error.status || error instanceof Gone;
    const said = isTold ? this.sentence(error) : String(error.message || error);
    this.panel.said.textContent = said;
    this.panel.said.className = 'notice wrong';
    this.panel.said.hidden = false;
    if (!this.desk.plan) toast(said);
    this.ring(error);
    if (!isTold) throw error;
  }

  /** Of what was drawn: it is said until that is mended or left. */
  failDrawn(error) {
    this.fail(error);
    this.isDrawn = true;
  }

  /** What was drawn is another or gone, and so is what was said of it. */
  redrawn() {
    if (!this.isDrawn) return;
    this.clear();
    this.repaint();
  }

  ring(error) {
    const place = placeOf(error);
    if (place) this.show([place.lon, place.lat]);
  }

  /** Of a drawing beyond the outline: whose land it is and what to do, not what a kernel found. */
  sentence(error) {
    if (error.code === 'edit_nothing_uncovered') return texts.t('editor.rim_taken');
    return byNames(sentence(error), (code) => this.panel.nameOf(code), Boolean(placeOf(error)));
  }

  clear() {
    this.panel.said.hidden = true;
    this.at = null;
    this.isDrawn = false;
  }

  /** Marks a place; the map moves only where it is not to be seen as it is. */
  show(at) {
    this.at = at;
    const { map } = this.desk;
    const place = [at[1], at[0]];
    if (this.isSeen(map.latLngToContainerPoint(place))) this.repaint();
    else map.setView(place, Math.max(NEAR, map.getZoom()), { animate: !CALM.matches, duration: 0.15 });
  }

  isSeen({ x, y }) {
    const size = this.desk.map.getSize();
    const [left, right] = freeOf(size.x);
    return x > left + MARGIN_PX && x < size.x - right - MARGIN_PX && y > 2 * MARGIN_PX && y < size.y - MARGIN_PX;
  }

  paint(context, view, theme) {
    if (!this.at) return;
    const [x, y] = [worldX(this.at[0] / GRID) * view.scale + view.tx, worldY(this.at[1] / GRID) * view.scale + view.ty];
    context.setLineDash([]);
    for (const [colour, width] of [[theme.chosen_casing, 9], [theme.chosen, 3]]) {
      context.beginPath();
      context.arc(x, y, 15, 0, 7);
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }
}

/** Where to look, as a refusal or the first of its details tells it. */
function placeOf(error) {
  return [error.body, ...(error.errors || [])].find((one) => one && typeof one.lon === 'number');
}
