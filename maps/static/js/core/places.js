/** What can be gone to without being a cell or a building: streets, estates, a point. */
import { GRID, worldX, worldY } from './grid.js';

// A building named by its estate and number: 供电小区30号楼.
const NUMBERED = /^(.*[^0-9a-z]{2})[0-9a-z-]{1,5}(?:号楼|号|栋|幢|座|楼)$/i;
const LEAST = 2;
const NUMBER = '[+-]?[0-9]{1,3}(?:[.][0-9]{1,15})?';
const POINT = new RegExp(`^(${NUMBER})(?:\\s*[,，;；、]\\s*|\\s+)(${NUMBER})$`);
const HALF_SIDE = 0.0005;

/** Estates by the names of their buildings, each with the box of all of them. */
export function estatesOf(buildings) {
  const found = new Map();
  for (const building of buildings) {
    const [, name] = NUMBERED.exec(building.name) || [];
    if (!name) continue;
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(building);
  }
  return [...found]
    .filter(([, several]) => several.length >= LEAST)
    .map(([name, several]) => ({ type: 'estate', name, count: several.length, box: around(several) }));
}

/** Named streets, each with the box of all its pieces. */
export function streetsOf(ground) {
  const found = new Map();
  for (const one of ground) {
    if (one.kind !== 'street' || !one.name) continue;
    if (!found.has(one.name)) found.set(one.name, []);
    found.get(one.name).push(one);
  }
  return [...found].map(([name, several]) => ({ type: 'street', name, box: around(several) }));
}

/** The point that a text names as two decimal degrees, longitude first or plainly second; or null. */
export function pointOf(text) {
  const [, one, other] = POINT.exec(text.trim()) || [];
  if (one === undefined) return null;
  const isTurned = Math.abs(one) <= 90 && Math.abs(other) > 90;
  const [lon, lat] = (isTurned ? [other, one] : [one, other]).map(Number);
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85) return null;
  const [west, east] = [lon - HALF_SIDE, lon + HALF_SIDE].map((degrees) => worldX(degrees / GRID));
  const [north, south] = [lat + HALF_SIDE, lat - HALF_SIDE].map((degrees) => worldY(degrees / GRID));
  return { type: 'point', lon, lat, x: worldX(lon / GRID), y: worldY(lat / GRID), box: [west, north, east, south] };
}

function around(things) {
  const side = (i, of) => things.reduce((v, { box }) => of(v, box[i]), things[0].box[i]);
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}
