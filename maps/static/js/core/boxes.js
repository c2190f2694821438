/** Finds what lies in a window: boxes sorted into the squares of a grid. */

export class Boxes {
  /** @param things with a `box` [west, north, east, south] in one plane. */
  constructor(things, across = 48) {
    this.things = things.filter((thing) => Number.isFinite(thing.box[0]));
    const all = this.things.map((thing) => thing.box);
    this.west = all.reduce((v, box) => Math.min(v, box[0]), Infinity);
    this.north = all.reduce((v, box) => Math.min(v, box[1]), Infinity);
    const east = all.reduce((v, box) => Math.max(v, box[2]), -Infinity);
    const south = all.reduce((v, box) => Math.max(v, box[3]), -Infinity);
    this.across = across;
    this.size = Math.max(east - this.west, south - this.north, 1e-12) / across;
    this.squares = new Map();
    this.things.forEach((thing, i) => {
      this.each(thing.box, (key) => {
        if (!this.squares.has(key)) this.squares.set(key, []);
        this.squares.get(key).push(i);
      });
    });
  }

  /** Things whose box meets a box, in the order they were given. */
  within(box) {
    const seen = new Set();
    this.each(box, (key) => {
      for (const i of this.squares.get(key) || []) seen.add(i);
    });
    return [...seen]
      .sort((a, b) => a - b)
      .map((i) => this.things[i])
      .filter((thing) => meets(thing.box, box));
  }

  each(box, call) {
    const clamp = (value) => Math.max(0, Math.min(this.across, Math.floor(value)));
    const x1 = clamp((box[2] - this.west) / this.size);
    const y1 = clamp((box[3] - this.north) / this.size);
    for (let x = clamp((box[0] - this.west) / this.size); x <= x1; x += 1) {
      for (let y = clamp((box[1] - this.north) / this.size); y <= y1; y += 1) {
        call(y * (this.across + 1) + x);
      }
    }
  }
}

export function meets(a, b) {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}
