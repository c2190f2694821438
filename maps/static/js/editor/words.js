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

// More cells than this are told by the first and their number.
const MOST_NAMED = 3;

export function signOf(operation) {
  return SIGNS[operation.op] || 'select';
}

/** One line for an operation; cells are called by their names where they still have one. */
export function sentenceOf(operation, texts, nameOf) {
  const list = (codes = []) => {
    const names = codes.map(nameOf);
    return names.length > MOST_NAMED ? texts.t('editor.and_more', { cell: names[0], n: names.length }) : names.join(texts.t('bar.list_comma'));
  };
  const key = operation.op === 'transfer' && operation.area ? 'transfer_area' : operation.op;
  return texts.t(`editor.op_${key}`, {
    // After a renaming the draft has the new name alone.
    cell: nameOf(operation.cell, operation.op === 'rename'),
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

/** Who did something: by name where the server tells it, else by login. */
export function personOf(facts, role) {
  return facts[`${role}_name`] || facts[role] || '';
}

// A code as sentences of the server have it: 网格“3406…”, “3406…”, cell 3406….
const CODE = /(?:网格 ?|cells? )?[“"]?([0-9A-Z][0-9A-Za-z_-]{5,31})[”"]?/g;
const PLACE = /（位置：[^）]*）$| \(at longitude [^)]*\)$/;

/** A sentence of the server with cells by their names; without numbers of a place that is shown. */
export function byNames(sentence, nameOf, isShown = false) {
  const said = isShown ? sentence.replace(PLACE, '') : sentence;
  const named = said.replace(CODE, (all, code) => (nameOf(code) === code ? all : nameOf(code)));
  return named.replace(/([\u4e00-\u9fff、]) (?=[\u4e00-\u9fff])/g, '$1');
}
