/** The outline in hand: what it would take in is said and asked before it becomes steps of the plan. */
import { areaSaid, gainOperations, probesOf } from '../rim.js';

/** How much, whose it becomes, and the two answers. @param tool the move tool with its `gain` */
export function tellGain(tool) {
  const { act, gain, isOwn } = tool;
  const ways = [
    [act.text('editor.rim_joins', { cell: gain.cell.name }), !isOwn, () => choose(tool, false)],
    [act.text('editor.rim_own'), isOwn, () => choose(tool, true)],
  ];
  act.chip(act.text('editor.rim_said', { area: areaSaid(gain.m2, tool.desk.texts) }), () => takeIn(tool), () => tool.cancel(), ways);
}

function choose(tool, isOwn) {
  tool.isOwn = isOwn;
  tellGain(tool);
}

/** Only land of nobody: a plan knows its area and what meets it, the grid knows all. */
export async function takeIn(tool) {
  const { act, gain, isOwn, desk } = tool;
  act.chip(null);
  const isTaken = await act.isTaken(probesOf(gain)).catch(() => false);
  if (tool.gain !== gain) return;
  if (isTaken) {
    act.say('editor.rim_taken');
    tool.cancel();
    act.repaint();
    return;
  }
  act.sendAll(gainOperations(gain, { name: act.text('editor.rim_name'), isOwn, number: desk.plan.revision }));
}
