/** What lies under a point of the screen: a building first, else a cell. */
import { isInside } from '../core/coverage.js';
import { BUILDINGS_FROM, shapeOf } from './buildings.js';

const REACH_PX = 4;

export class Hit {
  constructor(map, town, buildings, labels) {
    this.map = map;
    this.town = town;
    this.buildings = buildings;
    this.labels = labels;
  }

  plane(latlng) {
    const zoom = this.map.getZoom();
    const point = this.map.project(latlng, zoom);
    return [point.x / 2 ** zoom, point.y / 2 ** zoom];
  }

  building(latlng) {
    if (this.map.getZoom() < BUILDINGS_FROM) return null;
    const [x, y] = this.plane(latlng);
    const view = { scale: 2 ** this.map.getZoom() };
    const reach = 14 / view.scale;
    const near = this.buildings.index.within([x - reach, y - reach, x + reach, y + reach]);
    const inside = near.find((one) => isInside(shapeOf(one, view), x, y));
    return inside || closest(near, x, y, REACH_PX / view.scale);
  }

  /** The cell of the named level, or finer with every zoom past the one that shows it. */
  cell(latlng) {
    const level = this.map.getZoom() >= 18 ? 5 : this.labels.level(this.map.getZoom());
    return this.town.coverage.cellAt(...this.plane(latlng), level);
  }
}

/** Thin footprints are easier to hit with a little reach around their box. */
function closest(near, x, y, reach) {
  const found = near.filter(
    ({ box }) =>
      x > box[0] - reach && x < box[2] + reach && y > box[1] - reach && y < box[3] + reach,
  );
  return found.length === 1 ? found[0] : null;
}
