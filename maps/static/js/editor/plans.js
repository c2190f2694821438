/** Before a plan is open: those there are, and a new one. */
import { h, put } from '../shell/dom.js';
import { noticePlace, showError } from '../shell/notice.js';
import { bar, may, texts } from '../shell/session.js';
import { waiting } from '../shell/wait.js';
import { queued } from './queue.js';
import { personOf } from './words.js';

export const WRITES = 'plan.draft';
export const APPROVES = 'plan.approve';

export class Plans {
  constructor(desk, server, place) {
    Object.assign(this, { desk, server, place });
  }

  async show() {
    const list = h('ul', { class: 'plans' });
    const said = noticePlace();
    const { cell } = this.desk.page;
    put(
      this.place,
      h('div', { class: 'head' }, h('p', { class: 'sub' }, texts.t('editor.version_said', { n: this.desk.page.version, from: this.desk.page.version_date })), h('h2', {}, texts.t('editor.plans'))),
      may(WRITES) ? this.form(cell) : null,
      h('div', { class: 'body' }, said, list),
    );
    const ready = waiting(list, 3);
    try {
      const { items } = await this.server.list({ cell: cell.code });
      ready();
      put(list, items.length ? queued(items, bar.login, may(APPROVES)).map((one) => this.row(one)) : this.empty(cell));
    } catch (error) {
      ready();
      showError(said, error, () => this.show());
    }
  }

  row(plan) {
    const known = this.desk.town.byCode.get(plan.cell);
    const facts = [known ? known.name : plan.cell, personOf(plan, 'author'), texts.moment(plan.changed_at), texts.t('editor.plan_n', { id: plan.id })];
    return h(
      'li',
      {},
      h(
        'a',
        { href: addressOf(plan) },
        h('b', {}, h('bdi', {}, plan.title)),
        h('span', { class: `pill ${plan.state}` }, texts.t(`editor.state_${plan.state}`)),
        h('small', {}, facts.join(' · ')),
      ),
    );
  }

  empty(cell) {
    return h('li', { class: 'nothing' }, h('h2', {}, texts.t('editor.none_title')), h('p', {}, texts.t(may(WRITES) ? 'editor.none' : 'editor.none_reading', { cell: cell.name })));
  }

  form(cell) {
    const title = h('input', { id: 'new-title', maxlength: 100, required: true, autocomplete: 'off', placeholder: texts.t('editor.title_hint', { cell: cell.name }) });
    const said = noticePlace();
    const go = h('button', { class: 'button go' }, texts.t('editor.begin'));
    const form = h('form', { class: 'new-plan', method: 'post' }, h('label', { for: 'new-title' }, texts.t('editor.new')), h('div', { class: 'row' }, title, go), said);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        const made = await this.server.begin({ title: title.value.trim(), note: '', cell: cell.code });
        window.location.assign(addressOf(made));
      } catch (error) {
        go.disabled = false;
        showError(said, error);
      }
    });
    return form;
  }
}

export function addressOf({ id }) {
  return `/editor?plan=${encodeURIComponent(id)}`;
}
