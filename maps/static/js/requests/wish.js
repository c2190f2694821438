/** What a person asks: masked as all lists show it, and in clear for who decides, for a reason. */
import { Deed } from '../core/api.js';
import { h, press, put } from '../shell/dom.js';
import { api, bar, texts } from '../shell/session.js';
import { Minute } from '../people/minute.js';
import { revealForm } from '../people/reveal.js';

export class WishPart {
  /** @param request whose wish it is */
  constructor(request) {
    this.request = request;
    this.place = h('div', { class: 'wish' });
    this.minute = new Minute(() => this.mask());
    this.mask();
  }

  /** No longer looked at: nothing stays in clear. */
  left() {
    this.minute.stop();
  }

  mask() {
    const word = (value) => (value === null ? texts.t('requests.unseen') : value || texts.t('requests.emptied'));
    put(this.place, correctionsPart(this.request.corrections, word), this.button());
  }

  button() {
    if (!bar.facts.decides || this.request.state !== 'open') return null;
    const button = h('button', { type: 'button', class: 'button' }, texts.t('requests.reveal'));
    return h('p', { class: 'reveal' }, press(button, () => {
      const deed = new Deed();
      button.parentElement.replaceWith(revealForm({
        fields: [],
        example: texts.t('requests.reveal_example'),
        give: ({ reason }) => this.reveal({ reason }, deed),
        cancelled: () => this.mask(),
      }));
      this.place.querySelector('textarea').focus();
    }));
  }

  async reveal(wish, deed) {
    const path = `/data-requests/${encodeURIComponent(this.request.id)}/reveal`;
    const clear = await api.post(path, wish, { key: deed.keyFor(wish) });
    if (!this.place.isConnected) return;
    const said = h('p', { class: 'said-words' }, h('bdi', {}, clear.wish || texts.t('requests.no_words')));
    const corrections = correctionsPart(clear.corrections, (value) => value || texts.t('requests.emptied'), 'clear');
    put(this.place, h('h3', {}, texts.t('requests.wish')), said, corrections, this.minute.line());
    this.minute.start();
    this.place.querySelector('.shown button').focus();
  }
}

function correctionsPart(corrections, word, kind = null) {
  const rows = Object.entries(corrections);
  if (!rows.length) return null;
  return [
    h('h3', {}, texts.t('requests.corrections')),
    h('dl', { class: 'facts' }, rows.flatMap(([name, value]) => [
      h('dt', {}, texts.t(`print.${name}`)),
      h('dd', { class: kind }, h('bdi', {}, word(value))),
    ])),
  ];
}
