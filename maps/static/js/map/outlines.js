/** Borders of cells: the weight tells the level, each border drawn once. */
import { boxOf } from '../core/flat.js';
import { meets } from '../core/boxes.js';
import { chained } from '../core/chain.js';
import { trace } from './canvaslayer.js';

export class Outlines {
  constructor(coverage, palette) {
    this.coverage = coverage;
    this.styles = palette.outlines;
    this.theme = palette.theme;
    this.groups = new Map();
  }

  /** Levels whose own style is drawn at a zoom. */
  shown(zoom) {
    return [1, 2, 3, 4, 5].filter((level) => {
      const style = this.styles[level];
      return zoom >= style.zoom_from && zoom < style.zoom_to + 1;
    });
  }

  /** Lines by the level whose style they take: a border above its zooms takes the next finer. */
  group(shown) {
    const key = shown.join();
    if (!this.groups.has(key)) {
      const found = new Map(shown.map((level) => [level, []]));
      this.coverage.lines.forEach((line, i) => {
        const level = shown.find((l) => l >= this.coverage.border[i]);
        if (level) found.get(level).push(line);
      });
      const lines = (level, arcs) => (level === 5 ? arcs : chained(arcs));
      const entries = [...found].map(([level, arcs]) => [level, boxed(lines(level, arcs))]);
      this.groups.set(key, new Map(entries));
    }
    return this.groups.get(key);
  }

  paint(context, view) {
    const groups = this.group(this.shown(view.zoom));
    context.lineJoin = 'round';
    for (const level of [...groups.keys()].sort((a, b) => b - a)) {
      const style = this.styles[level];
      const lines = groups.get(level).filter((one) => meets(one.box, view.box));
      const part = weight(style, view.zoom);
      const { outline, outline_casing: casing } = this.theme;
      this.stroke(context, view, lines, { colour: casing, width: part * style.casing });
      this.stroke(context, view, lines, {
        colour: outline,
        width: part * style.width,
        dash: style.dash.map((length) => part * length),
      });
    }
  }

  /** The chosen cell: ink in yellow. */
  paintChosen(context, view, cell) {
    const lines = boxed(chained(this.coverage.rim(cell)));
    context.lineJoin = 'round';
    this.stroke(context, view, lines, { colour: this.theme.chosen_casing, width: 9 });
    this.stroke(context, view, lines, { colour: this.theme.chosen, width: 2.6 });
  }

  stroke(context, view, lines, { colour, width, dash = [] }) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineCap = dash.length ? 'butt' : 'round';
    context.setLineDash(dash);
    for (const one of lines) {
      context.beginPath();
      trace(context, view, one.line);
      context.stroke();
    }
    context.setLineDash([]);
  }
}

/** Where a level first appears its cells are small: its line starts thin, full two zooms later. */
function weight(style, zoom) {
  return Math.max(0.55, Math.min(1, 0.55 + 0.225 * (zoom - style.zoom_from)));
}

function boxed(lines) {
  return lines.map((line) => ({ line, box: boxOf([line]) }));
}
