/** The file of one data request: what is asked, whose it is, how it was or may be answered. */
import { FileBeside } from '../shell/beside.js';
import { h, put } from '../shell/dom.js';
import { api, may, texts } from '../shell/session.js';
import { whoWord } from '../shell/who.js';
import { whoseWord } from './add.js';
import { answering } from './decide.js';
import { WishPart } from './wish.js';
import { duePill, kindWord } from './words.js';

export class RequestFile extends FileBeside {
  /** @param changed told when a request was answered */
  constructor({ changed, ...wish }) {
    super({ ...wish, path: '/data-requests' });
    this.changed = changed;
    this.wish = null;
  }

  left() {
    if (this.wish) this.wish.left();
  }

  title() {
    return texts.t('requests.title');
  }

  show(request) {
    this.left();
    // Below an answer the ways elsewhere stand at the end, so that they cover none of its buttons.
    const isOpen = request.state === 'open';
    this.wish = new WishPart(request);
    const whose = h('bdi', {}, texts.t('people.number', { id: request.household_id }));
    put(
      this.place,
      h(
        'div',
        { class: 'head' },
        this.cross(),
        h('h2', { id: 'file-title' }, kindWord(request)),
        h('p', { class: 'sub' }, texts.t('requests.number', { id: request.id, household: request.household_id })),
        h('p', { class: 'state' }, duePill(request)),
      ),
      h(
        'div',
        { class: 'body' },
        facts(request, whose),
        this.wish.place,
        isOpen ? answering(request, (answered) => this.answered(answered)) : null,
        isOpen ? actions(request) : null,
      ),
      isOpen ? null : actions(request),
    );
    sayWhose(request, whose);
  }

  answered(request) {
    this.show(request);
    this.place.querySelector('.close').focus({ preventScroll: true });
    this.changed();
  }
}

/** The door and the masked name, so that nobody answers for the neighbour. */
async function sayWhose(request, place) {
  try {
    put(place, whoseWord(await api.get(`/households/${encodeURIComponent(request.household_id)}`)));
  } catch {
    // The number stays: whose it is, is not this reader's to see, or nobody answered.
  }
}

function facts(request, whose) {
  const rows = [
    ['who', whose],
    request.cell_code ? ['cell', h('bdi', {}, `${request.cell_name} · ${request.cell_code}`)] : null,
    ['received', texts.exact(request.received_at).slice(0, 16)],
    ['due_on', request.due_on],
    ['by', h('bdi', {}, whoWord(request.recorded_by, request.recorded_name))],
    request.outcome ? ['outcome', h('bdi', {}, request.outcome)] : null,
    request.decided_at ? ['decided', h('bdi', {}, texts.t('requests.decided_by', { by: whoWord(request.decided_by, request.decided_name), at: texts.exact(request.decided_at).slice(0, 16) }))] : null,
  ];
  return h('dl', { class: 'facts' }, rows.filter(Boolean).flatMap(([key, said]) => [h('dt', {}, texts.t(`requests.${key}`)), h('dd', {}, said)]));
}

function actions(request) {
  const id = encodeURIComponent(request.household_id);
  return h(
    'div',
    { class: 'acts' },
    h('a', { class: 'button', href: `/people#${id}` }, texts.t('requests.open_household')),
    may('people.print') ? h('a', { class: 'button', href: `/households/${id}/print` }, texts.t('people.sheet')) : null,
  );
}
