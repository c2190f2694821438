/** Names and counts of cells, put where nothing else is; bars where buildings are too small. */
import { isInside, lineage, shortCode } from '../core/coverage.js';
import { edgesMeet } from '../core/segments.js';
import { BUILDINGS_FROM, shapeOf } from './buildings.js';
import { around, FONT, haloed, spaced } from './placer.js';

const BAR = { width: 48, height: 8 };
const ACROSS = 13;
const DOWN = 19;
const GAP = 5;
const SAMPLES = 11;
const PLACES_TO = 16.75;

export class CellLabels {
  /** @param above name of the cell above those of the highest level shown */
  constructor(town, buildings, palette, texts, { isCoarse = false, above = '' } = {}) {
    this.town = town;
    this.isCoarse = isCoarse;
    this.above = above;
    this.buildings = buildings;
    this.palette = palette;
    this.texts = texts;
    this.top = Math.min(...town.cells.map((cell) => cell.level));
    this.finest = Math.max(...town.cells.map((cell) => cell.level));
  }

  /** The level that is named at a zoom. */
  level(zoom) {
    const wanted = zoom >= BUILDINGS_FROM ? 4 : zoom >= 13 ? 3 : zoom >= 11 ? 2 : 1;
    return Math.min(Math.max(wanted, this.top), this.finest);
  }

  paint(context, view, placer, filter) {
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    const level = this.level(view.zoom);
    const named = this.town.cells.filter((cell) => cell.box && cell.level === level);
    if (view.zoom < BUILDINGS_FROM || !this.buildings.index.things.length) {
      const first = (cell) => (cell === this.town.asked ? Infinity : cell.households);
      const order = [...named].sort((a, b) => first(b) - first(a));
      for (const cell of order) this.bar(context, view, placer, cell, filter);
      return;
    }
    for (const cell of named) {
      if (cell.level < 4 && cell !== this.town.asked) this.place(context, view, placer, cell);
      else if (cell.level >= 4) this.count(context, view, placer, cell, 13);
    }
    for (const cell of this.places(level, view.zoom)) this.place(context, view, placer, cell);
    if (view.zoom < 18) return;
    for (const cell of this.town.cells) {
      if (cell.level === 5 && cell.box) this.count(context, view, placer, cell, 12);
    }
  }

  /** Cells above the named level that carry their name as a place; near by, only neighbours do. */
  places(level, zoom) {
    const above = lineage(this.town.asked);
    const shown = this.town.cells.filter((c) => c.box && c.level < level && !above.includes(c));
    return zoom < PLACES_TO ? shown : shown.filter((c) => c.level <= this.town.asked.level);
  }

  bar(context, view, placer, cell, filter) {
    const name = this.name(cell);
    const width = Math.max(BAR.width, widthIn(context, `700 13px ${FONT}`, name));
    const spot = this.barSpot(view, placer, cell, width);
    if (!spot) return;
    const [x, y] = spot;
    placer.take(around(x, y, width, 40, 1));
    const { theme } = this.palette;
    haloed(context, name, x, y - 14, { colour: theme.ink, halo: theme.ground });
    if (!cell.isCounted) return;
    this.strips(context, view, x - BAR.width / 2, y - 4, cell.counts, filter);
    context.font = `12px ${FONT}`;
    haloed(context, this.said(cell), x, y + 13, { colour: theme.ink2, halo: theme.ground });
  }

  /** 第5网格 of 铁路社区第5网格: on the map the community stands around it. */
  name(cell) {
    const above = cell.parent ? cell.parent.name : this.above;
    return above && cell.name.startsWith(above) && cell.name !== above
      ? cell.name.slice(above.length).trim()
      : cell.name;
  }

  /** 186 户; on the public map a small number is not told. */
  said(cell) {
    if (this.isCoarse && !cell.households) return this.texts.t('not_told');
    return this.texts.t('households_n', { n: this.texts.count(cell.households) });
  }

