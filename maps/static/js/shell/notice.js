/** What went wrong as a sentence where it happened, and what to do now; the input stays. */
import { Gone } from '../core/api.js';
import { Problem } from '../core/net.js';
import { h, press, put } from './dom.js';
import { texts } from './session.js';

/** The sentence of an error; anything that is neither a problem nor silence is a fault of ours. */
export function sentence(error) {
  if (error instanceof Gone) return texts.t('bar.gone');
  if (!(error instanceof Problem)) throw error;
  if (error.status === 429 && error.wait) return texts.t('bar.wait', { time: texts.span(error.wait) });
  return error.message;
}

/** Writes an error into an element with role=alert; `retry` becomes a button where it helps. */
export function showError(place, error, retry = null) {
  const said = sentence(error);
  const isOurs = error instanceof Problem && error.status >= 500;
  const again = retry && (error instanceof Gone || isOurs || error.status === 429);
  const button = again ? h('button', { type: 'button', class: 'plain' }, texts.t('bar.again')) : null;
  put(
    place,
    said,
    isOurs && error.number ? h('small', {}, texts.t('bar.number', { number: error.number })) : null,
    button && press(button, retry),
  );
  place.className = 'notice wrong';
  place.hidden = false;
}

export function showDone(place, said) {
  put(place, said);
  place.className = 'notice done';
  place.hidden = false;
}

export function clear(place) {
  place.hidden = true;
  put(place);
}

/** An empty place for what a form has to say. */
export function noticePlace() {
  return h('p', { class: 'notice', role: 'alert', hidden: true });
}
