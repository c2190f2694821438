/** Strokes of the overlay: a line in its casing, handles, what has caught the hand. */
import { trace } from '../map/canvaslayer.js';

export function cased(context, view, lines, { colour, width, casing = '#FFFFFF', around = 4, dash = [] }) {
  context.lineJoin = 'round';
  context.lineCap = dash.length ? 'butt' : 'round';
  for (const [ink, size, pattern] of [[casing, width + around, []], [colour, width, dash]]) {
    context.strokeStyle = ink;
    context.lineWidth = size;
    context.setLineDash(pattern);
    for (const line of lines) {
      context.beginPath();
      trace(context, view, line);
      context.stroke();
    }
  }
  context.setLineDash([]);
}

export function filled(context, view, rings, colour, alpha) {
  context.beginPath();
  for (const ring of rings) trace(context, view, ring, true);
  context.fillStyle = colour;
  context.globalAlpha = alpha;
  context.fill('evenodd');
  context.globalAlpha = 1;
}

export function knob(context, view, x, y, { radius = 3.8, colour, fill = '#FFFFFF', width = 1.8 }) {
  context.beginPath();
  context.arc(x * view.scale + view.tx, y * view.scale + view.ty, radius, 0, 7);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

export function square(context, view, x, y, colour) {
  const [u, v] = [x * view.scale + view.tx, y * view.scale + view.ty];
  context.fillStyle = '#FFFFFF';
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.fillRect(u - 5, v - 5, 10, 10);
  context.strokeRect(u - 5, v - 5, 10, 10);
}

/** The grip of a border: two arrows across it. */
export function grip(context, view, [x, y], line, colour) {
  const last = line.length - 2;
  context.save();
  context.translate(x * view.scale + view.tx, y * view.scale + view.ty);
  context.rotate(Math.atan2(line[last + 1] - line[1], line[last] - line[0]));
  context.beginPath();
  context.arc(0, 0, 11, 0, 7);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = '#FFFFFF';
  context.lineWidth = 2;
  context.setLineDash([]);
  context.stroke();
  context.lineWidth = 1.8;
  context.beginPath();
  for (const up of [-1, 1]) {
    context.moveTo(0, 0);
    context.lineTo(0, 6 * up);
    context.moveTo(-3, 3 * up);
    context.lineTo(0, 6 * up);
    context.lineTo(3, 3 * up);
  }
  context.stroke();
  context.restore();
}

/** What has caught the hand: a diamond is a node, a disc a vertex, a bar an edge. */
export function caught(context, view, hit, colour) {
  if (!hit || !hit.kind) return;
  const [u, v] = [hit.x * view.scale + view.tx, hit.y * view.scale + view.ty];
  context.fillStyle = colour;
  context.strokeStyle = '#FFFFFF';
  context.lineWidth = 2;
  context.beginPath();
  if (hit.kind === 'node') {
    context.moveTo(u, v - 8);
    context.lineTo(u + 8, v);
    context.lineTo(u, v + 8);
    context.lineTo(u - 8, v);
    context.closePath();
  } else if (hit.kind === 'vertex') context.arc(u, v, 6, 0, 7);
  else context.rect(u - 9, v - 3.5, 18, 7);
  context.fill();
  context.stroke();
}

export function middleOf(line) {
  const at = 2 * Math.floor((line.length / 2 - 1) / 2);
  if (line.length === 4) return [(line[0] + line[2]) / 2, (line[1] + line[3]) / 2];
  return [line[at], line[at + 1]];
}
