/** The small card at the bottom: what the tool in hand waits for, and its answers; works for a thumb. */
import { byId, h, press, put } from '../shell/dom.js';
import { areaSaid } from './rim.js';

export class Chip {
  constructor(texts) {
    this.texts = texts;
    this.place = byId('chip');
  }

  /**
   * @param go does it, drop leaves it; null: no such button
   * @param ways [[word, isTaken, choose], …]
   * @param words of the two answers
   */
  show(said, go = null, drop = null, ways = [], words = [this.texts.t('editor.do'), this.texts.t('bar.cancel')]) {
    this.place.hidden = !said;
    if (!said) return;
    const choices = ways.map(([word, isTaken, choose]) =>
      press(h('button', { type: 'button', 'aria-pressed': String(isTaken) }, word), choose));
    const yes = go && press(h('button', { type: 'button', class: 'button go' }, words[0], h('kbd', {}, 'Enter')), go);
    const no = drop && press(h('button', { type: 'button', class: 'button' }, words[1], h('kbd', {}, 'Esc')), drop);
    put(this.place, choices.length ? h('div', { class: 'seg' }, choices) : null, h('span', {}, said), no, yes);
  }
}

/** The card at the hand while a border moves: which buildings change sides, what is in the way. */
export class DragTip {
  /** @param numberOf what a cell is called in short, 06·03 */
  constructor(map, texts, numberOf) {
    Object.assign(this, { map, texts, numberOf, place: byId('tip') });
  }

  show(point, { shift, cut, isBad, hit, gain = null }) {
    const { texts } = this;
    const rows = shift.moves.slice(0, 4).map(({ building, to }) =>
      h('p', {}, h('bdi', {}, building.name), h('span', {}, `→ ${this.numberOf(to)}`), h('b', {}, texts.t('editor.households_n', { n: building.households }))));
    const more = shift.moves.length - rows.length;
    put(
      this.place,
      h('b', {}, this.title(shift, isBad, gain)),
      rows,
      more > 0 ? h('p', {}, texts.t('editor.tip_more', { n: more })) : null,
      cut.length ? h('p', { class: 'cut' }, texts.t('editor.tip_cuts', { n: cut.length })) : null,
      h('small', {}, hit && hit.kind ? texts.t(`editor.caught_${hit.kind}_${hit.of}`) : texts.t('editor.tip_keys')),
    );
    this.place.hidden = false;
    const size = this.map.getSize();
    const { offsetWidth: width, offsetHeight: height } = this.place;
    const left = point.x + width + 64 > size.x ? point.x - width - 48 : point.x + 48;
    const top = Math.max(8, Math.min(point.y + 36, size.y - height - 8));
    this.place.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  /** What the drag would do, in one line; of the outline how much land it takes in. */
  title(shift, isBad, gain) {
    const { texts } = this;
    if (gain && gain.m2 < 0) return texts.t('editor.rim_inward');
    if (isBad) return texts.t('editor.crosses');
    if (gain) return texts.t('editor.rim_gains', { area: areaSaid(gain.m2, texts) });
    return texts.t(shift.moves.length ? 'editor.tip_title' : 'editor.tip_none');
  }

  hide() {
    this.place.hidden = true;
  }
}
