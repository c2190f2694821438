/** Search by part of a name, whatever the width or case of its letters. */

export function folded(text) {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** Entries ready for searching: {label, hint, keys: […], …}; keys are what is looked through. */
export function indexed(entries) {
  return entries.map((entry) => ({ ...entry, folded: entry.keys.map(folded) }));
}

/** The best `most` entries: begins with, then holds; shorter first, then as they stand. */
export function found(entries, question, most = 8) {
  const asked = folded(question);
  if (!asked) return [];
  const hits = [];
  entries.forEach((entry, place) => {
    let best = Infinity;
    for (const key of entry.folded) {
      const at = key.indexOf(asked);
      if (at >= 0) best = Math.min(best, (at ? 1000 : 0) + key.length - asked.length);
    }
    if (best < Infinity) hits.push([best, place, entry]);
  });
  hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return hits.slice(0, most).map((hit) => hit[2]);
}
