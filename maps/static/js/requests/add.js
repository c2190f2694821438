/** Taking down what a person asks about their data: whose, what, and the right values. */
import { Deed } from '../core/api.js';
import { Problem } from '../core/net.js';
import { openDialog } from '../shell/dialog.js';
import { h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { api, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { doorWord, FIELDS, headWord } from '../people/words.js';

const KINDS = ['access', 'correction', 'objection', 'erasure'];

/** @param household whose it is; null: its number is asked for. `added` is told of the new request */
export function addRequest({ household = null, added = () => {} }) {
  const whose = new Whose(household);
  const kind = h('select', { id: 'add-kind' }, KINDS.map((one) => h('option', { value: one }, texts.t(`print.kind_${one}`))));
  const wish = h('textarea', { id: 'add-wish', maxlength: 1000, autocomplete: 'off', 'aria-describedby': 'add-wish-hint' });
  const fixes = FIELDS.map((name) => new Fix(name));
  const wrong = h('fieldset', { class: 'fixes', hidden: true }, h('legend', { class: 'label' }, texts.t('requests.which_wrong')), fixes.map((fix) => fix.element));
  kind.addEventListener('change', () => { wrong.hidden = kind.value !== 'correction'; });
  const said = noticePlace();
  const go = h('button', { class: 'button go' }, texts.t('requests.add_go'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const form = h(
    'form',
    { class: 'fields', 'data-keep': true },
    whose.element,
    h('div', { class: 'field' }, h('label', { for: 'add-kind' }, texts.t('requests.kind')), kind),
    wrong,
    h('div', { class: 'field' }, h('label', { for: 'add-wish' }, texts.t('requests.wish')), wish, h('small', { id: 'add-wish-hint' }, texts.t('requests.wish_hint'))),
    said,
    h('div', { class: 'acts' }, press(no, () => dialog.close()), go),
  );
  const dialog = openDialog({ title: texts.t('requests.add_title'), body: form, wide: true });
  (household ? kind : whose.input).focus();
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    go.disabled = true;
    try {
      const asked = wished(whose.id, kind.value, wish.value.trim(), fixes);
      const made = await api.post('/data-requests', asked, { key: deed.keyFor(asked) });
      dialog.close();
      toast(texts.t('requests.added', { day: made.due_on }));
      added(made);
    } catch (error) {
      const mistaken = fixes.find((fix) => fix.isMeant(error));
      showError(said, error, () => form.requestSubmit());
      if (mistaken) mistaken.say();
      go.disabled = false;
    }
  });
}

function wished(household, kind, wish, fixes) {
  if (!/^[0-9]{1,18}$/.test(household)) throw new Problem(400, { detail: texts.t('requests.household_needed') });
  const chosen = kind === 'correction' ? fixes.filter((fix) => fix.box.checked) : [];
  if (kind === 'correction' && !chosen.length) throw new Problem(400, { detail: texts.t('requests.correction_needed') });
  const corrections = Object.fromEntries(chosen.map((fix) => [fix.name, fix.input.value.trim()]));
  return { household, kind, wish, corrections };
}

/** Whose request it is: as it was opened, or by a number, which says whose it is before it is sent. */
class Whose {
  constructor(household) {
    this.household = household;
    this.input = h('input', { id: 'add-household', inputmode: 'numeric', autocomplete: 'off', maxlength: 18, required: true, 'aria-describedby': 'add-household-hint' });
    this.hint = h('small', { id: 'add-household-hint' }, texts.t('requests.add_household_hint'));
    this.input.addEventListener('change', () => this.look());
    this.element = household
      ? h('p', { class: 'second' }, h('bdi', {}, `${texts.t('people.number', { id: household.id })} · ${whoseWord(household)}`))
      : h('div', { class: 'field' }, h('label', { for: 'add-household' }, texts.t('requests.add_household')), this.input, this.hint);
  }

  get id() {
    return this.household ? this.household.id : this.input.value.trim();
  }

  async look() {
    const { id } = this;
    if (!/^[0-9]{1,18}$/.test(id)) return;
    const said = await api.get(`/households/${id}`).then(whoseWord, (error) => error.message || texts.t('bar.gone'));
    if (id === this.id) put(this.hint, h('bdi', {}, said));
  }
}

export function whoseWord(one) {
  return `${doorWord(one)} · ${headWord(one)}`;
}

/** One field that may be wrong: chosen, then its right value. */
class Fix {
  constructor(name) {
    this.name = name;
    this.box = h('input', { type: 'checkbox' });
    this.input = h('input', { type: 'text', maxlength: 100, autocomplete: 'off', 'aria-label': texts.t(`print.${name}`), hidden: true });
    this.element = h('div', { class: 'fix' }, h('label', { class: 'check' }, this.box, texts.t(`print.${name}`)), this.input);
    this.box.addEventListener('change', () => {
      this.input.hidden = !this.box.checked;
      if (this.box.checked) this.input.focus();
    });
    this.input.addEventListener('input', () => this.input.removeAttribute('aria-invalid'));
  }

  /** Whether a refusal is about this field's value. */
  isMeant(error) {
    return error.code === this.name.replace('head_', 'correction_');
  }

  say() {
    this.input.setAttribute('aria-invalid', 'true');
    this.input.focus();
  }
}
