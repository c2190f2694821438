/** The card at the pointer: a building's name, households, bar and counts. */
import { byId, h, put } from '../shell/dom.js';
import { shareBar } from './sharebar.js';

export class Tip {
  constructor(map, page, texts) {
    this.map = map;
    this.kinds = page.kinds;
    this.edge = page.palette.theme.edge;
    this.texts = texts;
    this.card = byId('tip');
    this.thing = null;
  }

  show(building, point) {
    if (building !== this.thing) {
      this.thing = building;
      const isCounted = !building.cell || building.cell.isCounted;
      const all = this.texts.t('households_n', { n: this.texts.count(building.households) });
      const said = isCounted ? all : '';
      const counts = building.counts
        .map((n, i) => [n, this.kinds[i].word])
        .filter(([n]) => n)
        .map(([n, word]) => h('span', {}, `${word} ${this.texts.count(n)}`));
      put(
        this.card,
        h('div', {}, h('b', {}, building.name), h('span', { class: 'unit' }, said)),
        building.households ? shareBar(building.counts, this.edge, { width: 172, height: 10 }) : null,
        h('p', {}, ...counts),
      );
      this.card.hidden = false;
    }
    const size = this.map.getSize();
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const isRight = point.x + width + 24 > size.x;
    const left = isRight ? point.x - width - 14 : point.x + 14;
    const top = Math.max(8, Math.min(point.y - 18, size.y - height - 8));
    this.card.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hide() {
    this.thing = null;
    this.card.hidden = true;
  }
}
