/** Says so before an unused page's sign-in ends; what is done in one tab counts for all. */
import { Gone } from '../core/api.js';
import { h, press, put } from './dom.js';
import { openDialog } from './dialog.js';
import { api, texts } from './session.js';

const WARN_S = 120;
const MARK = 'wangge.used';

export class Idle {
  constructor(seconds) {
    this.seconds = seconds;
    this.warn = Math.min(WARN_S, seconds / 3);
    this.dialog = null;
    this.until = 0;
    this.isOver = false;
  }

  start() {
    if (!this.seconds) return;
    this.used();
    window.addEventListener('storage', (event) => event.key === MARK && this.prolong());
    setInterval(() => this.look(), 1000);
  }

  /** The server has just answered somebody signed in. */
  used() {
    window.localStorage.setItem(MARK, String(Date.now()));
    this.prolong();
  }

  prolong() {
    this.until = Date.now() + this.seconds * 1000;
    if (this.dialog) this.dialog.close();
  }

  look() {
    const left = Math.ceil((this.until - Date.now()) / 1000);
    if (this.isOver || left > this.warn) return;
    if (left <= 0) {
      this.end();
      return;
    }
    if (!this.dialog) this.ask();
    put(this.said, texts.t('bar.idle', { time: texts.span(left) }));
  }

  /** Time is up: the sign-in ends for all tabs; what was filled in here waits for the next one. */
  async end() {
    this.isOver = true;
    if (this.dialog) this.dialog.close();
    const { again } = api;
    api.again = null;
    await api.post('/sign-out').catch(() => {});
    api.again = again;
    await again();
    this.isOver = false;
    this.used();
  }

  ask() {
    this.said = h('p', {});
    const stay = h('button', { type: 'button', class: 'button go' }, texts.t('bar.idle_stay'));
    this.dialog = openDialog({
      title: texts.t('bar.idle_title'),
      body: this.said,
      actions: [press(stay, () => this.stay())],
      closed: () => {
        this.dialog = null;
        // Closed by hand, whichever way: somebody is there.
        if (!this.isOver && this.until - Date.now() <= this.warn * 1000) this.stay();
      },
    });
    stay.focus();
  }

  async stay() {
    this.until = Date.now() + this.seconds * 1000;
    if (this.dialog) this.dialog.close();
    await api.get('/me').catch((error) => {
      if (!(error instanceof Gone)) throw error;
    });
  }
}
