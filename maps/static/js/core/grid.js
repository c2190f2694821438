/** Grid numbers (steps of 2^-23 degree), degrees, and the mercator plane (256 wide at zoom 0). */

export const GRID = 2 ** -23;
const WORLD = 256;
const EQUATOR_M = 40075016.686;

export function worldX(n) {
  return ((n * GRID + 180) / 360) * WORLD;
}

export function worldY(n) {
  const sine = Math.sin((n * GRID * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}

export function longitude(x) {
  return (x / WORLD) * 360 - 180;
}

export function latitude(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI;
}

/** Metres on the ground that one pixel covers at a place given by its world y. */
export function metresPerPixel(y, zoom) {
  const cosine = Math.cos((latitude(y) * Math.PI) / 180);
  return (EQUATOR_M * cosine) / (WORLD * 2 ** zoom);
}
