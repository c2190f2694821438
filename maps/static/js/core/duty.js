/** Who answers, as a card says it: each person once, and through which places the first one does. */

/** Members of a team in their order, each worker once: [[first duty, …further duties], …]. */
export function persons(team) {
  const found = new Map();
  team.forEach((one, place) => {
    const key = one.worker_id || `#${place}`;
    if (found.has(key)) found.get(key).push(one);
    else found.set(key, [one]);
  });
  return [...found.values()];
}

/**
 * Why the first one answers, from the reason of an answer: the kind of place, what it comes before,
 * what lies nearer and has nobody who answers first, and who is away.
 */
export function grounds({ team = [], reason = '' }) {
  const [said, because = ''] = String(reason).split(';').map((part) => part.trim());
  const vias = said.split('>').map((word) => word.trim()).filter(Boolean);
  const head = team.find((one) => one.primary);
  const at = head ? vias.indexOf(head.via) : 0;
  const place = Math.max(at, 0);
  return { first: vias[place] || '', nearer: vias.slice(0, place), rest: vias.slice(place + 1), because };
}
