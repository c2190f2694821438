/** What stands in clear stands for a minute: the line that counts it down, and ends it on a press. */
import { h, press, put } from '../shell/dom.js';
import { texts } from '../shell/session.js';

const SHOWN_S = 60;

export class Minute {
  /** @param over told when the minute has ended, by itself, on a press or as the page is left */
  constructor(over) {
    Object.assign(this, { over, timer: null, until: 0, countdown: h('span', {}) });
    window.addEventListener('pagehide', () => this.end());
  }

  line() {
    const hide = h('button', { type: 'button', class: 'plain' }, texts.t('people.hide'));
    return h('p', { class: 'shown', role: 'status' }, this.countdown, ' ', press(hide, () => this.end()));
  }

  start() {
    this.stop();
    this.until = Date.now() + SHOWN_S * 1000;
    this.timer = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  tick() {
    const left = Math.ceil((this.until - Date.now()) / 1000);
    if (left <= 0) this.end();
    else put(this.countdown, texts.t('people.shown_for', { time: texts.span(left) }));
  }

  end() {
    if (this.timer === null) return;
    this.stop();
    this.over();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }
}
