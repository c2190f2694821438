/** The line at the bottom: scale, boundary version and its date, that the data are invented and whose outline it is. */
import { metresPerPixel } from '../core/grid.js';
import { byId, h, put } from '../shell/dom.js';

const WIDEST = 84;

export function fillFoot(page, texts) {
  const version = texts.t('version', { n: page.version, date: page.version_date });
  put(
    byId('said'),
    h('span', { class: 'version' }, version, page.demo ? ' · ' : ''),
    page.demo ? h('span', { class: 'demo' }, texts.t('demo')) : null,
    page.demo ? h('span', { class: 'source' }, ` · ${texts.t('source')}`) : null,
  );
}

/** A round number of metres that is at most WIDEST px long. */
export function drawScale(map, town, texts) {
  const perPixel = metresPerPixel(town.asked.label[1], map.getZoom());
  const most = perPixel * WIDEST;
  const ten = 10 ** Math.floor(Math.log10(most));
  const metres = ten * [5, 2, 1].find((step) => step * ten <= most);
  byId('scale-line').style.width = `${(metres / perPixel).toFixed(1)}px`;
  put(byId('scale-text'), texts.metres(metres));
}
