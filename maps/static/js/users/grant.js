/** Giving a role: which, where, until when. The same fields stand in the form of a new person. */
import { Deed } from '../core/api.js';
import { Problem } from '../core/net.js';
import { h, press } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { CellPicker } from '../shell/picker.js';
import { roleWord } from '../shell/roles.js';
import { bar, texts } from '../shell/session.js';

const PERSONS = [
  'grid_worker', 'volunteer', 'community_admin', 'intake_clerk', 'street_dispatcher', 'duty_leader',
  'department_officer', 'district_admin', 'system_admin', 'audit_admin',
];

/** Role, area and end of a grant; `wish()` gives them or throws what is missing. */
export class GrantFields {
  constructor(kind) {
    this.picker = new CellPicker(texts.t('users.cell'));
    this.role = h('select', { id: 'grant-role' });
    this.until = h('input', { id: 'grant-until', type: 'date' });
    this.role.addEventListener('change', () => this.adapt());
    this.roleField = field('grant-role', texts.t('users.role'), this.role);
    this.elements = [
      this.roleField,
      this.picker.element,
      field('grant-until', texts.t('users.until'), this.until),
    ];
    this.of(kind);
  }

  /** Systems hold their own role, people any other. */
  of(kind) {
    const roles = kind === 'client' ? ['system_client'] : PERSONS;
    this.roleField.hidden = roles.length === 1;
    this.role.replaceChildren(...roles.map((role) => h('option', { value: role }, roleWord(role))));
    this.adapt();
  }

  adapt() {
    this.picker.element.hidden = !this.hasArea;
  }

  get hasArea() {
    return bar.facts.with_area.includes(this.role.value);
  }

  /** What is still missing, in words; empty when nothing is. */
  get missing() {
    return this.hasArea && !this.picker.cell ? texts.t('users.cell_needed') : '';
  }

  wish() {
    if (this.missing) throw new Problem(400, { detail: this.missing });
    return {
      role: this.role.value,
      cell: this.hasArea ? this.picker.code : null,
      valid_to: this.until.value || null,
    };
  }
}

export function grantForm({ kind, give, given, cancelled }) {
  const fields = new GrantFields(kind);
  const said = noticePlace();
  const go = h('button', { class: 'button go' }, texts.t('users.grant_go'));
  const no = h('button', { type: 'button', class: 'button' }, texts.t('bar.cancel'));
  const form = h('form', { class: 'adding asking', 'data-keep': true }, fields.elements, said, h('div', { class: 'acts' }, press(no, cancelled), go));
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    go.disabled = true;
    try {
      const wish = fields.wish();
      await give(wish, deed.keyFor(wish));
      given();
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
      go.disabled = false;
    }
  });
  return form;
}

export function field(id, label, input, hint = '') {
  return h('div', { class: 'field' }, h('label', { for: id }, label), input, hint ? h('small', {}, hint) : null);
}
