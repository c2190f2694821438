/** Past boundaries: a slider over publications; an old one is looked at below a yellow band. */
import { worldX, worldY, GRID } from '../core/grid.js';
import { byId, h, press, put } from '../shell/dom.js';
import { sentence } from '../shell/notice.js';
import { bordersOf } from './borders.js';
import { addressOf } from './plans.js';

const MOST = 8;

export class History {
  constructor(desk, server, band) {
    Object.assign(this, { desk, server, band });
    this.versions = [];
    this.kept = new Map();
    byId('version').addEventListener('input', (event) => this.go(Number(event.target.value)));
    press(byId('compare'), () => this.compare());
  }

  async load() {
    const all = await this.server.publications();
    this.versions = all.filter((one) => new Date(one.effective_at) <= new Date()).sort((a, b) => a.number - b.number).slice(-MOST);
    this.show();
  }

  get last() {
    return this.versions.length - (this.desk.plan ? 0 : 1);
  }

  /** A place a version, the last the draft itself. */
  show() {
    const { desk } = this;
    const { texts } = desk;
    const places = this.versions.map((one) => String(one.number));
    if (desk.plan) places.push(this.ofPlan());
    byId('history').hidden = places.length < 2 && !desk.plan;
    const slider = byId('version');
    slider.max = String(this.last);
    slider.value = String(this.at === undefined ? this.last : this.at);
    byId('slide').hidden = places.length < 2;
    byId('ticks').hidden = places.length < 2;
    const at = Number(slider.value);
    put(byId('ticks'), places.map((place, i) => h('span', { 'aria-current': i === at ? 'true' : null }, place)));
    put(byId('track'), places.map((_, i) => {
      const dot = h('i');
      dot.style.left = `${(100 * i) / Math.max(1, places.length - 1)}%`;
      return dot;
    }));
    const version = this.versions[at];
    const said = version ? texts.t('editor.version_said', { n: version.number, from: this.from(version) }) : '';
    put(byId('history-said'), said);
    put(byId('history-title-said'), version && version.note ? h('bdi', {}, version.note) : null);
    byId('history-title-said').hidden = !version || !version.note;
    slider.setAttribute('aria-valuetext', version ? [said, version.note].filter(Boolean).join(texts.t('editor.comma')) : this.ofPlan());
    const compare = byId('compare');
    compare.hidden = !desk.plan || Boolean(desk.past);
    compare.setAttribute('aria-checked', String(desk.isCompared));
    if (desk.plan) put(byId('compare-said'), texts.t('editor.compare', { n: desk.plan.base }));
  }

  /** From when a version holds: by the day, with the time where several are of one day. */
  from(version) {
    const { texts } = this.desk;
    const day = (one) => texts.day(one.effective_at);
    const isAlone = this.versions.every((one) => one === version || day(one) !== day(version));
    return isAlone ? day(version) : texts.moment(version.effective_at);
  }

  /** What the plan is called beside versions. */
  ofPlan() {
    const { desk } = this;
    return desk.texts.t(desk.isOver ? 'editor.panel' : 'editor.draft');
  }

  /** What the band says of a past version. */
  pastSaid(version) {
    const { texts, plan, isOver } = this.desk;
    const title = version.note ? texts.t('editor.past_title', { title: version.note }) : '';
    return texts.t(plan && !isOver ? 'editor.past' : 'editor.past_plain', { n: version.number, from: this.from(version), title });
  }

  compare() {
    this.desk.isCompared = !this.desk.isCompared;
    this.show();
    this.desk.tell('compare');
  }

  async go(at) {
    this.at = at;
    const { desk } = this;
    if (at >= this.last) return this.back();
    const version = this.versions[at];
    this.show();
    try {
      const lines = await this.linesOf(version);
      if (this.at !== at) return null;
      desk.past = { version, lines };
      this.band.show(this.pastSaid(version), this.ways(version));
      this.show();
      desk.tell('past');
    } catch (error) {
      this.band.said(sentence(error));
    }
    return null;
  }

  /** Back to now; or a plan that takes the area back to the version. */
  ways(version) {
    const { texts, page, facts } = this.desk;
    const back = [texts.t('editor.back'), () => this.back()];
    if (!facts.edits || version.number === page.version) return [back];
    return [[texts.t('editor.restore'), () => this.restore(version)], back];
  }

  async restore(version) {
    try {
      window.location.assign(addressOf(await this.server.restore(version.number, this.desk.page.cell.code)));
    } catch (error) {
      this.band.said(sentence(error));
    }
  }

  back() {
    this.at = undefined;
    this.desk.past = null;
    this.band.clear();
    this.show();
    this.desk.tell('past');
  }

  async linesOf(version) {
    if (!this.kept.has(version.number)) {
      const found = await this.server.cellsAt(this.desk.page.cell.code, version.effective_at);
      this.kept.set(version.number, linesOfFeatures(found));
    }
    return this.kept.get(version.number);
  }
}

/** Borders by what lies at their sides. */
function linesOfFeatures(features) {
  const told = features.map(({ geometry, properties: { code, level, parent_code: parent } }) => ({ code, level, parent, geometry }));
  const byCode = new Map(told.map((one) => [one.code, one]));
  const parents = new Set(told.map((one) => one.parent));
  const edges = new Map();
  for (const leaf of told.filter((one) => one.geometry && !parents.has(one.code))) {
    for (const ring of ringsOf(leaf.geometry)) {
      for (let i = 0; i + 3 < ring.length; i += 2) {
        const [a, b] = [`${ring[i]},${ring[i + 1]}`, `${ring[i + 2]},${ring[i + 3]}`];
        const key = a < b ? `${a};${b}` : `${b};${a}`;
        if (!edges.has(key)) edges.set(key, { line: Float64Array.from(ring.slice(i, i + 4)), sides: [] });
        edges.get(key).sides.push(leaf);
      }
    }
  }
  return bordersOf([...edges.values()], (code) => byCode.get(code));
}

function ringsOf(geometry) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flat().map((ring) => ring.flatMap(([lon, lat]) => [worldX(Math.round(lon / GRID)), worldY(Math.round(lat / GRID))]));
}
