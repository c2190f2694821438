/** Where the map goes by itself: to a problem, to a cell, to what a plan changes. */
import { L } from '../map/leaflet.js';

const CALM = window.matchMedia('(prefers-reduced-motion: reduce)');
const SMALL = window.matchMedia('(max-width: 900px)');
const NEAR = 17.5;
const FREE_PX = 36;

export class Flight {
  constructor(desk) {
    this.desk = desk;
  }

  /** To the problem of a number; the same again lets it go. */
  fly(i) {
    const { desk } = this;
    const one = desk.problems && desk.problems[i];
    if (!one) return;
    desk.problem = desk.problem === i ? -1 : i;
    if (desk.problem >= 0 && one.at) this.go([one.at[1], one.at[0]]);
    desk.tell('problems');
  }

  next() {
    const { problem, problems } = this.desk;
    this.fly((problem + 1) % Math.max(1, (problems || []).length));
  }

  /** To a cell, which is chosen. */
  see(cell) {
    this.desk.choose([cell]);
    this.go(this.placeOf([(cell.box[0] + cell.box[2]) / 2, (cell.box[1] + cell.box[3]) / 2]));
  }

  /** On a small screen a plan begins at what it changes, large enough for the counts that the panel speaks of. */
  begin() {
    const { desk } = this;
    const cells = desk.model.cells.filter((cell) => desk.changed.has(cell.code));
    if (!SMALL.matches || !cells.length) return;
    const [west, north] = [0, 1].map((k) => Math.min(...cells.map((cell) => cell.box[k])));
    const [east, south] = [2, 3].map((k) => Math.max(...cells.map((cell) => cell.box[k])));
    const bounds = L.latLngBounds(this.placeOf([west, north]), this.placeOf([east, south]));
    desk.map.fitBounds(bounds, { padding: [FREE_PX, FREE_PX], animate: false, maxZoom: NEAR });
  }

  go(place) {
    const { map } = this.desk;
    map.setView(place, Math.max(NEAR, map.getZoom()), { animate: !CALM.matches, duration: 0.15 });
  }

  /** A place of the plane on the map. */
  placeOf([x, y]) {
    const { map } = this.desk;
    return map.unproject(L.point(x, y), 0);
  }
}
