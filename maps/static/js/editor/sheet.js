/** The drawn sheet: ground, scan, sizes, what changed, buildings, borders; painted when a movement ends. */
import { chained } from '../core/chain.js';
import { meets } from '../core/boxes.js';
import { trace } from '../map/canvaslayer.js';
import { BUILDINGS_FROM, shapeOf } from '../map/buildings.js';
import { bordersOf, boxed } from './borders.js';
import { LEAVES_FROM } from './marks.js';
import { classOf, ruleOf } from './sizes.js';

const BATCH = 16;
const TINT = 0.3;
const CHANGED = 0.25;

export class Sheet {
  constructor(desk, ground, outlines) {
    Object.assign(this, { desk, ground, outlines });
    this.theme = desk.page.palette.theme;
    this.steps = desk.page.palette.sizes;
    this.styles = desk.page.palette.outlines;
    this.lines = null;
    this.gone = null;
  }

  /** Other cells: chains of borders are put together once for all zooms. */
  renew() {
    this.lines = null;
    this.gone = null;
  }

  paint(context, view, scan) {
    const { desk } = this;
    this.ground.paint(context, view);
    if (scan) scan.paint(context, view);
    this.around(context, view);
    if (desk.past) {
      this.masses(context, view);
      this.pastBorders(context, view);
      return;
    }
    if (!desk.model) {
      this.masses(context, view);
      this.outlines.paint(context, view);
      return;
    }
    this.tints(context, view);
    this.masses(context, view);
    this.bands(context, view);
    this.borders(context, view);
  }

  /** A veil of paper over what is not the area of the plan. */
  around(context, view) {
    if (!this.rim) this.rim = chained(this.desk.town.coverage.rim(this.desk.town.asked));
    context.beginPath();
    context.rect(0, 0, view.width, view.height);
    for (const line of this.rim) trace(context, view, line, true);
    context.fillStyle = this.theme.hairline;
    context.globalAlpha = 0.42;
    context.fill('evenodd');
    context.globalAlpha = 1;
  }

  tints(context, view) {
    const { desk } = this;
    for (const one of desk.shown()) {
      const size = classOf(one.households, ruleOf(desk.plan, one.level));
      if (size === null || size === 2 || !meets(one.box, view.box)) continue;
      this.fill(context, view, one.cells || [one], this.steps[size], TINT);
    }
    const altered = desk.model.cells.filter((cell) => desk.changed.has(cell.code) && meets(cell.box, view.box));
    if (desk.isCompared) this.fill(context, view, altered, this.theme.chosen_casing, CHANGED);
  }

  fill(context, view, cells, colour, alpha) {
    context.fillStyle = colour;
    context.globalAlpha = alpha;
    for (const cell of cells) {
      context.beginPath();
      for (const ring of this.desk.model.rings(cell)) trace(context, view, ring, true);
      context.fill('evenodd');
    }
    context.globalAlpha = 1;
  }

  /** Footprints, plain: the count is at the cell, not at the house. */
  masses(context, view) {
    if (view.zoom < 13.5) return;
    const shown = this.desk.buildings.within(view.box);
    context.fillStyle = this.theme.other_building;
    context.strokeStyle = this.theme.edge;
    context.globalAlpha = 1;
    context.lineWidth = 0.7;
    context.lineJoin = 'miter';
    for (let i = 0; i < shown.length; i += BATCH) {
      context.beginPath();
      for (const building of shown.slice(i, i + BATCH)) {
        for (const ring of shapeOf(building, view)) trace(context, view, ring, true);
      }
      context.fill();
      if (view.zoom >= BUILDINGS_FROM + 1) {
        context.globalAlpha = 0.55;
        context.stroke();
        context.globalAlpha = 1;
      }
    }
  }

