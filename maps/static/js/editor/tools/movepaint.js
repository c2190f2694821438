/** How a border in hand looks: where it was, where it would be, what changes sides, what it cuts. */
import { trace } from '../../map/canvaslayer.js';
import { cased, caught, filled, grip, knob, square } from '../ink.js';
import { planeOf } from '../model.js';
import { halfway } from '../slide.js';

/** @param tool the move tool, as it is now */
export function paintMove(tool, context, view, marks) {
  const { theme } = marks;
  const { model } = tool.desk;
  if (!model) return;
  if (tool.hover && !tool.arc) cased(context, view, [tool.hover.arc.line], { colour: theme.accent, width: 3 });
  if (!tool.arc) return;
  if (tool.slide && tool.slide.half) {
    paintSlide(tool, context, view, marks);
    return;
  }
  if (tool.moved) paintMoved(tool, context, view, marks);
  const line = model.line(tool.arc, tool.moved || undefined);
  cased(context, view, [line], { colour: tool.bad ? theme.ink : theme.accent, width: 3, dash: tool.bad ? [3, 5] : [] });
  handles(tool, context, view, line, theme);
  if (tool.hasGrip()) grip(context, view, halfway(line), line, theme.accent);
  caught(context, view, tool.hold ? tool.hit : null, theme.accent);
}

function paintSlide(tool, context, view, marks) {
  const { theme } = marks;
  const { half, line, moves, cut, counts } = tool.slide;
  filled(context, view, [half], theme.chosen_casing, 0.3);
  paintBuildings(context, view, moves, cut, theme);
  cased(context, view, [tool.arc.line], { colour: theme.edge, width: 1.6, dash: [4, 5] });
  context.save();
  context.beginPath();
  for (const ring of tool.desk.model.rings(tool.slide.from)) trace(context, view, ring, true);
  context.clip('evenodd');
  cased(context, view, [line], { colour: theme.accent, width: 3 });
  context.restore();
  marks.pills(context, [...counts].map(([one, [before, after]]) => ({ ...(marks.spots.get(one.code) || middle(one, view)), one, before, after })));
  caught(context, view, tool.hit, theme.accent);
}

function paintMoved(tool, context, view, marks) {
  const { theme } = marks;
  const { model } = tool.desk;
  const arcs = [...tool.moved.keys()];
  if (tool.gain) filled(context, view, [planeOf(tool.gain.ring)], theme.chosen_casing, 0.45);
  else for (const arc of arcs) filled(context, view, [[...model.line(arc), ...backwards(model.line(arc, tool.moved))]], theme.chosen_casing, 0.3);
  paintBuildings(context, view, tool.shift.moves, tool.cut, theme);
  cased(context, view, arcs.map((arc) => model.line(arc)), { colour: theme.edge, width: 1.6, dash: [4, 5] });
  cased(context, view, arcs.map((arc) => model.line(arc, tool.moved)), { colour: theme.accent, width: 2.4 });
  if (tool.gain) return;
  const counts = [...tool.shift.counts].filter(([, [before, after]]) => tool.moved.size < 2 || before !== after);
  marks.pills(context, counts.map(([one, [before, after]]) => ({ ...(marks.spots.get(one.code) || middle(one, view)), one, before, after })));
}

function paintBuildings(context, view, moves, cut, theme) {
  for (const { building } of moves) outline(context, view, building, theme.chosen_casing, theme.chosen);
  for (const building of cut) outline(context, view, building, theme.card, theme.ink);
}

function handles(tool, context, view, line, theme) {
  const last = line.length / 2 - 1;
  for (let i = 0; i <= last; i += 1) {
    const [x, y] = [line[2 * i], line[2 * i + 1]];
    if (i === 0 || i === last) square(context, view, x, y, theme.ink);
    else knob(context, view, x, y, { colour: theme.accent });
    if (i === tool.at) knob(context, view, x, y, { radius: 8, colour: theme.chosen, fill: theme.chosen_casing, width: 2 });
  }
}

function backwards(line) {
  const back = [];
  for (let i = line.length - 2; i >= 0; i -= 2) back.push(line[i], line[i + 1]);
  return back;
}

function outline(context, view, building, fill, edge) {
  filled(context, view, building.rings, fill, 1);
  cased(context, view, building.rings.map((ring) => [...ring, ring[0], ring[1]]), { colour: edge, width: 1.6, around: 0 });
}

function middle(cell, view) {
  const [west, north, east, south] = cell.box;
  return { x: ((west + east) / 2) * view.scale + view.tx, y: ((north + south) / 2) * view.scale + view.ty };
}
