/** What a step of a plan is called: 第 3 网格并入第 4 网格, with its sign. */

const SIGNS = {
  split: 'split',
  merge: 'merge',
  move_border: 'move',
  move_vertex: 'move',
  transfer: 'transfer',
  reparent: 'transfer',
  replace: 'divide',
  add: 'split',
  rename: 'select',
  restore: 'undo',
};

export function signOf(operation) {
  return SIGNS[operation.op] || 'select';
}

/** One line for an operation; cells are called by their names where they still have one. */
export function sentenceOf(operation, texts, nameOf) {
  const list = (codes) => (codes || []).map(nameOf).join(texts.t('bar.list_comma'));
  const key = operation.op === 'transfer' && operation.area ? 'transfer_area' : operation.op;
  return texts.t(`editor.op_${key}`, {
    cell: nameOf(operation.cell),
    cells: list((operation.cells || []).filter((code) => code !== operation.into)),
    into: nameOf(operation.into),
    to: nameOf(operation.to),
    parent: nameOf(operation.parent),
    name: operation.name || '',
    n: (operation.buildings || operation.parts || []).length,
    publication: operation.publication || '',
  });
}

/** A name without that of the area around it: 第 4 网格 of 供电社区第 4 网格. */
export function shortName(name, above) {
  return above && name.startsWith(above) && name !== above ? name.slice(above.length).trim() : name;
}
