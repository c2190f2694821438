/** Cells as sets of leaves between arcs: borders, what holds a point, which cell is where. */
import { Boxes } from './boxes.js';
import { boxOf, linesOf, running, wordsOf } from './flat.js';

/** Sights of maps/overlays/cells.py: nothing of a cell, a part of it, all of it. */
export const UNSEEN = 0;
export const IN_PART = 1;

export class Coverage {
  /** @param block what maps/overlays/cells.py writes. */
  constructor(block) {
    this.lines = linesOf(block.shape);
    const labels = linesOf(block.label);
    const names = wordsOf(block.name);
    const parents = running(block.parent);
    this.cells = codesOf(block.code, parents).map((code, i) => ({
      type: 'cell',
      index: i,
      code,
      name: names[i],
      level: block.level[i],
      parent: null,
      children: [],
      buildings: block.buildings[i],
      households: block.households[i],
      persons: block.persons[i],
      counts: block.counts.map((column) => column[i]),
      sight: block.sight[i],
      isCounted: false,
      label: labels[i],
      members: [],
      box: null,
    }));
    this.cells.forEach((cell, i) => {
      if (parents[i] < 0) return;
      cell.parent = this.cells[parents[i]];
      cell.parent.children.push(cell);
    });
    this.asked = this.cells[block.asked];
    // Neighbours are drawn, not counted; what lies beyond the reader's areas has no figures at all.
    for (const cell of this.cells) {
      cell.isCounted = cell.sight !== UNSEEN && lineage(cell).includes(this.asked);
    }
    this.leaves = running(block.leaves).map((i) => this.cells[i]);
    this.leaves.forEach((leaf) => {
      for (let cell = leaf; cell; cell = cell.parent) cell.members.push(leaf);
    });
    this.around = new Map(this.leaves.map((leaf) => [leaf, []]));
    this.sides = running(block.left).map((left, i) => {
      const pair = [this.leaves[left], this.leaves[left - block.right[i]] || null];
      for (const leaf of pair) if (leaf) this.around.get(leaf).push(i);
      return pair;
    });
    /** The highest level whose border each line is. */
    this.border = this.sides.map(([one, two]) => partedAt(lineage(one), two ? lineage(two) : []));
    for (const leaf of this.leaves) leaf.box = boxOf(this.around.get(leaf).map((i) => this.lines[i]));
    for (const cell of this.cells) cell.box = cell.box || united(cell.members.map((m) => m.box));
    this.rims = new Map();
    this.index = new Boxes(this.leaves);
  }

  /** The finest cell at a point of the plane that is no finer than a level, or null. */
  cellAt(x, y, level) {
    let cell = this.index.within([x, y, x, y]).find((leaf) => this.holds(leaf, x, y)) || null;
    while (cell && cell.level > level && cell.parent) cell = cell.parent;
    return cell;
  }

  /** Arcs with exactly one side in the cell. */
  rim(cell) {
    if (!this.rims.has(cell)) {
      const inside = new Set(cell.members);
      const arcs = new Set(cell.members.flatMap((leaf) => this.around.get(leaf)));
      const rim = [...arcs].filter((i) => inside.has(this.sides[i][0]) !== inside.has(this.sides[i][1]));
      this.rims.set(cell, rim.map((i) => this.lines[i]));
    }
    return this.rims.get(cell);
  }

  /** Whether a point of the plane lies in a cell (rings need no order for that). */
  holds(cell, x, y) {
    const box = cell.box;
    if (!box || x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
    return crossings(this.rim(cell), x, y) % 2 === 1;
  }
}

/** Codes come without what they share with the parent's; parents stand before their children. */
function codesOf({ tail, whole }, parents) {
  const alone = new Set(whole);
  const codes = [];
  wordsOf(tail).forEach((text, i) => {
    const above = parents[i] < 0 || alone.has(i) ? '' : codes[parents[i]];
    codes.push(above + text);
  });
  return codes;
}

/** The level of the first cell from the top that two chains do not share. */
function partedAt(one, two) {
  const cell = one.find((each) => !two.includes(each)) || two.find((each) => !one.includes(each));
  return cell.level;
}

/** A cell and its ancestors in the picture, the highest first. */
export function lineage(cell) {
  const found = [];
  for (let at = cell; at; at = at.parent) found.unshift(at);
  return found;
}

/** What tells a cell from its siblings: '06' of '340603002001006'. */
export function shortCode(cell) {
  const above = cell.parent ? cell.parent.code : '';
  if (!above || !cell.code.startsWith(above)) return '';
  const rest = cell.code.slice(above.length).replace(/^0+(?=..)/, '');
  return /^\d{1,4}$/.test(rest) ? rest.padStart(2, '0') : '';
}

/** Whether a point lies in closed rings whose last vertex is not the first again. */
export function isInside(rings, x, y) {
  const closed = rings.map((ring) => [...ring, ring[0], ring[1]]);
  return crossings(closed, x, y) % 2 === 1;
}

export function crossings(lines, x, y) {
  let count = 0;
  for (const line of lines) {
    for (let i = 2; i < line.length; i += 2) {
      const y0 = line[i - 1];
      const y1 = line[i + 1];
      if (y0 > y === y1 > y) continue;
      if (x < line[i - 2] + ((y - y0) / (y1 - y0)) * (line[i] - line[i - 2])) count += 1;
    }
  }
  return count;
}

function united(boxes) {
  const there = boxes.filter(Boolean);
  if (!there.length) return null;
  return [0, 1, 2, 3].map((k) => (k < 2 ? Math.min : Math.max)(...there.map((box) => box[k])));
}
