/**
 * A scanned wall map below the borders, put in its place by three to six pairs of points. The picture
 * stays in this browser (IndexedDB, by cell); nothing of it is sent anywhere.
 */
import { metresPerPixel } from '../core/grid.js';
import { openDialog } from '../shell/dialog.js';
import { byId, h, press, put } from '../shell/dom.js';
import { texts } from '../shell/session.js';
import { fitted } from './fit.js';
import { kept, keep, forget } from './shelf.js';

const MOST_POINTS = 6;
const LEAST_POINTS = 3;
const LARGEST = 4096;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Underlay {
  /** @param act { repaint, say, chip, done }: done when no press on the map is awaited any more */
  constructor(desk, act) {
    Object.assign(this, { desk, act });
    Object.assign(this, { picture: null, pairs: [], opacity: 0.6, fit: null, waits: null });
    this.place = byId('under');
    this.key = desk.page.cell.code;
  }

  async start() {
    const found = await kept(this.key).catch(() => null);
    if (found) {
      this.picture = await createImageBitmap(found.blob);
      Object.assign(this, { blob: found.blob, pairs: found.pairs, opacity: found.opacity });
      this.fitAnew();
    }
    this.show();
  }

  fitAnew() {
    const metres = metresPerPixel(this.desk.town.asked.label[1], 0);
    this.fit = fitted(this.pairs, metres);
    this.act.repaint();
  }

  show() {
    const file = h('input', { type: 'file', accept: 'image/png,image/jpeg,image/webp', id: 'scan', class: 'away' });
    file.addEventListener('change', () => this.take(file.files[0]));
    const pick = h('label', { for: 'scan', class: 'plain', tabindex: '0', role: 'button' }, texts.t(this.picture ? 'editor.scan_other' : 'editor.scan_add'));
    pick.addEventListener('keydown', (event) => (event.key === 'Enter' || event.key === ' ') && file.click());
    put(this.place, h('div', { class: 'line' }, h('h3', {}, texts.t('editor.scan')), file, pick), this.picture ? this.controls() : h('p', { class: 'hint' }, texts.t('editor.scan_hint')));
  }

  controls() {
    const slider = h('input', { type: 'range', min: 0, max: 100, value: Math.round(this.opacity * 100), id: 'opacity', 'aria-label': texts.t('editor.opacity') });
    slider.addEventListener('input', () => {
      this.opacity = Number(slider.value) / 100;
      this.act.repaint();
    });
    slider.addEventListener('change', () => this.save());
    const place = press(h('button', { type: 'button', class: 'plain', id: 'scan-points' }, texts.t('editor.scan_points', { n: this.pairs.length })), () => this.points());
    const away = press(h('button', { type: 'button', class: 'plain' }, texts.t('editor.scan_away')), () => this.remove());
    const said = this.fit ? texts.t('editor.scan_fit', { m: this.fit.rms.toFixed(1) }) : texts.t('editor.scan_unfit');
    return [h('div', { class: 'slide' }, slider), h('p', { class: 'hint', role: 'status', id: 'scan-said' }, said), h('div', { class: 'line' }, place, away)];
  }

  async take(file) {
    if (!file) return;
    try {
      const whole = await createImageBitmap(file);
      const part = Math.min(1, LARGEST / Math.max(whole.width, whole.height));
      this.picture = part < 1 ? await createImageBitmap(whole, { resizeWidth: Math.round(whole.width * part), resizeHeight: Math.round(whole.height * part) }) : whole;
      this.blob = await blobOf(this.picture);
      this.pairs = [];
      this.fit = null;
      await this.save();
      this.show();
      this.points();
    } catch {
      this.act.say('editor.scan_bad');
    }
  }

  save() {
    return keep(this.key, { blob: this.blob, pairs: this.pairs, opacity: this.opacity }).catch(() => this.act.say('editor.scan_unkept'));
  }

  async remove() {
    Object.assign(this, { picture: null, pairs: [], fit: null });
    await forget(this.key).catch(() => {});
    this.show();
    this.act.repaint();
  }

  /** The picture in a dialog: a press on it, then one on the map, is a pair. */
  points() {
    const canvas = h('canvas', { class: 'scan', tabindex: '0', 'aria-label': texts.t('editor.scan_press') });
    const list = h('ol', { class: 'pairs' });
    const dialog = openDialog({ title: texts.t('editor.scan_title'), body: h('div', {}, h('p', { class: 'hint' }, texts.t('editor.scan_how')), canvas, list), wide: true });
    const draw = () => this.drawPicture(canvas);
    this.listPairs(list, draw);
    draw();
    const take = (from) => {
      if (this.pairs.length >= MOST_POINTS) return;
      dialog.close();
      this.expect(from);
    };
    canvas.addEventListener('click', (event) => {
      const box = canvas.getBoundingClientRect();
      take([((event.clientX - box.left) / box.width) * this.picture.width, ((event.clientY - box.top) / box.height) * this.picture.height]);
    });
    this.walkOn(canvas, draw, take);
  }

  /** The same without a mouse: arrows move a cross over the picture, Space takes the place. */
  walkOn(canvas, draw, take) {
    let at = [this.picture.width / 2, this.picture.height / 2];
    canvas.addEventListener('keydown', (event) => {
      const way = WAYS[event.key];
      if (!way && event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      if (!way) {
        take(at);
        return;
      }
      const step = Math.max(this.picture.width, this.picture.height) / (event.shiftKey ? 20 : 200);
      at = [0, 1].map((k) => Math.max(0, Math.min([this.picture.width, this.picture.height][k], at[k] + way[k] * step)));
      draw();
      const part = canvas.width / this.picture.width;
      numbered(canvas.getContext('2d'), at[0] * part, at[1] * part, '+', 18);
    });
  }

  /** A place of the picture waits for its place on the map. */
  expect(from) {
    this.waits = from;
    this.act.chip(texts.t('editor.scan_now_map'), null, () => this.cancel());
  }

  drawPicture(canvas) {
    const part = Math.min(1, 1000 / this.picture.width);
    canvas.width = this.picture.width * part;
    canvas.height = this.picture.height * part;
    const context = canvas.getContext('2d');
    context.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
    this.pairs.forEach(({ from }, i) => numbered(context, from[0] * part, from[1] * part, i + 1, 18));
  }

  listPairs(list, draw) {
    const residual = (i) => (this.fit ? texts.t('editor.scan_off', { m: this.fit.residuals[i].toFixed(1) }) : '');
    put(list, this.pairs.map((_, i) => h('li', {}, h('span', {}, texts.t('editor.scan_point', { n: i + 1 })), h('span', { class: 'unit' }, residual(i)), press(h('button', { type: 'button', class: 'plain' }, texts.t('editor.scan_drop')), () => {
      this.pairs.splice(i, 1);
      this.changed();
      this.listPairs(list, draw);
      draw();
    }))));
  }

  /** A press on the map that a point of the picture waits for; whether it was taken. */
  press(place) {
    if (!this.waits) return false;
    this.pairs.push({ from: this.waits, to: [place.x, place.y] });
    this.cancel();
    this.changed();
    if (this.pairs.length < LEAST_POINTS) this.points();
    return true;
  }

  cancel() {
    const had = Boolean(this.waits);
    this.waits = null;
    if (had) {
      this.act.chip(null);
      this.act.done();
    }
    return had;
  }

  changed() {
    this.fitAnew();
    this.save();
    this.show();
  }

  paint(context, view) {
    if (!this.picture || !this.fit) return;
    const [a, b, c, d, e, f] = this.fit.matrix;
    context.save();
    context.transform(a * view.scale, b * view.scale, c * view.scale, d * view.scale, e * view.scale + view.tx, f * view.scale + view.ty);
    context.globalAlpha = this.opacity;
    context.drawImage(this.picture, 0, 0);
    context.restore();
  }

  paintPoints(context, view) {
    if (!this.waits) return;
    this.pairs.forEach(({ to }, i) => numbered(context, to[0] * view.scale + view.tx, to[1] * view.scale + view.ty, i + 1, 13));
  }
}

function numbered(context, x, y, number, size) {
  context.beginPath();
  context.arc(x, y, size * 0.8, 0, 7);
  context.fillStyle = '#FFD43B';
  context.fill();
  context.strokeStyle = '#17202B';
  context.lineWidth = 2;
  context.stroke();
  context.font = `700 ${size}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = '#17202B';
  context.fillText(String(number), x, y + 1);
}

function blobOf(picture) {
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}
