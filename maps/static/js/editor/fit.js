/**
 * A scanned map put in its place: the affine that takes its pixels to the plane with the least
 * squares, and how far each point is off. Three points fix it, more tell how good it is.
 */

/**
 * @param pairs [{ from: [u, v] in pixels, to: [x, y] in the plane }], three or more
 * @param metres of one unit of the plane, there
 * @returns { matrix: [a, b, c, d, e, f] as canvas takes it, residuals: metres of each, rms }, or null
 *   when the points stand in one line
 */
export function fitted(pairs, metres = 1) {
  const [u0, v0] = mean(pairs.map((pair) => pair.from));
  const [x0, y0] = mean(pairs.map((pair) => pair.to));
  let [uu, uv, vv] = [0, 0, 0];
  const [xu, xv, yu, yv] = [0, 1, 2, 3].map((k) =>
    pairs.reduce((sum, { from, to }) => {
      const side = k % 2 ? from[1] - v0 : from[0] - u0;
      return sum + side * (k < 2 ? to[0] - x0 : to[1] - y0);
    }, 0),
  );
  for (const { from } of pairs) {
    uu += (from[0] - u0) ** 2;
    uv += (from[0] - u0) * (from[1] - v0);
    vv += (from[1] - v0) ** 2;
  }
  const det = uu * vv - uv * uv;
  if (pairs.length < 3 || det <= 1e-9 * uu * vv || !uu || !vv) return null;
  const [a, c] = [(xu * vv - xv * uv) / det, (xv * uu - xu * uv) / det];
  const [b, d] = [(yu * vv - yv * uv) / det, (yv * uu - yu * uv) / det];
  const matrix = [a, b, c, d, x0 - a * u0 - c * v0, y0 - b * u0 - d * v0];
  const residuals = pairs.map(({ from, to }) => {
    const [x, y] = placed(matrix, from);
    return Math.hypot(x - to[0], y - to[1]) * metres;
  });
  const rms = Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length);
  return { matrix, residuals, rms };
}

/** Where a pixel falls in the plane. */
export function placed([a, b, c, d, e, f], [u, v]) {
  return [a * u + c * v + e, b * u + d * v + f];
}

function mean(points) {
  const sum = points.reduce(([x, y], [u, v]) => [x + u, y + v], [0, 0]);
  return sum.map((value) => value / points.length);
}
