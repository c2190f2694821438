/** Names of streets along the streets, of parks and schools in their middle. */
import { clippedSegment } from '../core/segments.js';
import { around, FONT, haloed } from './placer.js';

const SIZE = 12;
const SPACING = 0.22 * SIZE;
const APART = 460;
const ASIDE = 12;
const NAMED_FROM = [0, 14, 15.5, 16.5];
const AREA_COLOURS = { park: 'park_name', school: 'place_name', water: 'place_name', works: 'place_name' };

/** `isBorder(x, y, u, v)`: whether a border of cells runs between two points of the plane. */
export function paintStreetNames(context, view, streets, placer, theme, { isBorder, isCovered }) {
  context.font = `${SIZE}px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const street of streets) {
    if (!street.name || view.zoom < NAMED_FROM[street.rank]) continue;
    const letters = [...street.name];
    const widths = letters.map((letter) => context.measureText(letter).width + SPACING);
    const length = widths.reduce((a, b) => a + b, 0);
    for (const run of street.lines.flatMap((line) => runsInView(line, view))) {
      for (const places of spots(run, widths, length)) {
        const aside = besideBorder(places, view, isBorder);
        const free = aside.find((way) => {
          const rects = way.map(([x, y]) => around(x, y, SIZE, SIZE, 1));
          return !rects.some(isCovered) && placer.takeAll(rects);
        });
        if (free) drawAlong(context, letters, free, theme);
      }
    }
  }
}

export function paintAreaNames(context, view, areas, placer, theme, isCovered) {
  context.font = `${SIZE}px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const area of areas) {
    if (!area.name || !AREA_COLOURS[area.kind]) continue;
    const [west, north, east, south] = area.box;
    const width = context.measureText(area.name).width;
    if ((east - west) * view.scale < width + 8 || (south - north) * view.scale < 22) continue;
    const x = ((west + east) / 2) * view.scale + view.tx;
    for (const part of [0.5, 0.72, 0.28, 0.86, 0.14]) {
      const y = (north + part * (south - north)) * view.scale + view.ty;
      const rect = around(x, y, width, SIZE + 2, 2);
      if (!placer.isFree(rect) || isCovered(rect)) continue;
      placer.take(rect);
      const halo = theme[area.kind];
      haloed(context, area.name, x, y, { colour: theme[AREA_COLOURS[area.kind]], halo, width: 3 });
      break;
    }
  }
}

/** Parts of a line that are seen, as points in px. */
function runsInView(line, view) {
  const runs = [];
  let run = [];
  let before = null;
  for (let i = 0; i < line.length; i += 2) {
    const point = [line[i] * view.scale + view.tx, line[i + 1] * view.scale + view.ty];
    const clip = before && clippedSegment(before, point, view.seen);
    if (clip) {
      if (!run.length) run.push(clip[0]);
      run.push(clip[1]);
    }
    const isOut = clip && (clip[1][0] !== point[0] || clip[1][1] !== point[1]);
    if (before && (!clip || isOut) && run.length) {
      runs.push(run);
      run = [];
    }
    before = point;
  }
  if (run.length) runs.push(run);
  return runs.filter((points) => points.length > 1);
}

/** Where a border runs along the street, the name steps to one side of it, else to the other. */
function besideBorder(places, view, isBorder) {
  const [x, y, , normal] = places[Math.floor(places.length / 2)];
  const plane = (way) => [
    (x + way * normal[0] - view.tx) / view.scale,
    (y + way * normal[1] - view.ty) / view.scale,
  ];
  if (!isBorder(...plane(7), ...plane(-7))) return [places];
  const moved = (way) => places.map(([u, v, angle, n]) => [u + way * n[0], v + way * n[1], angle]);
  return [moved(ASIDE), moved(-ASIDE)];
}

/** Places for a name along a run: one in the middle, more on long runs; only where it is straight. */
function spots(run, widths, length) {
  const along = [0];
  for (let i = 1; i < run.length; i += 1) {
    along.push(along[i - 1] + Math.hypot(run[i][0] - run[i - 1][0], run[i][1] - run[i - 1][1]));
  }
  const total = along[along.length - 1];
  const wanted = Math.floor((total + APART / 2) / APART) || (total > length + 24 ? 1 : 0);
  const found = [];
  for (let k = 0; k < wanted; k += 1) {
    const middle = ((k + 0.5) * total) / wanted;
    for (const shift of [0, 60, -60, 120, -120]) {
      const start = middle + shift - length / 2;
      if (start < 6 || start + length > total - 6) continue;
      const places = letterPlaces(run, along, start, widths);
      if (places) {
        found.push(places);
        break;
      }
    }
  }
  return found;
}

/** [x, y, angle, normal] of each letter, or null where the street bends too much. */
function letterPlaces(run, along, start, widths) {
  const places = [];
  let at = start;
  for (const width of widths) {
    const [x, y, angle] = pointAt(run, along, at + width / 2);
    if (places.length && Math.abs(turn(angle - places[0][2])) > 0.5) return null;
    places.push([x, y, angle]);
    at += width;
  }
  const mean = places[Math.floor(places.length / 2)][2];
  // Read from left to right, and steep streets from top to bottom.
  const isSteep = Math.abs(Math.sin(mean)) > Math.SQRT1_2;
  const isBackward = isSteep ? Math.sin(mean) < 0 : Math.cos(mean) < 0;
  const ordered = isBackward ? letterPlacesBack(run, along, start, widths) : places;
  return ordered.map(([x, y, angle]) => {
    const normal = [-Math.sin(angle), Math.cos(angle)];
    return [x, y, isSteep ? turn(angle - Math.PI / 2) : angle, normal];
  });
}

function letterPlacesBack(run, along, start, widths) {
  let at = start + widths.reduce((a, b) => a + b, 0);
  return widths.map((width) => {
    const [x, y, angle] = pointAt(run, along, at - width / 2);
    at -= width;
    return [x, y, turn(angle + Math.PI)];
  });
}

function pointAt(run, along, at) {
  let i = 1;
  while (i < along.length - 1 && along[i] < at) i += 1;
  const part = (at - along[i - 1]) / (along[i] - along[i - 1] || 1);
  const [[x0, y0], [x1, y1]] = [run[i - 1], run[i]];
  return [x0 + part * (x1 - x0), y0 + part * (y1 - y0), Math.atan2(y1 - y0, x1 - x0)];
}

function turn(angle) {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

function drawAlong(context, letters, places, theme) {
  for (const pass of ['halo', 'ink']) {
    letters.forEach((letter, i) => {
      const [x, y, angle] = places[i];
      context.save();
      context.translate(x, y);
      context.rotate(angle);
      if (pass === 'halo') {
        context.lineJoin = 'round';
        context.strokeStyle = theme.road;
        context.lineWidth = 3;
        context.strokeText(letter, 0, 0.5);
      } else {
        context.fillStyle = theme.street_name;
        context.fillText(letter, 0, 0.5);
      }
      context.restore();
    });
  }
}
