/** Shares that add up: what a legend prints is a table whose total is right. */

export function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}

/**
 * Tenths of a percent as text: equal counts have equal shares, and where those allow it all add to
 * 100.0 %, by the least error. Three thirds cannot: they are 33.3 % each.
 */
export function percents(counts) {
  const total = sum(counts);
  if (!total) return counts.map(() => '–');
  const exact = counts.map((n) => (n / total) * 1000);
  const whole = exact.map(Math.floor);
  const raised = raisedOf(counts, exact, 1000 - sum(whole));
  return whole.map((tenths, i) => {
    const up = raised ? raised.has(counts[i]) : exact[i] - tenths >= 0.5;
    return `${((tenths + up) / 10).toFixed(1)}%`;
  });
}

/** The counts whose shares are rounded up, so that `missing` tenths are given out; null: no such. */
function raisedOf(counts, exact, missing) {
  const rest = new Map(counts.map((n, i) => [n, exact[i] - Math.floor(exact[i])]));
  const often = (n) => counts.filter((other) => other === n).length;
  let ways = [{ raised: new Set(), left: missing, gained: 0 }];
  for (const [n, part] of rest) {
    const times = often(n);
    const more = ways
      .filter((way) => part && way.left >= times)
      .map((way) => ({ raised: new Set(way.raised).add(n), left: way.left - times, gained: way.gained + part * times }));
    ways = bestOf([...ways, ...more]);
  }
  const found = ways.find((way) => way.left === 0);
  return found ? found.raised : null;
}

/** Of ways that leave the same, the one whose remainders are largest. */
function bestOf(ways) {
  const best = new Map();
  for (const way of ways) {
    if (!best.has(way.left) || best.get(way.left).gained < way.gained) best.set(way.left, way);
  }
  return [...best.values()];
}
