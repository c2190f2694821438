/**
 * One canvas over the map, repainted when a movement ends; between, CSS moves and scales it.
 * Painters get a context in CSS pixels and a view; the plane of all coordinates is the mercator
 * plane of core/grid.js, so any zoom is x·scale + tx.
 */
import { metresPerPixel } from '../core/grid.js';
import { L } from './leaflet.js';

export const CanvasLayer = L.Renderer.extend({
  options: { padding: 0.15, pane: 'overlayPane', className: 'town' },

  initialize(paint, options) {
    this.paint = paint;
    this.ratio = null;
    L.Renderer.prototype.initialize.call(this, options);
  },

  _initContainer() {
    this._container = document.createElement('canvas');
    this._container.className = this.options.className;
    this.context = this._container.getContext('2d');
  },

  _destroyContainer() {
    this._container.remove();
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = this.ratio || Math.min(window.devicePixelRatio || 1, 2);
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    this.draw();
  },

  repaint() {
    if (this._map) this._update();
  },

  /** The canvas is empty: setting its width emptied it (clearRect would wipe a printed page). */
  draw() {
    const view = viewOf(this._map, this._bounds);
    view.ratio = this._container.width / view.width;
    this.context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    this.paint(this.context, view);
  },
});

/** How the plane falls on a rectangle of layer points. */
export function viewOf(map, bounds) {
  const zoom = map.getZoom();
  const scale = 2 ** zoom;
  const corner = map.getPixelOrigin().add(bounds.min);
  const size = bounds.getSize();
  const box = [corner.x, corner.y, corner.x + size.x, corner.y + size.y].map((v) => v / scale);
  return {
    zoom,
    scale,
    tx: -corner.x,
    ty: -corner.y,
    width: size.x,
    height: size.y,
    box,
    metre: 1 / metresPerPixel((box[1] + box[3]) / 2, zoom),
    left: bounds.min.x,
    top: bounds.min.y,
    seen: seenOf(map, bounds),
  };
}

/** The part of the canvas that is on the screen: the rest waits for the hand that moves it. */
function seenOf(map, bounds) {
  const corner = map.containerPointToLayerPoint([0, 0]).subtract(bounds.min);
  const size = map.getSize();
  return [corner.x, corner.y, corner.x + size.x, corner.y + size.y];
}

/** Adds a line to the current path, leaving out vertices nearer than half a pixel. */
export function trace(context, view, line, close = false) {
  const { scale, tx, ty } = view;
  let x = line[0] * scale + tx;
  let y = line[1] * scale + ty;
  context.moveTo(x, y);
  const last = line.length - 2;
  for (let i = 2; i <= last; i += 2) {
    const u = line[i] * scale + tx;
    const v = line[i + 1] * scale + ty;
    if (i < last && Math.abs(u - x) < 0.5 && Math.abs(v - y) < 0.5) continue;
    x = u;
    y = v;
    context.lineTo(x, y);
  }
  if (close) context.closePath();
}
