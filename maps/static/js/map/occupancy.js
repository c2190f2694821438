/** The occupancy map: puts the town of the page's blocks on Folium's Leaflet map. */
import { chained } from '../core/chain.js';
import { latitude, longitude } from '../core/grid.js';
import { State } from '../core/state.js';
import { Texts } from '../core/texts.js';
import { townOf } from '../core/town.js';
import { readBlocks } from './blocks.js';
import { Buildings } from './buildings.js';
import { CanvasLayer } from './canvaslayer.js';
import { CellLabels } from './celllabels.js';
import { byId, press } from '../shell/dom.js';
import { drawScale, fillFoot } from './foot.js';
import { Ground } from './ground.js';
import { Hit } from './hit.js';
import { L } from './leaflet.js';
import { Legend } from './legend.js';
import { paintAreaNames, paintStreetNames } from './names.js';
import { Outlines } from './outlines.js';
import { Panel } from './panel.js';
import { patternDefs } from './patterns.js';
import { Placer } from './placer.js';
import { preparePrint } from './print.js';
import { Search } from './search.js';
import { Tip } from './tip.js';

const CHOSEN = new Set(['cell', 'building', 'place']);
const CALM = window.matchMedia('(prefers-reduced-motion: reduce)');
const SMALL = window.matchMedia('(max-width: 900px)');

class Occupancy {
  constructor(map, blocks) {
    this.map = map;
    this.page = blocks.page;
    this.town = townOf(blocks);
    this.texts = new Texts(this.page.texts, this.page.lang);
    this.state = new State();
    const { palette } = this.page;
    this.ground = new Ground(this.town.ground, palette.theme);
    this.buildings = new Buildings(this.town.buildings, palette);
    this.outlines = new Outlines(this.town.coverage, palette);
    const isCoarse = this.page.detail === 'cells';
    const [, above] = this.page.crumbs[this.page.crumbs.length - 1] || ['', ''];
    this.labels = new CellLabels(this.town, this.buildings, palette, this.texts, { isCoarse, above });
    this.hit = new Hit(map, this.town, this.buildings, this.labels);
    this.base = new CanvasLayer((context, view) => this.paint(context, view));
    this.over = new CanvasLayer((context, view) => this.paintOver(context, view), {
      className: 'town over',
    });
  }

  start() {
    const { palette } = this.page;
    document.body.prepend(patternDefs(palette.inks, palette.theme.edge));
    this.legend = new Legend(this.page, this.town, this.state, this.texts);
    this.legend.fill();
    fillFoot(this.page, this.texts);
    this.fit();
    drawScale(this.map, this.town, this.texts);
    this.map.addLayer(this.base).addLayer(this.over);
    this.map.setMinZoom(Math.max(9, Math.floor(this.map.getZoom()) - 2));
    this.tip = new Tip(this.map, this.page, this.texts);
    this.panel = new Panel(this.page, this.town, this.state, this.texts, (one) => this.flyTo(one));
    this.search = new Search(this.town, this.texts, (one) => this.go(one));
    this.listen();
    preparePrint(this.map, [this.base, this.over], (sheet) => this.fit(sheet));
    this.followHash();
    document.body.dataset.ready = 'true';
  }

  paint(context, view) {
    const { theme } = this.page.palette;
    this.ground.paint(context, view);
    this.wash(context, view);
    this.buildings.paint(context, view, this.state.filter);
    this.outlines.paint(context, view);
    const placer = new Placer(this.cardRects(view));
    this.labels.paint(context, view, placer, this.state.filter);
    const areas = this.ground.areas.within(view.box);
    const isCovered = (rect) => this.labels.covered(view, rect) > 0;
    paintAreaNames(context, view, areas, placer, theme, isCovered);
    const isBorder = (...ends) => this.isBorder(view.zoom, ...ends);
    paintStreetNames(context, view, this.ground.streets, placer, theme, { isBorder, isCovered });
  }

  /** Whether a border that is drawn runs between two points. */
  isBorder(zoom, x, y, u, v) {
    const level = Math.min(4, Math.max(...this.outlines.shown(zoom)));
    const { coverage } = this.town;
    return coverage.cellAt(x, y, level) !== coverage.cellAt(u, v, level);
  }

  /** A veil of paper over what is not the cell asked for. */
  wash(context, view) {
    context.beginPath();
    context.rect(0, 0, view.width, view.height);
    const { rim } = this;
    for (const line of rim) {
      for (let i = 0; i < line.length; i += 2) {
        const x = line[i] * view.scale + view.tx;
        const y = line[i + 1] * view.scale + view.ty;
        if (i) context.lineTo(x, y);
        else context.moveTo(x, y);
      }
      context.closePath();
    }
    context.fillStyle = this.page.palette.theme.hairline;
    context.globalAlpha = 0.42;
    context.fill('evenodd');
    context.globalAlpha = 1;
  }

  paintOver(context, view) {
    const thing = this.state.chosen;
    if (!thing) return;
    if (thing.type === 'cell') this.outlines.paintChosen(context, view, thing);
    else this.buildings.paintChosen(context, view, thing);
  }

