/** From when a plan shall hold: the field's words as an instant of the deployment's zone, and whether it may be. */

// As the server has it (geo/grid/plans/lifecycle.py): clocks differ a little, and a year ahead is the most.
const NOW_MS = 5 * 60 * 1000;
const MOST_MS = 365 * 24 * 3600 * 1000;

/** The instant of 2026-12-01T08:00 as clocks of the deployment show it, whatever the device's zone is. */
export function instantOf(typed, texts) {
  const wall = Date.parse(`${typed.slice(0, 16)}:00Z`);
  let instant = wall;
  for (let i = 0; i < 2; i += 1) {
    const { day, time } = texts.parts(instant);
    instant += wall - Date.parse(`${day}T${time}Z`);
  }
  return new Date(instant);
}

/** The key of what is wrong with an instant, or null. */
export function wrongWith(instant, now = new Date()) {
  const ahead = instant - now;
  if (ahead < -NOW_MS) return 'editor.when_past';
  return ahead > MOST_MS ? 'editor.when_far' : null;
}
