/** Shares that add up: what a legend prints is a table whose total is right. */

export function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}

/** Tenths of a percent as text, by largest remainder, so that they add to 100.0 %. */
export function percents(counts) {
  const total = sum(counts);
  if (!total) return counts.map(() => '–');
  const exact = counts.map((n) => (n / total) * 1000);
  const whole = exact.map(Math.floor);
  const order = exact
    .map((value, i) => [value - whole[i], i])
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const missing = 1000 - sum(whole);
  for (let k = 0; k < missing; k += 1) whole[order[k][1]] += 1;
  return whole.map((tenths) => `${(tenths / 10).toFixed(1)}%`);
}
