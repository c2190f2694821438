/** One line at the bottom: what was just done, and the way back. */
import { h, press } from './dom.js';
import { texts } from './session.js';

const STAYS_MS = 8000;
let shown = null;

export function toast(said, undo = null) {
  if (shown) shown();
  const line = h('div', { class: 'toast', role: 'status' }, h('span', {}, said));
  const timer = setTimeout(() => gone(), STAYS_MS);
  const gone = () => {
    clearTimeout(timer);
    line.remove();
    shown = null;
  };
  if (undo) {
    const back = h('button', { type: 'button' }, texts.t('bar.undo'));
    line.append(press(back, () => { gone(); undo(); }));
  }
  shown = gone;
  document.body.append(line);
}