  /** A band of the class inside the border of what is out of bounds. */
  bands(context, view) {
    if (view.zoom < 14) return;
    const { desk } = this;
    const width = Math.min(11, 3 + 2.4 * Math.max(0, view.zoom - 14));
    for (const one of desk.shown()) {
      const size = classOf(one.households, ruleOf(desk.plan, one.level));
      if (size === null || size === 2 || !meets(one.box, view.box)) continue;
      context.save();
      context.beginPath();
      for (const cell of one.cells || [one]) {
        for (const ring of desk.model.rings(cell)) trace(context, view, ring, true);
      }
      context.clip('evenodd');
      context.strokeStyle = this.steps[size];
      context.globalAlpha = 0.85;
      context.lineWidth = 2 * width;
      context.lineJoin = 'round';
      context.setLineDash([]);
      for (const arc of desk.model.rim(one.cells || [one])) {
        context.beginPath();
        trace(context, view, arc.line);
        context.stroke();
      }
      context.restore();
    }
  }

  borders(context, view) {
    if (this.desk.isCompared) this.before(context, view);
    this.lines = this.lines || bordersOf(this.desk.model.arcs, (code) => this.desk.upper(code));
    this.drawn(context, view, this.lines, view.zoom >= LEAVES_FROM);
  }

  /** Finest first, so that the border of a community lies on those of its grids. */
  drawn(context, view, { rim, by }, isFine) {
    const fine = Math.max(...by.keys());
    for (const [level, lines] of [...by].reverse()) {
      const isHidden = level === fine && by.size > 1 && !isFine;
      if (view.zoom < 15 && level > 3) {
        if (!isHidden) this.hair(context, view, lines);
      } else if (!isHidden) this.stroke(context, view, lines, this.styles[level]);
    }
    this.stroke(context, view, rim, this.styles[this.desk.page.cell.level]);
  }

  /** Below zoom 15 borders are a pixel wide without casing: width is what costs. */
  hair(context, view, lines) {
    context.strokeStyle = this.theme.outline;
    context.lineWidth = 1;
    context.setLineDash([]);
    for (let i = 0; i < lines.length; i += BATCH) {
      context.beginPath();
      for (const one of lines.slice(i, i + BATCH)) if (meets(one.box, view.box)) trace(context, view, one.line);
      context.stroke();
    }
  }

  stroke(context, view, lines, style) {
    const part = Math.max(0.6, Math.min(1, 0.6 + 0.2 * (view.zoom - 15)));
    const seen = lines.filter((one) => meets(one.box, view.box));
    context.lineJoin = 'round';
    for (const [colour, width, dash] of [
      [this.theme.outline_casing, style.casing * part, []],
      [this.theme.outline, style.width * part, style.dash.map((length) => length * part)],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.lineCap = dash.length ? 'butt' : 'round';
      context.setLineDash(dash);
      for (let i = 0; i < seen.length; i += BATCH) {
        context.beginPath();
        for (const one of seen.slice(i, i + BATCH)) trace(context, view, one.line);
        context.stroke();
      }
    }
    context.setLineDash([]);
  }

  /** Where the published borders ran that the draft no longer has. */
  before(context, view) {
    const { model, published } = this.desk;
    if (!published) return;
    if (!this.gone) {
      const now = new Set(model.arcs.flatMap((arc) => edgeKeys(arc.n)));
      this.gone = boxed(chained(published.arcs.filter((arc) => edgeKeys(arc.n).some((key) => !now.has(key))).map((arc) => arc.line)));
    }
    this.stroke(context, view, this.gone, { width: 1.6, casing: 5, dash: [4, 5] });
  }

  pastBorders(context, view) {
    this.drawn(context, view, this.desk.past.lines, true);
  }
}

function edgeKeys(n) {
  const keys = [];
  for (let i = 0; i + 3 < n.length; i += 2) {
    const [a, b] = [`${n[i]},${n[i + 1]}`, `${n[i + 2]},${n[i + 3]}`];
    keys.push(a < b ? `${a};${b}` : `${b};${a}`);
  }
  return keys;
}