  /** The label point, or the nearest free place to it inside the cell. */
  barSpot(view, placer, cell, width) {
    const isFree = ([x, y]) => {
      const rect = around(x, y, width, 40, 1);
      return isSeen(view, rect) && placer.isFree(rect);
    };
    const at = this.at(cell, view);
    if (isFree(at)) return at;
    const [west, north, east, south] = cell.box;
    const places = [];
    for (let k = 0; k < SAMPLES * SAMPLES; k += 1) {
      const x = west + (((k % SAMPLES) + 0.5) / SAMPLES) * (east - west);
      const y = north + ((Math.floor(k / SAMPLES) + 0.5) / SAMPLES) * (south - north);
      if (!this.town.coverage.holds(cell, x, y)) continue;
      places.push([x * view.scale + view.tx, y * view.scale + view.ty]);
    }
    const far = (p) => (p[0] - at[0]) ** 2 + (p[1] - at[1]) ** 2;
    return places.sort((a, b) => far(a) - far(b)).find(isFree) || null;
  }

  strips(context, view, x, y, counts, filter) {
    const total = counts.reduce((a, b) => a + b, 0);
    const fills = this.buildings.fillsFor(context, view.ratio);
    const { theme } = this.palette;
    context.fillStyle = theme.card;
    context.fillRect(x - 1.5, y - 1.5, BAR.width + 3, BAR.height + 3);
    let at = x;
    counts.forEach((count, kind) => {
      const part = total ? (count / total) * BAR.width : 0;
      context.globalAlpha = filter === null || filter === kind ? 1 : 0.25;
      context.fillStyle = fills[kind];
      context.fillRect(at, y, part, BAR.height);
      at += part;
    });
    context.globalAlpha = 1;
    context.strokeStyle = theme.edge;
    context.lineWidth = 1;
    context.strokeRect(x - 0.5, y - 0.5, BAR.width + 1, BAR.height + 1);
  }

  /** "06 186户": number bold, households beside it where they cover no building. */
  count(context, view, placer, cell, size) {
    const isMain = size > 12;
    const number = shortCode(cell) || this.name(cell);
    const said = cell.isCounted ? this.said(cell) : '';
    const fonts = [`${isMain ? 700 : 400} ${size}px ${FONT}`, `12px ${FONT}`];
    const first = widthIn(context, fonts[0], number);
    const whole = isMain && said ? first + GAP + widthIn(context, fonts[1], said) : first;
    const full = this.spot(view, placer, cell, whole, size + 3);
    const short = full && full.covered && isMain ? this.spot(view, placer, cell, first, size + 3) : null;
    const isShort = short && short.covered <= full.covered;
    const spot = isShort ? short : full;
    if (!spot || (spot.covered && !isMain)) return;
    const width = isShort ? first : whole;
    placer.take(around(spot.x, spot.y, width, size + 3));
    const { theme } = this.palette;
    const left = spot.x - width / 2;
    context.textAlign = 'left';
    context.font = fonts[0];
    haloed(context, number, left, spot.y, { colour: isMain ? theme.ink : theme.ink2, halo: theme.block });
    if (width > first) {
      context.font = fonts[1];
      haloed(context, said, left + first + GAP, spot.y, { colour: theme.ink2, halo: theme.block });
    }
    context.textAlign = 'center';
  }

  /** The freest place for a label inside a cell, best near its top; null where it has no room. */
  spot(view, placer, cell, width, height) {
    const seen = seenBox(view);
    const box = [0, 1].map((k) => Math.max(cell.box[k], seen[k]));
    box.push(...[2, 3].map((k) => Math.min(cell.box[k], seen[k])));
    const [wide, high] = [(box[2] - box[0]) * view.scale, (box[3] - box[1]) * view.scale];
    if (wide < width || high < height) return null;
    const across = Math.min(ACROSS, Math.ceil(wide / 9));
    const down = Math.min(DOWN, Math.ceil(high / 7));
    let best = null;
    let least = Infinity;
    for (let j = 0; j < down; j += 1) {
      for (let i = 0; i < across; i += 1) {
        const u = (i + 0.5) / across;
        const v = (j + 0.5) / down;
        const x = (box[0] + u * (box[2] - box[0])) * view.scale + view.tx;
        const y = (box[1] + v * (box[3] - box[1])) * view.scale + view.ty;
        const cost = Math.abs(u - 0.5) * 30 + v * 40;
        if (cost >= least) continue;
        const rect = around(x, y, width, height, 1);
        if (!isSeen(view, rect) || !placer.isFree(rect) || !this.inside(view, cell, rect)) continue;
        const covered = this.covered(view, around(x, y, width, height - 5, 0));
        if (cost + covered * 200 < least) {
          least = cost + covered * 200;
          best = { x, y, covered };
        }
      }
    }
    return best;
  }

