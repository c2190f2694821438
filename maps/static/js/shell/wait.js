/** Grey bars where something will stand, when it takes longer than a moment. */
import { h, put } from './dom.js';

const PATIENCE_MS = 300;

/** Begins to wait; what it gives ends the wait. Old rows stay until new ones are there. */
export function waiting(place, rows = 3) {
  place.setAttribute('aria-busy', 'true');
  const bars = () => Array.from({ length: rows }, () => h('div', { class: 'waiting' }));
  const timer = setTimeout(() => place.childElementCount || put(place, bars()), PATIENCE_MS);
  return () => {
    clearTimeout(timer);
    place.removeAttribute('aria-busy');
    place.querySelectorAll('.waiting').forEach((one) => one.remove());
  };
}
