/** The second channel of occupancy: hatch, dots and stripes, for canvas and for SVG. */
import { svg } from '../shell/dom.js';

const TILE = 8;

/** Fills for a context, by kind; a pattern keeps its size at any pixel ratio. */
export function fillsOf(context, inks, edge, ratio) {
  return inks.map((ink) => {
    if (ink.pattern === 'solid') return ink.fill;
    const tile = document.createElement('canvas');
    tile.width = tile.height = TILE * ratio;
    const draw = tile.getContext('2d');
    draw.scale(ratio, ratio);
    draw.fillStyle = ink.fill;
    draw.fillRect(0, 0, TILE, TILE);
    MARKS[ink.pattern](draw, ink, edge);
    const pattern = context.createPattern(tile, 'repeat');
    pattern.setTransform(new DOMMatrix().scale(1 / ratio));
    return pattern;
  });
}

const MARKS = {
  hatch(draw, ink, edge) {
    draw.strokeStyle = edge;
    draw.lineWidth = 0.9;
    draw.beginPath();
    for (let at = -TILE; at <= TILE; at += TILE / 2) {
      draw.moveTo(at - 1, TILE + 1);
      draw.lineTo(at + TILE + 1, -1);
    }
    draw.stroke();
  },
  dots(draw) {
    draw.fillStyle = '#455160';
    for (const [x, y] of [[1, 1], [5, 1], [3, 3], [7, 3], [1, 5], [5, 5], [3, 7], [7, 7]]) {
      draw.beginPath();
      draw.arc(x, y, 0.75, 0, 7);
      draw.fill();
    }
  },
  stripes(draw) {
    draw.fillStyle = '#FFFFFF';
    for (const x of [1, 5]) draw.fillRect(x, 0, 1.2, TILE);
  },
};

/** An unseen SVG holding the patterns that swatches and bars refer to. */
export function patternDefs(inks, edge) {
  const patterns = inks.map((ink, kind) => {
    const size = { width: TILE, height: TILE };
    return svg(
      'pattern',
      { id: `ink-${kind}`, patternUnits: 'userSpaceOnUse', ...size },
      svg('rect', { fill: ink.fill, ...size }),
      ...shapes(ink.pattern, edge),
    );
  });
  const attributes = { class: 'inks', width: 0, height: 0, 'aria-hidden': 'true' };
  return svg('svg', attributes, svg('defs', {}, ...patterns));
}

function shapes(pattern, edge) {
  if (pattern === 'hatch') {
    const d = [-8, -4, 0, 4, 8].map((at) => `M${at - 1} 9L${at + 9} -1`).join('');
    return [svg('path', { d, stroke: edge, 'stroke-width': 0.9 })];
  }
  if (pattern === 'dots') {
    const places = [[1, 1], [5, 1], [3, 3], [7, 3], [1, 5], [5, 5], [3, 7], [7, 7]];
    return places.map(([cx, cy]) => svg('circle', { cx, cy, r: 0.75, fill: '#455160' }));
  }
  if (pattern === 'stripes') {
    return [1, 5].map((x) => svg('rect', { x, y: 0, width: 1.2, height: TILE, fill: '#FFFFFF' }));
  }
  return [];
}
