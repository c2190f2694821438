/** Leaves put together by their parent: the grids of a community whose leaves are finer. */

export function groupsOf(model, asked) {
  const found = new Map();
  for (const cell of model.cells) {
    const code = cell.parent && cell.parent !== asked ? cell.parent : cell.code;
    if (!found.has(code)) found.set(code, groupFor(code, cell));
    found.get(code).cells.push(cell);
  }
  for (const group of found.values()) {
    group.households = sum(group.cells, 'households');
    group.buildings = sum(group.cells, 'buildings');
    group.box = [0, 1, 2, 3].map((k) => (k < 2 ? Math.min : Math.max)(...group.cells.map((cell) => cell.box[k])));
    for (const cell of group.cells) cell.group = group;
  }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function groupFor(code, cell) {
  const isLeaf = code === cell.code;
  return {
    code,
    name: isLeaf ? cell.name : cell.parentName,
    level: isLeaf ? cell.level : cell.level - 1,
    parent: isLeaf ? cell.parent : null,
    cells: [],
  };
}

function sum(cells, name) {
  return cells.reduce((total, cell) => total + (cell[name] || 0), 0);
}

/** Leaves of what is shown: of a group its cells, of a leaf itself. */
export function leavesOf(one) {
  return one.cells || [one];
}
