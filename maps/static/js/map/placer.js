/** Keeps labels off each other: a list of taken rectangles [left, top, right, bottom] in px. */
import { meets } from '../core/boxes.js';

export const FONT =
  '"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif';

export class Placer {
  constructor(taken = []) {
    this.taken = [...taken];
  }

  isFree(rect) {
    return !this.taken.some((other) => meets(rect, other));
  }

  take(rect) {
    this.taken.push(rect);
  }

  /** Takes all of the rectangles, or none. */
  takeAll(rects) {
    if (!rects.every((rect) => this.isFree(rect))) return false;
    this.taken.push(...rects);
    return true;
  }
}

export function around(x, y, width, height, pad = 2) {
  const [w, h] = [width / 2 + pad, height / 2 + pad];
  return [x - w, y - h, x + w, y + h];
}

/** Text with a halo of the ground, so that it holds on anything. */
export function haloed(context, text, x, y, { colour, halo, width = 4 }) {
  context.lineJoin = 'round';
  context.setLineDash([]);
  context.strokeStyle = halo;
  context.lineWidth = width;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** A place name, letters spaced; returns its width. Draws only when `draw` is set. */
export function spaced(context, text, x, y, { spacing, draw, ...style }) {
  const letters = [...text];
  const widths = letters.map((letter) => context.measureText(letter).width);
  const width = widths.reduce((a, b) => a + b + spacing, -spacing);
  if (!draw) return width;
  context.textAlign = 'left';
  let at = x - width / 2;
  const places = widths.map((w) => {
    const here = at;
    at += w + spacing;
    return here;
  });
  context.lineJoin = 'round';
  context.strokeStyle = style.halo;
  context.lineWidth = 4;
  letters.forEach((letter, i) => context.strokeText(letter, places[i], y));
  context.fillStyle = style.colour;
  letters.forEach((letter, i) => context.fillText(letter, places[i], y));
  context.textAlign = 'center';
  return width;
}
