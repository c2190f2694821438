/** What the routes of a plan answer, as the panel shows it. */

const SEVERITY = { error: 'must', excuse: 'may', hint: 'hint' };

/** The leaves of a plan one by one, with the arcs beside them: what `Model` takes. */
export function coverageOf(answer) {
  const { codes, names, parents, levels, buildings, households } = answer;
  const cells = codes.map((code, i) => ({
    code,
    name: names[i],
    parent: parents[i],
    level: levels[i],
    buildings: buildings[i],
    households: households[i],
  }));
  return { ...answer.arcs, revision: answer.revision, cells };
}

/** Problems in order: what has to be mended or explained first. */
export function problemsOf({ problems }) {
  return problems.map((one) => ({
    severity: SEVERITY[one.weight],
    detail: one.detail,
    code: one.code,
    at: one.lon === null ? null : [one.lon, one.lat],
    reason: one.reason,
    earlier: one.earlier ? one.earlier.reason : '',
    isOpen: one.open,
  }));
}

/** How many cells and households move, households of changed cells before and after, loads of workers; `known`: whether that was kept. */
export function impactOf(answer) {
  const load = (one) => (one ? one.households : null);
  const loads = new Map();
  for (const { worker, name, households_before: before, households_after: after } of answer.workers) {
    const sum = loads.get(worker) || { name, before: 0, after: 0 };
    loads.set(worker, { name, before: sum.before + before, after: sum.after + (after || 0) });
  }
  return {
    households: answer.households,
    incidents: answer.incidents || 0,
    counts: answer.cells.map((one) => ({ code: one.code, before: load(one.before), after: load(one.after) })),
    workers: [...loads.values()],
    unattended: answer.unattended.length,
    known: answer.known,
  };
}
