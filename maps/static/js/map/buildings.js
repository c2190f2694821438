/** Footprints cut by the shares of their households; squares where there is no footprint. */
import { Boxes } from '../core/boxes.js';
import { trace } from './canvaslayer.js';
import { fillsOf } from './patterns.js';
import { split } from './split.js';

export const BUILDINGS_FROM = 15;
const MASSES_FROM = 13.5;
const FADED = 0.25;
const BATCH = 16;
/** Below this length in px a footprint takes the colour of its largest share whole. */
const LEAST_SPLIT = 7;

export class Buildings {
  constructor(buildings, palette) {
    this.palette = palette;
    this.index = new Boxes(buildings);
    this.fills = [];
    this.fillsRatio = 0;
  }

  paint(context, view, filter) {
    if (view.zoom < MASSES_FROM) return;
    const shown = this.within(view);
    if (view.zoom < BUILDINGS_FROM) {
      this.masses(context, view, shown);
      return;
    }
    const counted = shown.filter(isCounted);
    this.masses(context, view, shown.filter((building) => !isCounted(building)));
    const groups = this.palette.inks.map(() => []);
    for (const building of counted) {
      for (const strip of stripsOf(building, view)) groups[strip.kind].push(strip.rings);
    }
    const fills = this.fillsFor(context, view.ratio);
    groups.forEach((strips, kind) => {
      context.globalAlpha = filter === null || filter === kind ? 1 : FADED;
      context.fillStyle = fills[kind];
      const add = (rings) => rings.forEach((ring) => trace(context, view, ring, true));
      batches(context, strips, add, 'fill');
    });
    this.edges(context, view, counted, filter === null ? 1 : 0.4);
    if (filter !== null) this.edgesOf(context, view, groups[filter]);
    context.globalAlpha = 1;
  }

  /** Plain footprints: too small to cut, or of households that the reader does not see. */
  masses(context, view, shown) {
    context.fillStyle = this.palette.theme.other_building;
    batches(context, shown, (b) => shapeOf(b, view).forEach((r) => trace(context, view, r, true)), 'fill');
  }

  within(view) {
    const reach = 12 / view.scale;
    const [west, north, east, south] = view.box;
    return this.index.within([west - reach, north - reach, east + reach, south + reach]);
  }

  edges(context, view, shown, alpha) {
    context.globalAlpha = alpha;
    context.strokeStyle = this.palette.theme.edge;
    context.lineWidth = view.zoom < 16 ? 0.7 : 1;
    context.lineJoin = 'miter';
    const add = (b) => shapeOf(b, view).forEach((ring) => trace(context, view, ring, true));
    batches(context, shown, add, 'stroke');
  }

  edgesOf(context, view, strips) {
    context.globalAlpha = 1;
    context.lineWidth = 1;
    const add = (rings) => rings.forEach((ring) => trace(context, view, ring, true));
    batches(context, strips, add, 'stroke');
  }

  fillsFor(context, ratio) {
    if (this.fillsRatio !== ratio) {
      this.fills = fillsOf(context, this.palette.inks, this.palette.theme.edge, ratio);
      this.fillsRatio = ratio;
    }
    return this.fills;
  }

  paintChosen(context, view, building) {
    context.lineJoin = 'round';
    for (const [colour, width] of [
      [this.palette.theme.chosen_casing, 7],
      [this.palette.theme.chosen, 2.4],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const ring of shapeOf(building, view)) trace(context, view, ring, true);
      context.stroke();
    }
  }
}

function isCounted(building) {
  return !building.cell || building.cell.isCounted;
}

/** Rings of a building at a view: its footprint, or a square by the root of its households. */
export function shapeOf(building, view) {
  if (!building.isPoint) return building.rings;
  const half = Math.max(12, Math.min(22, 2.8 * Math.sqrt(building.households))) / 2 / view.scale;
  const { x, y } = building;
  return [[x - half, y - half, x + half, y - half, x + half, y + half, x - half, y + half]];
}

function stripsOf(building, view) {
  const rings = shapeOf(building, view);
  if (building.isPoint) return split(rings, building.counts);
  const [west, north, east, south] = building.box;
  if (Math.max(east - west, south - north) * view.scale < LEAST_SPLIT) {
    const most = building.counts.indexOf(Math.max(...building.counts));
    return building.households ? [{ kind: most, rings }] : [];
  }
  if (!building.strips) building.strips = split(rings, building.counts);
  return building.strips;
}

/** Paths of a few shapes each: one path of all is two hundred times slower. */
function batches(context, things, add, finish) {
  for (let i = 0; i < things.length; i += BATCH) {
    context.beginPath();
    for (const thing of things.slice(i, i + BATCH)) add(thing);
    if (finish === 'fill') context.fill('nonzero');
    else context.stroke();
  }
}
