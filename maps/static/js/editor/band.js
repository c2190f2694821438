/** The band below the bar: an old version is looked at, or somebody else has changed the same plan. */
import { byId, h, press, put } from '../shell/dom.js';

export class Band {
  constructor(texts, resized) {
    Object.assign(this, { texts, resized, place: byId('band') });
  }

  show(said, ways) {
    const buttons = ways.map(([word, deed]) => press(h('button', { type: 'button' }, word), deed));
    put(this.place, h('span', { class: 'sign', 'aria-hidden': 'true' }, '!'), h('span', { class: 'words' }, said), h('span', { class: 'ways' }, buttons));
    this.place.hidden = false;
    document.body.classList.add('banded');
    this.resized();
  }

  said(said) {
    this.show(said, [[this.texts.t('bar.close'), () => this.clear()]]);
  }

  clear() {
    if (this.place.hidden) return;
    this.place.hidden = true;
    document.body.classList.remove('banded');
    this.resized();
  }
}
