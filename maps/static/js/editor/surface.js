/** The two canvases: the sheet that is painted when a movement ends, and the overlay that follows the hand. */
import { Buildings } from '../map/buildings.js';
import { CanvasLayer } from '../map/canvaslayer.js';
import { Ground } from '../map/ground.js';
import { L } from '../map/leaflet.js';
import { paintAreaNames, paintStreetNames } from '../map/names.js';
import { Outlines } from '../map/outlines.js';
import { Placer } from '../map/placer.js';
import { preparePrint } from '../map/print.js';
import { cased } from './ink.js';
import { LEAVES_FROM, Marks } from './marks.js';
import { Sheet } from './sheet.js';

const SMALL = window.matchMedia('(max-width: 900px)');

export class Surface {
  constructor(desk) {
    this.desk = desk;
    const { palette } = desk.page;
    this.theme = palette.theme;
    this.ground = new Ground(desk.town.ground, palette.theme);
    this.sheet = new Sheet(desk, this.ground, new Outlines(desk.town.coverage, palette));
    this.marks = new Marks(desk, new Buildings(desk.town.buildings, palette));
    this.base = new CanvasLayer((context, view) => this.paint(context, view));
    this.over = new CanvasLayer((context, view) => this.paintOver(context, view), { className: 'town over', padding: 0 });
  }

  /** @param hand whose tool paints on the overlay; `under` the scan below the borders; `last` what lies on all */
  start(hand, under, last) {
    Object.assign(this, { hand, under, last });
    const { map } = this.desk;
    this.fit();
    map.setMinZoom(Math.max(9, Math.floor(map.getZoom()) - 2));
    map.addLayer(this.base).addLayer(this.over);
    preparePrint(map, [this.base, this.over], (sheet) => this.fit(sheet));
  }

  /** The sheet anew, because what lies on it is new. */
  redraw() {
    this.sheet.renew();
    this.base.repaint();
  }

  paint(context, view) {
    this.sheet.paint(context, view, this.under);
    const cards = this.cardRects(view);
    this.marks.paintMarks(context, view, cards);
    const placer = new Placer([...cards, ...[...this.marks.spots.values()].map(({ x, y }) => [x - 60, y - 10, x + 60, y + 10])]);
    const { theme } = this;
    const isCovered = (rect) => this.marks.covered(view, rect) > 0;
    paintAreaNames(context, view, this.ground.areas.within(view.box), placer, theme, isCovered);
    paintStreetNames(context, view, this.ground.streets, placer, theme, { isBorder: (...ends) => this.isBorder(...ends), isCovered });
    this.marks.paintPins(context, view);
  }

  /** Whether a border that is drawn runs between two points: names keep off it. */
  isBorder(x, y, u, v) {
    const { desk } = this;
    const { coverage } = desk.town;
    const at = (a, b) => {
      const cell = desk.model && desk.model.cellAt(a, b);
      if (!cell) return coverage.cellAt(a, b, 4);
      return this.desk.map.getZoom() >= LEAVES_FROM ? cell : cell.group;
    };
    return at(x, y) !== at(u, v);
  }

  paintOver(context, view) {
    const { desk } = this;
    if (!desk.model || desk.past) return;
    if (desk.chosen.size) {
      const { theme } = this;
      cased(context, view, desk.model.rim(desk.chosen).map((arc) => arc.line), { colour: theme.chosen, width: 2.6, casing: theme.chosen_casing, around: 6.4 });
    }
    if (this.hand.tool.paint) this.hand.tool.paint(context, view, this.shiftedMarks(view));
    this.under.paintPoints(context, view);
    for (const one of this.last) one.paint(context, view, this.theme);
  }

  /** Spots were found on the base canvas, which is larger: the overlay has another corner. */
  shiftedMarks(view) {
    const base = this.base._bounds;
    const [dx, dy] = [base.min.x - view.left, base.min.y - view.top];
    const marks = Object.create(this.marks);
    marks.spots = new Map([...this.marks.spots].map(([code, { x, y }]) => [code, { x: x + dx, y: y + dy }]));
    return marks;
  }

  /** Where cards lie on the canvas: labels keep clear of them. */
  cardRects(view) {
    const origin = this.desk.map.getContainer().getBoundingClientRect();
    const corner = this.desk.map.containerPointToLayerPoint([0, 0]);
    const [dx, dy] = [corner.x - view.left - origin.left, corner.y - view.top - origin.top];
    return [...document.querySelectorAll('.on-map:not([hidden])')].map((card) => {
      const box = card.getBoundingClientRect();
      return [box.left + dx, box.top + dy, box.right + dx, box.bottom + dy];
    });
  }

  fit(sheet) {
    const [west, south, east, north] = this.desk.page.bounds;
    const free = SMALL.matches ? { paddingTopLeft: [14, 14], paddingBottomRight: [14, 14] } : { paddingTopLeft: [284, 100], paddingBottomRight: [400, 32] };
    const padding = sheet ? { paddingTopLeft: [262, 16], paddingBottomRight: [262, 16] } : free;
    this.desk.map.fitBounds(L.latLngBounds([south, west], [north, east]), { ...padding, animate: false, maxZoom: 19 });
  }
}
