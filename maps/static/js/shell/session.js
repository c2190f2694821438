/** What all scripts of one page share: its facts, its sentences and its way to the API. */
import { Api } from '../core/api.js';
import { Texts } from '../core/texts.js';

export const bar = JSON.parse(document.querySelector('script[data-block="bar"]').textContent);

export const texts = new Texts(bar.texts, bar.lang, bar.zone);

export const api = new Api({ root: bar.api, lang: bar.lang, token: bar.csrf });

export function may(permission) {
  return bar.may.includes(permission);
}

/** The sign-in page, which leads back here. */
export function signInAddress() {
  const here = window.location.pathname + window.location.search + window.location.hash;
  return `/login?next=${encodeURIComponent(here)}`;
}
