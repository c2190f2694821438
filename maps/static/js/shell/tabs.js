/** Tabs of a page: one view at a time, walked with the arrow keys. */
import { byId, press } from './dom.js';

/** @param views named as `tab-…` and `…-view`; `shown` is told which stands there now. Gives what shows one. */
export function tabs(views, shown) {
  const show = (view) => {
    for (const one of views) {
      byId(`${one}-view`).hidden = one !== view;
      byId(`tab-${one}`).setAttribute('aria-selected', String(one === view));
      byId(`tab-${one}`).tabIndex = one === view ? 0 : -1;
    }
    shown(view);
  };
  views.forEach((view, at) => {
    press(byId(`tab-${view}`), () => show(view)).addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const other = views[(at + step + views.length) % views.length];
      show(other);
      byId(`tab-${other}`).focus();
    });
  });
  return show;
}
