/** The town of a page, put together from its data blocks; no DOM, no Leaflet. */
import { Coverage } from './coverage.js';
import { boxOf, running, shapesOf, wordsOf } from './flat.js';

export function townOf(blocks) {
  const coverage = new Coverage(blocks.cells);
  const byCode = new Map(coverage.cells.map((cell) => [cell.code, cell]));
  return {
    coverage,
    asked: coverage.asked,
    cells: coverage.cells,
    byCode,
    buildings: buildingsOf(blocks.buildings, coverage.cells),
    ground: groundOf(blocks.ground),
  };
}

function buildingsOf(block, all) {
  const shapes = shapesOf(block.shape);
  const cells = running(block.cell);
  const heads = wordsOf(block.head);
  const addresses = wordsOf(block.address);
  return block.code.map((code, i) => {
    const box = boxOf(shapes[i]);
    return {
      type: 'building',
      index: i,
      code,
      name: block.name[i] || code,
      cell: all[cells[i]] || null,
      head: heads[i],
      address: addresses[i],
      households: block.households[i],
      persons: block.persons[i],
      counts: block.counts.map((column) => column[i]),
      rings: shapes[i],
      isPoint: shapes[i].every((ring) => ring.length < 6),
      box,
      x: (box[0] + box[2]) / 2,
      y: (box[1] + box[3]) / 2,
      strips: null,
    };
  });
}

function groundOf(block) {
  const shapes = shapesOf(block.shape);
  const kinds = wordsOf(block.kind);
  const names = wordsOf(block.name);
  return shapes.map((lines, i) => ({
    kind: kinds[i],
    name: names[i],
    rank: block.rank[i],
    width: block.width_dm[i] / 10,
    lines,
    box: boxOf(lines),
  }));
}
