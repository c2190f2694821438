/** Paints the ground: areas, then streets with their kerbs, then the railway. */
import { Boxes, meets } from '../core/boxes.js';
import { chained } from '../core/chain.js';
import { crossings, isInside } from '../core/coverage.js';
import { trace } from './canvaslayer.js';

/** Least width on paper, by rank, in px; finer streets appear as one comes nearer. */
const LEAST_WIDTH = [1, 2.6, 1.8, 1.1];
const STREET_FROM = [0, 0, 12.5, 14.25];
const TREES_FROM = 15.75;
const TREE_STEP = 0.00012;

export class Ground {
  constructor(features, theme) {
    this.theme = theme;
    this.areas = new Boxes(features.filter((f) => f.kind !== 'street' && f.kind !== 'railway'));
    this.streets = merged(features.filter((f) => f.kind === 'street'));
    this.rails = merged(features.filter((f) => f.kind === 'railway'));
    const ponds = features.filter((f) => f.kind === 'water');
    const schools = features.filter((f) => f.kind === 'school');
    this.trees = features
      .filter((f) => f.kind === 'park' && !schools.some((school) => holdsMiddle(school, f)))
      .flatMap((f) => treesIn(f, ponds));
  }

  paint(context, view) {
    context.fillStyle = this.theme.ground;
    context.fillRect(0, 0, view.width, view.height);
    context.lineJoin = 'round';
    context.lineCap = 'round';
    for (const area of this.areas.within(view.box)) this.area(context, view, area);
    if (view.zoom >= TREES_FROM) this.wood(context, view);
    const shown = this.streets.filter((s) => view.zoom >= STREET_FROM[s.rank]);
    for (const street of shown) this.stroke(context, view, street, this.theme.kerb, 1.6);
    for (const street of shown) this.stroke(context, view, street, this.theme.road, 0);
    for (const rail of this.rails) this.railway(context, view, rail);
  }

  area(context, view, area) {
    if (area.kind === 'other_building' && view.zoom < 14) return;
    context.fillStyle = this.fill(area.kind);
    context.beginPath();
    for (const line of area.lines) trace(context, view, line, true);
    context.fill('evenodd');
    if (area.kind === 'other_building' && view.zoom >= 16) {
      context.strokeStyle = this.theme.kerb;
      context.lineWidth = 1;
      context.stroke();
    }
  }

  fill(kind) {
    return this.theme[kind === 'village' ? 'block' : kind];
  }

  stroke(context, view, street, colour, more) {
    const width = Math.max(street.width * view.metre, LEAST_WIDTH[street.rank]);
    context.strokeStyle = colour;
    context.lineWidth = width + more;
    for (const line of street.lines) {
      context.beginPath();
      trace(context, view, line);
      context.stroke();
    }
  }

  railway(context, view, rail) {
    const width = Math.max(2.5, Math.min(7, rail.width * view.metre * 0.6));
    for (const [colour, wide, dash, cap] of [
      [this.theme.railway, width, [], 'round'],
      [this.theme.outline_casing, width - 1.6, [9, 9], 'butt'],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.lineCap = cap;
      context.setLineDash(dash);
      for (const line of rail.lines) {
        context.beginPath();
        trace(context, view, line);
        context.stroke();
      }
    }
    context.setLineDash([]);
    context.lineCap = 'round';
  }

  wood(context, view) {
    context.fillStyle = '#BFD4B1';
    const [west, north, east, south] = view.box;
    for (const [x, y, metres] of this.trees) {
      if (x < west || x > east || y < north || y > south) continue;
      context.beginPath();
      context.arc(x * view.scale + view.tx, y * view.scale + view.ty, metres * view.metre, 0, 7);
      context.fill();
    }
  }
}

/** Streets of one name, rank and width as long lines: casings and names run on at junctions. */
function merged(features) {
  const groups = new Map();
  for (const feature of features) {
    const key = `${feature.rank}|${feature.width}|${feature.name}`;
    if (!groups.has(key)) groups.set(key, { ...feature, lines: [] });
    groups.get(key).lines.push(...feature.lines);
  }
  const all = [...groups.values()].map((group) => ({ ...group, lines: chained(group.lines) }));
  return all.sort((a, b) => b.rank - a.rank || a.width - b.width);
}

/** Trees of a park on a jittered lattice: the same park has the same trees. */
function treesIn(park, ponds) {
  const [west, north, east, south] = park.box;
  const rings = park.lines.map(closed);
  const wet = ponds.filter((pond) => meets(pond.box, park.box)).flatMap((p) => p.lines.map(closed));
  const trees = [];
  for (let i = Math.ceil(west / TREE_STEP); i * TREE_STEP < east; i += 1) {
    for (let j = Math.ceil(north / TREE_STEP); j * TREE_STEP < south; j += 1) {
      const [a, b, c] = [noise(i, j, 1), noise(i, j, 2), noise(i, j, 3)];
      if (c < 0.42) continue;
      const x = (i + 0.8 * a) * TREE_STEP;
      const y = (j + 0.8 * b) * TREE_STEP;
      if (crossings(rings, x, y) % 2 && crossings(wet, x, y) % 2 === 0) trees.push([x, y, 1.6 + 2.6 * c * a]);
    }
  }
  return trees;
}

/** A lawn inside a school is its sports ground: it has no trees. */
function holdsMiddle(school, park) {
  const [west, north, east, south] = park.box;
  return isInside(school.lines, (west + east) / 2, (north + south) / 2);
}

function closed(line) {
  return [...line, line[0], line[1]];
}

function noise(i, j, k) {
  let h = Math.imul(i, 374761393) + Math.imul(j, 668265263) + Math.imul(k, 2246822519);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}
