/** Reads what maps/pack.py writes: running differences, word columns, deflated blocks. */
import { worldX, worldY } from './grid.js';

/** Lines in the mercator plane: flat arrays [x0, y0, x1, y1, …], one a line. */
export function linesOf(block) {
  const step = 2 ** block.shift;
  let [x, y] = block.origin;
  let at = 0;
  return block.len.map((length) => {
    const line = new Float64Array(2 * length);
    for (let i = 0; i < length; i += 1, at += 1) {
      x += block.x[at];
      y += block.y[at];
      line[2 * i] = worldX(x * step);
      line[2 * i + 1] = worldY(y * step);
    }
    return line;
  });
}

/** The same, gathered by the geometry each line belongs to. */
export function shapesOf(block) {
  const lines = linesOf(block);
  let at = 0;
  return block.lines.map((count) => lines.slice(at, (at += count)));
}

/** Integers from their running differences. */
export function running(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

export function wordsOf(column) {
  return column.at.map((index) => column.words[index]);
}

export function boxOf(lines) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      box[0] = Math.min(box[0], line[i]);
      box[1] = Math.min(box[1], line[i + 1]);
      box[2] = Math.max(box[2], line[i]);
      box[3] = Math.max(box[3], line[i + 1]);
    }
  }
  return box;
}

export async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).text();
}
