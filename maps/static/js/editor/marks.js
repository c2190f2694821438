/** What stands on the sheet in words and signs: numbers and counts of cells, live pills, numbered problems. */
import { worldX, worldY, GRID } from '../core/grid.js';
import { CellLabels } from '../map/celllabels.js';
import { around, FONT, haloed, Placer } from '../map/placer.js';
import { digitsOf, numbersOf } from './numbers.js';
import { classOf, markOf, ruleOf } from './sizes.js';

const PIN = 11;
export const LEAVES_FROM = 16.25;
const SPOKEN_FROM = 14.5;
const HINTS_FROM = 18;

export class Marks extends CellLabels {
  constructor(desk, buildings) {
    super(desk.town, buildings, desk.page.palette, desk.texts);
    this.desk = desk;
    this.theme = desk.page.palette.theme;
    this.spots = new Map();
  }

  /** Names and counts of what is shown, each in the freest place of its cell. */
  paintMarks(context, view, cards) {
    const { desk } = this;
    this.spots = new Map();
    if (desk.past) return;
    if (desk.model) this.town = { ...desk.town, coverage: { holds: (one, x, y) => (one.cells || [one]).some((cell) => desk.model.holds(cell, x, y)) } };
    context.textBaseline = 'middle';
    const placer = new Placer([...cards, ...this.pinRects(view)]);
    Object.assign(this, { placer, numbered: new Set() });
    for (const one of this.named(view.zoom)) {
      if (one.box[2] < view.box[0] || one.box[0] > view.box[2]) continue;
      this.label(context, view, placer, one);
    }
  }

  /** Far off, grids are named in place of the leaves in them, after the leaves that the panel speaks of. */
  named(zoom) {
    const { desk } = this;
    if (!desk.model) return this.below();
    const shown = desk.shown();
    if (zoom >= LEAVES_FROM || desk.levels().length < 2) return shown;
    return shown === desk.groups ? shown : [...this.spoken(zoom), ...desk.groups];
  }

  /** Before a plan is open: the cells right below the area. */
  below() {
    const { asked, cells } = this.desk.town;
    this.laid = this.laid || cells.filter((cell) => cell.box && cell.parent === asked).map((cell) => ({ ...cell, parent: asked.code }));
    return this.laid;
  }

  spoken(zoom) {
    const { model, changed, problems } = this.desk;
    if (zoom < SPOKEN_FROM) return [];
    const codes = new Set([...changed, ...(problems || []).map((one) => one.code)]);
    return model.cells.filter((cell) => codes.has(cell.code));
  }

  /** 02 218 户 ▲ */
  parts(one) {
    // A grid that stands for its leaves is not measured: they are.
    const isMeasured = this.desk.shown().includes(one);
    const size = !isMeasured ? null : classOf(one.households, ruleOf(this.desk.plan, one.level));
    const mark = markOf(size);
    const colour = size === null || size === 2 ? this.theme.ink2 : size < 2 ? this.theme.too_small : this.theme.too_big;
    const said = this.texts.t('editor.households_n', { n: this.texts.count(one.households || 0) });
    return { number: this.numberOf(one), said: mark ? `${said} ${mark}` : said, colour, isOut: Boolean(mark) };
  }

  /** What a cell is called in short; of one that the draft does not have, by its digits. */
  numberOf(one) {
    return this.numbers()[one.cells ? 0 : 1].get(one.code) || digitsOf(one, this.desk.page.cell);
  }

  /** Of groups and of leaves, made once for the cells there are. */
  numbers() {
    const { model, groups, page } = this.desk;
    if (this.countedOf !== model) Object.assign(this, { countedOf: model, made: [groups, model ? model.cells : []].map((cells) => numbersOf(cells, page.cell)) });
    return this.made;
  }

  /** In one line where the cell is wide enough, else the count below the number, else the count alone. */
  label(context, view, placer, one) {
    const { number, said, colour, isOut } = this.parts(one);
    const pieces = [
      { text: number, font: `700 13px ${FONT}`, colour: this.theme.ink },
      { text: said, font: `${isOut ? 700 : 400} 13px ${FONT}`, colour },
    ];
    for (const piece of pieces) {
      context.font = piece.font;
      piece.width = context.measureText(piece.text).width;
    }
    const [first, second] = pieces;
    const ways = [
      { width: first.width + 5 + second.width, height: 16, places: [[0, 0], [first.width + 5, 0]] },
      { width: Math.max(first.width, second.width), height: 31, places: [[0, -8], [0, 8]] },
    ];
    for (const way of ways) {
      const spot = this.spot(view, placer, one, way.width, way.height);
      if (!spot) continue;
      placer.take(around(spot.x, spot.y, way.width, way.height));
      this.spots.set(one.code, spot);
      this.numbered.add(one.code);
      this.write(context, spot, way, pieces);
      return;
    }
    const spot = this.spot(view, placer, one, second.width, 16);
    if (!spot) return;
    placer.take(around(spot.x, spot.y, second.width, 16));
    this.spots.set(one.code, spot);
    this.write(context, spot, { width: second.width, places: [null, [0, 0]] }, pieces);
  }

  write(context, spot, { width, places, height }, pieces) {
    context.textAlign = height > 16 ? 'center' : 'left';
    places.forEach((place, i) => {
      if (!place) return;
      const { text, font, colour } = pieces[i];
      context.font = font;
      const x = height > 16 ? spot.x : spot.x - width / 2 + place[0];
      haloed(context, text, x, spot.y + place[1], { colour, halo: this.theme.block });
    });
    context.textAlign = 'center';
  }