  /** Where cards lie on the canvas: labels keep clear of them. */
  cardRects(view) {
    const origin = this.map.getContainer().getBoundingClientRect();
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const [dx, dy] = [corner.x - view.left - origin.left, corner.y - view.top - origin.top];
    return [...document.querySelectorAll('.on-map:not([hidden])')].map((card) => {
      const box = card.getBoundingClientRect();
      return [box.left + dx, box.top + dy, box.right + dx, box.bottom + dy];
    });
  }

  listen() {
    const { map } = this;
    map.on('moveend', () => drawScale(map, this.town, this.texts));
    map.on('mousemove', (event) => this.hover(event));
    map.on('mouseout movestart zoomstart', () => this.tip.hide());
    map.on('click', (event) => {
      const thing = this.hit.building(event.latlng) || this.hit.cell(event.latlng);
      this.state.choose(thing === this.town.asked ? null : thing);
    });
    this.state.onChange((what) => {
      if (what === 'filter') this.base.repaint();
      else this.showChosen();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.state.choose(null);
    });
    press(byId('zoom-in'), () => map.zoomIn(1));
    press(byId('zoom-out'), () => map.zoomOut(1));
    press(byId('grip'), () => this.fold());
    window.addEventListener('hashchange', () => this.followHash());
  }

  hover(event) {
    if (SMALL.matches) return;
    const building = this.hit.building(event.latlng);
    this.map.getContainer().classList.toggle('on-building', Boolean(building));
    if (building) this.tip.show(building, event.containerPoint);
    else this.tip.hide();
  }

  fold() {
    const isFolded = byId('left').classList.toggle('folded');
    byId('grip').setAttribute('aria-expanded', String(!isFolded));
  }

  showChosen() {
    this.tip.hide();
    this.over.repaint();
    const { chosen } = this.state;
    const address = chosen ? `#${encodeURIComponent(chosen.code)}` : window.location.pathname + window.location.search;
    window.history.replaceState(null, '', address);
    if (chosen) this.keepInSight(chosen);
  }

  /** Moves the map when the card that has just opened covers what was chosen. */
  keepInSight(thing) {
    const pad = this.padding();
    const bounds = boundsOf(thing.box);
    const size = this.map.getSize();
    const a = this.map.latLngToContainerPoint(bounds.getNorthWest());
    const b = this.map.latLngToContainerPoint(bounds.getSouthEast());
    const [right, bottom] = [size.x - pad.paddingBottomRight[0], size.y - pad.paddingBottomRight[1]];
    const dx = Math.max(0, b.x - right) || Math.min(0, a.x - pad.paddingTopLeft[0]);
    const dy = Math.max(0, b.y - bottom) || Math.min(0, a.y - pad.paddingTopLeft[1]);
    const isLarge = b.x - a.x > right - pad.paddingTopLeft[0];
    if ((dx || dy) && !isLarge) this.map.panBy([dx, dy], { animate: !CALM.matches, duration: 0.15 });
  }

  followHash() {
    const code = decoded(window.location.hash.slice(1));
    if (!code) return;
    const thing =
      this.town.byCode.get(code) || this.town.buildings.find((building) => building.code === code);
    if (thing && thing !== this.state.chosen) this.go(thing, { animate: false });
  }

  go(thing, options) {
    // Streets and estates are gone to; of a point its cell says who answers.
    const chosen = thing.type === 'point' ? thing.cell : thing;
    if (chosen && CHOSEN.has(chosen.type)) this.state.choose(chosen === this.town.asked ? null : chosen);
    this.flyTo(thing, options);
  }

  flyTo(thing, { animate = !CALM.matches } = {}) {
    if (!thing.box) return;
    const maxZoom = thing.type === 'building' ? 18.5 : 18;
    this.map.fitBounds(boundsOf(thing.box), { ...this.padding(), maxZoom, animate, duration: 0.15 });
  }

  get rim() {
    if (!this.rimLines) this.rimLines = chained(this.town.coverage.rim(this.town.asked));
    return this.rimLines;
  }

  /** What cards leave free of the map. */
  padding() {
    const edge = 28;
    if (SMALL.matches) {
      const card = byId(this.state.chosen ? 'right' : 'left');
      return { paddingTopLeft: [16, 48], paddingBottomRight: [16, card.offsetHeight + 24] };
    }
    const left = byId('left').offsetWidth + 20 + edge;
    const right = byId('right').hidden ? edge + 48 : byId('right').offsetWidth + 20 + edge;
    return { paddingTopLeft: [left, edge], paddingBottomRight: [right, 76] };
  }

  fit(sheet) {
    const [west, south, east, north] = this.page.bounds;
    const padding = sheet
      ? { paddingTopLeft: [300, 16], paddingBottomRight: [16, 44] }
      : this.padding();
    this.map.fitBounds([[south, west], [north, east]], { ...padding, animate: false, maxZoom: 19 });
  }
}

function boundsOf([west, north, east, south]) {
  return L.latLngBounds([latitude(south), longitude(west)], [latitude(north), longitude(east)]);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

async function start() {
  const element = document.querySelector('.folium-map');
  const blocks = await readBlocks();
  new Occupancy(window[element.id], blocks).start();
}

start();