  inside(view, cell, [left, top, right, bottom]) {
    return [[left, top], [right, top], [left, bottom], [right, bottom]].every(([x, y]) =>
      this.town.coverage.holds(cell, (x - view.tx) / view.scale, (y - view.ty) / view.scale),
    );
  }

  /** Whether no border of a grid runs through a rectangle. */
  isWhole(view, [left, top, right, bottom]) {
    const cells = [[left, top], [right, top], [left, bottom], [right, bottom]].map(([x, y]) =>
      this.town.coverage.cellAt((x - view.tx) / view.scale, (y - view.ty) / view.scale, 4),
    );
    return cells.every((cell) => cell === cells[0]);
  }

  covered(view, [left, top, right, bottom]) {
    const plane = [
      (left - view.tx) / view.scale,
      (top - view.ty) / view.scale,
      (right - view.tx) / view.scale,
      (bottom - view.ty) / view.scale,
    ];
    const near = this.buildings.index.within(plane);
    const [x, y] = [(plane[0] + plane[2]) / 2, (plane[1] + plane[3]) / 2];
    return near.filter((one) => {
      const rings = shapeOf(one, view);
      return edgesMeet(rings, plane) || isInside(rings, x, y);
    }).length;
  }

  place(context, view, placer, cell) {
    const size = cell.level === 3 ? 15 : 18;
    const spacing = 0.28 * size;
    context.font = `${size}px ${FONT}`;
    const width = spaced(context, cell.name, 0, 0, { spacing, draw: false });
    const spot = this.middle(view, placer, cell, width, size);
    if (!spot) return;
    placer.take(around(spot[0], spot[1], width, size + 4));
    const { theme } = this.palette;
    const style = { colour: theme.place_name, halo: theme.ground };
    spaced(context, cell.name, spot[0], spot[1], { spacing, draw: true, ...style });
  }

  /** A place near the middle of what is seen of a cell. */
  middle(view, placer, cell, width, height) {
    const seen = [];
    const [w, n, e, s] = seenBox(view);
    for (let j = 0; j < 24; j += 1) {
      for (let i = 0; i < 24; i += 1) {
        const x = w + ((i + 0.5) / 24) * (e - w);
        const y = n + ((j + 0.5) / 24) * (s - n);
        if (!this.town.coverage.holds(cell, x, y)) continue;
        seen.push([x * view.scale + view.tx, y * view.scale + view.ty]);
      }
    }
    if (!seen.length) return null;
    const mean = [0, 1].map((k) => seen.reduce((sum, p) => sum + p[k], 0) / seen.length);
    const far = (p) => (p[0] - mean[0]) ** 2 + (p[1] - mean[1]) ** 2;
    const near = [mean, ...seen.sort((a, b) => far(a) - far(b))];
    return near.find(([x, y]) => {
      const rect = around(x, y, width, height, 4);
      const isClear = isSeen(view, rect) && placer.isFree(rect) && this.inside(view, cell, rect);
      return isClear && this.isWhole(view, rect) && !this.covered(view, rect);
    }) || null;
  }

  at(cell, view) {
    const [x, y] = cell.label;
    return [x * view.scale + view.tx, y * view.scale + view.ty];
  }
}

function isSeen(view, rect) {
  const [left, top, right, bottom] = view.seen;
  return rect[0] > left && rect[1] > top && rect[2] < right && rect[3] < bottom;
}

function widthIn(context, font, text) {
  context.font = font;
  return context.measureText(text).width;
}

/** What is seen, in the plane. */
function seenBox(view) {
  const [left, top, right, bottom] = view.seen;
  return [
    (left - view.tx) / view.scale,
    (top - view.ty) / view.scale,
    (right - view.tx) / view.scale,
    (bottom - view.ty) / view.scale,
  ];
}