  /** Numbered problems where they are; the one that is looked at in yellow. */
  paintPins(context, view) {
    const { problems, problem } = this.desk;
    if (!problems || this.desk.past) return;
    this.pins = [];
    problems.forEach((one, i) => {
      if (!one.at || !this.isPinned(one, i, view.zoom)) return;
      const [x, y] = [worldX(one.at[0] / GRID) * view.scale + view.tx, worldY(one.at[1] / GRID) * view.scale + view.ty];
      if (i === problem) this.disc(context, x, y, PIN + 5, this.theme.chosen_casing);
      this.disc(context, x, y, PIN, this.theme.card);
      context.font = `700 13px ${FONT}`;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillStyle = this.theme.ink;
      context.fillText(String(i + 1), x, y + 0.5);
      this.nameAt(context, one.code, x, y);
      this.pins.push({ i, x: (x - view.tx) / view.scale, y: (y - view.ty) / view.scale });
    });
  }

  /** A cell whose number has no room in it has it below its pin, or beside. */
  nameAt(context, code, x, y) {
    const cell = this.desk.model && this.desk.model.byCode.get(code);
    if (!cell || this.numbered.has(code)) return;
    const number = this.numberOf(cell);
    const half = context.measureText(number).width / 2;
    const [away, over] = [PIN + 5, PIN + 12];
    const ways = [[x, y + over], [x + away + half, y], [x - away - half, y], [x, y - over]];
    const way = ways.find(([u, v]) => this.placer.isFree(around(u, v, 2 * half, 14, 1)));
    if (!way) return;
    this.placer.take(around(way[0], way[1], 2 * half, 14));
    this.numbered.add(code);
    haloed(context, number, way[0], way[1], { colour: this.theme.ink, halo: this.theme.block });
  }

  /** Hints stand on the sheet near by, or when they are looked at: else they hide what matters. */
  isPinned(one, i, zoom) {
    return one.severity !== 'hint' || i === this.desk.problem || zoom >= HINTS_FROM;
  }

  pinRects(view) {
    return (this.desk.problems || []).filter((one, i) => one.at && this.isPinned(one, i, view.zoom)).map((one) => {
      const [x, y] = [worldX(one.at[0] / GRID) * view.scale + view.tx, worldY(one.at[1] / GRID) * view.scale + view.ty];
      return [x - PIN - 2, y - PIN - 2, x + PIN + 2, y + PIN + 2];
    });
  }

  disc(context, x, y, radius, fill) {
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = this.theme.ink;
    context.lineWidth = 2;
    context.setLineDash([]);
    context.stroke();
  }

  /** The problem whose number lies under a point of the plane, or -1. */
  pinAt(x, y, reach) {
    const hit = (this.pins || []).find((pin) => Math.hypot(pin.x - x, pin.y - y) <= reach);
    return hit ? hit.i : -1;
  }

  /** Pills of one picture keep off each other: what is in the way goes up. */
  pills(context, changes) {
    const placer = new Placer();
    for (const { x, y, one, before, after, isNew = false } of changes) {
      let at = y;
      const rect = (v) => around(x, v, 150, 26, 2);
      while (!placer.isFree(rect(at)) && at > y - 200) at -= 31;
      placer.take(rect(at));
      this.pill(context, x, at, one, before, after, isNew);
    }
  }

  /** 02 218 → 241 户 in a white field with an edge: what a hand would make of the count. */
  pill(context, x, y, one, before, after, isNew = false) {
    const rule = ruleOf(this.desk.plan, one.level);
    const size = classOf(after, rule);
    const colour = size === null || size === 2 ? this.theme.accent : size < 2 ? this.theme.too_small : this.theme.too_big;
    const count = (n) => this.texts.count(n);
    const unit = this.texts.t('editor.unit');
    const pieces = [
      [`${isNew ? this.texts.t('editor.new_cell') : this.numberOf(one)}  `, 400, 13, this.theme.ink2],
      ...(before === null ? [] : [[`${count(before)} → `, 400, 15, this.theme.ink2]]),
      [count(after), 700, 15, colour],
      [` ${unit} ${markOf(size)}`.trimEnd(), 400, 13, this.theme.ink2],
    ];
    field(context, x, y, pieces, this.theme);
  }
}

/** Words in a white field with an edge, middle at (x, y). */
export function field(context, x, y, pieces, theme) {
  const widths = pieces.map(([text, weight, size]) => {
    context.font = `${weight} ${size}px ${FONT}`;
    return context.measureText(text).width;
  });
  const width = widths.reduce((a, b) => a + b, 20);
  const [left, top, height] = [Math.round(x - width / 2) + 0.5, Math.round(y - 13) + 0.5, 26];
  rounded(context, left, top, width, height, 6);
  context.fillStyle = theme.card;
  context.fill();
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.2;
  context.setLineDash([]);
  context.stroke();
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let at = left + 10;
  pieces.forEach(([text, weight, size, colour], i) => {
    context.font = `${weight} ${size}px ${FONT}`;
    context.fillStyle = colour;
    context.fillText(text, at, top + height / 2 + 0.5);
    at += widths[i];
  });
  context.textAlign = 'center';
}

/** roundRect is younger than Chromium 86. */
function rounded(context, x, y, width, height, r) {
  context.beginPath();
  context.moveTo(x + r, y);
  context.arcTo(x + width, y, x + width, y + height, r);
  context.arcTo(x + width, y + height, x, y + height, r);
  context.arcTo(x, y + height, x, y, r);
  context.arcTo(x, y, x + width, y, r);
  context.closePath();
}
