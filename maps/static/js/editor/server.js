/** The routes the editor asks (docs/reference: plans); a revision goes along with every change. */
import { api } from '../shell/session.js';
import { coverageOf, impactOf, problemsOf } from './answers.js';

const MOST = 200;

export class Server {
  constructor(plan) {
    this.plan = plan;
  }

  get path() {
    return `/plans/${encodeURIComponent(this.plan)}`;
  }

  list(query) {
    return api.get('/plans', { limit: MOST, ...query });
  }

  begin(content) {
    return api.post('/plans', content);
  }

  read() {
    return api.get(this.path);
  }

  planOf(id) {
    return api.get(`/plans/${encodeURIComponent(id)}`);
  }

  async coverage(isPublished = false) {
    return coverageOf(await api.get(`${this.path}/coverage`, isPublished ? { published: true } : {}));
  }

  async problems() {
    return problemsOf(await api.get(`${this.path}/problems`));
  }

  async impact() {
    return impactOf(await api.get(`${this.path}/impact`));
  }

  difference() {
    return api.get(`${this.path}/difference`);
  }

  post(operations, revision) {
    return api.post(`${this.path}/operations`, { operations }, { match: tag(revision) });
  }

  /** Undo: as many operations stay as are named. */
  keep(count, revision) {
    return api.remove(`${this.path}/operations/${count}`, { match: tag(revision) });
  }

  step(name, content, revision) {
    return api.post(`${this.path}/${name}`, content, { match: tag(revision) });
  }

  withdraw(revision) {
    return api.remove(this.path, { match: tag(revision) });
  }

  divide(content, revision) {
    return api.post(`${this.path}/division`, content, { match: tag(revision) });
  }

  division(id) {
    return api.get(`${this.path}/division/${encodeURIComponent(id)}`);
  }

  stopDivision(id) {
    return api.remove(`${this.path}/division/${encodeURIComponent(id)}`);
  }

  /** Whether one of some places lies in a cell, further than a metre from its border. */
  async isTaken(points) {
    const { results } = await api.post('/locate/batch?crs=wgs84', { points });
    return results.some(({ code, border_m: metres }) => code && metres > 1);
  }

  /** A new plan that takes a cell back to an older publication. */
  restore(number, cell) {
    return api.post(`/publications/${number}/restore`, { cell });
  }

  async publications() {
    const { items } = await api.get('/publications', { limit: MOST });
    return items;
  }

  /** The cells below one as they were at an instant, with shapes. */
  async cellsAt(code, instant) {
    const all = [];
    let next = '/cells';
    let query = { below: code, as_of: instant, limit: MOST, f: 'geojson' };
    while (next) {
      const page = await api.get(next, query);
      all.push(...page.features);
      next = page.next || (page.links || []).filter((link) => link.rel === 'next').map((link) => link.href)[0];
      query = {};
    }
    return all;
  }
}

export function tag(revision) {
  return `"${revision}"`;
}
