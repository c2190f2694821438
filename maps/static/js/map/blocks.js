/** The data blocks of the page, by name: JSON, or JSON deflated where the file stands alone. */
import { inflated } from '../core/flat.js';

export async function readBlocks() {
  const found = [...document.querySelectorAll('script[data-block]')];
  const read = found.map(async (block) => {
    const isDeflated = block.type === 'application/deflate';
    const body = isDeflated ? await inflated(block.textContent) : block.textContent;
    return [block.dataset.block, JSON.parse(body)];
  });
  return Object.fromEntries(await Promise.all(read));
}
