/**
 * Cuts a footprint across its long side so that each strip's AREA is the share of its households.
 * For a rectangle that is the share of its length; for L and U shapes the cuts move until the
 * areas are right. Pure geometry: no canvas, no Leaflet.
 */

/** A shape nearly as broad as long is a tower: its strips stand upright on the map. */
const TOWER = 1.35;

/** The unit vector along which strips follow each other: that of the longest edge. */
export function axisOf(rings) {
  let longest = 0;
  let axis = [1, 0];
  const ring = rings[0];
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    const dx = ring[j] - ring[i];
    const dy = ring[j + 1] - ring[i + 1];
    const length = Math.hypot(dx, dy);
    if (length > longest * (1 + 1e-9)) {
      longest = length;
      axis = [dx / length, dy / length];
    }
  }
  const along = extent(rings, axis);
  const across = extent(rings, [-axis[1], axis[0]]);
  const isTower = along[1] - along[0] < TOWER * (across[1] - across[0]);
  if (isTower && Math.abs(axis[1]) > Math.abs(axis[0])) axis = [-axis[1], axis[0]];
  return axis[0] < 0 || (axis[0] === 0 && axis[1] < 0) ? [-axis[0], -axis[1]] : axis;
}

/** Strips in the order of the counts: [{ kind, rings }], kinds with nothing left out. */
export function split(rings, counts) {
  const total = counts.reduce((a, b) => a + b, 0);
  if (!total) return [];
  const axis = axisOf(rings);
  const stops = stopsOf(rings, axis);
  const whole = area(rings);
  const strips = [];
  let rest = rings;
  let done = 0;
  counts.forEach((count, kind) => {
    if (!count) return;
    done += count;
    if (done === total) {
      strips.push({ kind, rings: rest });
      return;
    }
    const at = cutAt(rings, axis, stops, (whole * done) / total);
    strips.push({ kind, rings: clipped(rest, axis, at, 1) });
    rest = clipped(rest, axis, at, -1);
  });
  return strips;
}

/** Twice signed area halved, all rings together: holes turn the other way and take away. */
export function area(rings) {
  let twice = 0;
  for (const ring of rings) {
    const x0 = ring[0];
    const y0 = ring[1];
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      twice += (ring[i] - x0) * (ring[j + 1] - y0) - (ring[j] - x0) * (ring[i + 1] - y0);
    }
  }
  return twice / 2;
}

function extent(rings, axis) {
  let low = Infinity;
  let high = -Infinity;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const t = ring[i] * axis[0] + ring[i + 1] * axis[1];
      low = Math.min(low, t);
      high = Math.max(high, t);
    }
  }
  return [low, high];
}

/** Where along the axis vertices lie, and the area before each: between two it is a parabola. */
function stopsOf(rings, axis) {
  const places = [];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) places.push(ring[i] * axis[0] + ring[i + 1] * axis[1]);
  }
  places.sort((a, b) => a - b);
  return places
    .filter((t, i) => i === 0 || t > places[i - 1])
    .map((t) => [t, area(clipped(rings, axis, t, 1))]);
}

function cutAt(rings, axis, stops, wanted) {
  const sign = wanted < 0 ? -1 : 1;
  let i = 1;
  while (i < stops.length - 1 && stops[i][1] * sign < wanted * sign) i += 1;
  const [t0, a0] = stops[i - 1];
  const [t1, a1] = stops[i];
  const middle = area(clipped(rings, axis, (t0 + t1) / 2, 1)) - a0;
  const full = a1 - a0;
  // area(u) = b·u + c·u² for u from 0 to 1 between the two stops.
  const c = 2 * full - 4 * middle;
  const b = full - c;
  const need = wanted - a0;
  const root = Math.sqrt(Math.max(0, b * b + 4 * c * need));
  const u = (2 * need) / (b + sign * root || 1);
  return t0 + Math.max(0, Math.min(1, u)) * (t1 - t0);
}

/** Sutherland–Hodgman by one half-plane: side 1 keeps what lies before `at`, -1 what lies after. */
export function clipped(rings, axis, at, side) {
  const kept = [];
  for (const ring of rings) {
    const out = [];
    const n = ring.length;
    for (let i = 0; i < n; i += 2) {
      const j = (i + 2) % n;
      const here = side * (at - ring[i] * axis[0] - ring[i + 1] * axis[1]);
      const next = side * (at - ring[j] * axis[0] - ring[j + 1] * axis[1]);
      if (here >= 0) out.push(ring[i], ring[i + 1]);
      if (here >= 0 !== next >= 0) {
        const u = here / (here - next);
        out.push(ring[i] + u * (ring[j] - ring[i]), ring[i + 1] + u * (ring[j + 1] - ring[i + 1]));
      }
    }
    if (out.length >= 6) kept.push(out);
  }
  return kept;
}
