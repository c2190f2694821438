/** The one bar: households by kind as lengths. For cards, tips and swatches. */
import { sum } from '../core/shares.js';
import { svg } from '../shell/dom.js';

/** An SVG that stretches to its parent's width; empty when there are no households. */
export function shareBar(counts, edge, { width = 256, height = 16 } = {}) {
  const total = sum(counts);
  const bar = svg('svg', {
    class: 'sharebar',
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
    height,
  });
  let x = 0;
  counts.forEach((count, kind) => {
    if (!count) return;
    const part = (count / total) * width;
    bar.append(svg('rect', { x, y: 0, width: part, height, fill: `url(#ink-${kind})` }));
    if (x) bar.append(line(x, height, edge));
    x += part;
  });
  const frame = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, fill: 'none' };
  bar.append(svg('rect', { ...frame, stroke: edge, 'vector-effect': 'non-scaling-stroke' }));
  return bar;
}

function line(x, height, edge) {
  const ends = { x1: x, x2: x, y1: 0, y2: height };
  return svg('line', { ...ends, stroke: edge, 'vector-effect': 'non-scaling-stroke' });
}

export function swatch(kind, edge) {
  return svg(
    'svg',
    { class: 'swatch', width: 22, height: 14, 'aria-hidden': 'true' },
    svg('rect', {
      x: 0.5,
      y: 0.5,
      width: 21,
      height: 13,
      rx: 2,
      fill: `url(#ink-${kind})`,
      stroke: edge,
    }),
  );
}
