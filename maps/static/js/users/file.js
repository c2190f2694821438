/** The file of one account: roles, keys, state, and what an administrator may do about it. */
import { FileBeside } from '../shell/beside.js';
import { confirmed } from '../shell/dialog.js';
import { h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { areaWord, grantLine, roleWord } from '../shell/roles.js';
import { showSecret } from '../shell/secret.js';
import { api, bar, texts } from '../shell/session.js';
import { toast } from '../shell/toast.js';
import { whoWord } from '../shell/who.js';
import { grantForm } from './grant.js';
import { keysPart } from './keys.js';
import { seenWord, statePill } from './state.js';

export class AccountFile extends FileBeside {
  constructor({ changed, ...wish }) {
    super({ ...wish, path: '/accounts' });
    Object.assign(this, { changed, account: null });
  }

  title(login) {
    return h('bdi', {}, login);
  }

  /** Where the account itself stands in the API. */
  get own() {
    return `${this.path}/${encodeURIComponent(this.account.login)}`;
  }

  show(account) {
    this.account = account;
    this.changed(account);
    this.said = noticePlace();
    // Nobody changes what the own account may do: for that there is another administrator.
    const isOpen = bar.facts.writes && account.state !== 'ended' && account.login !== bar.login;
    put(
      this.place,
      h(
        'div',
        { class: 'head' },
        this.cross(),
        h('h2', { id: 'file-title' }, h('bdi', {}, account.name)),
        h('p', { class: 'sub' }, h('bdi', {}, account.login), account.kind === 'client' ? ` · ${texts.t('users.client')}` : null),
        h('p', { class: 'state' }, statePill(account)),
      ),
      h(
        'div',
        { class: 'body' },
        h('h3', {}, texts.t('users.file_roles')),
        this.roles(isOpen),
        isOpen ? this.giving() : null,
        this.former(),
        account.kind === 'client' ? keysPart(account, isOpen) : null,
        h('h3', {}, texts.t('users.file_account')),
        this.facts(),
        this.said,
      ),
      isOpen ? this.actions() : null,
    );
  }

  roles(isOpen) {
    const lines = this.account.roles.map((grant) => {
      const end = h('button', { type: 'button', class: 'plain' }, texts.t('users.end_grant'));
      end.setAttribute('aria-label', `${texts.t('users.end_grant')} ${roleWord(grant.role)} ${areaWord(grant)}`);
      return h('li', {}, grantLine(grant), isOpen ? press(end, () => this.endGrant(grant)) : null);
    });
    const none = h('li', { class: 'second' }, texts.t('users.no_role'));
    return h('ul', { class: 'rows' }, lines.length ? lines : none);
  }

  /** What was held once: folded away, and not to be ended again. */
  former() {
    const { former } = this.account;
    if (!former || !former.length) return null;
    const lines = former.map((grant) => h('li', {}, grantLine(grant)));
    const said = texts.t('users.former', { n: former.length });
    return h('details', { class: 'former' }, h('summary', {}, said), h('ul', { class: 'rows' }, lines));
  }

  /** A system has one role, its own, and may have it in several areas. */
  giving() {
    const hasRole = this.account.kind === 'client' && this.account.roles.length > 0;
    const button = h('button', { type: 'button', class: 'plain' }, texts.t(hasRole ? 'users.grant_area' : 'users.grant'));
    return press(button, () => {
      button.replaceWith(
        grantForm({
          kind: this.account.kind,
          give: (wish, key) => api.post(`${this.own}/grants`, wish, { key }),
          given: () => this.load(),
          cancelled: () => this.show(this.account),
        }),
      );
    });
  }

  facts() {
    const { account } = this;
    const created = texts.t('users.created_by', { day: texts.day(account.created_at), by: whoWord(account.created_by) });
    const password = texts.t(account.must_change ? 'users.password_given' : 'users.password_own');
    const rows = [
      ['users.seen', seenWord(account.seen_at)],
      account.kind === 'person' ? ['users.password_is', password] : null,
      account.worker ? ['users.worker_is', account.worker] : null,
      account.locked_at ? ['users.locked_at', texts.moment(account.locked_at)] : null,
      ['users.created', created],
    ];
    return h('dl', { class: 'facts' }, rows.filter(Boolean).flatMap(([key, said]) => [
      h('dt', {}, texts.t(key)),
      h('dd', {}, h('bdi', {}, said)),
    ]));
  }

  actions() {
    const { account } = this;
    const button = (key, act) => press(h('button', { type: 'button', class: 'button' }, texts.t(`users.${key}`)), act);
    const isLocked = account.state === 'locked';
    return h(
      'div',
      { class: 'acts' },
      account.kind === 'person' ? button('reset', () => this.reset()) : null,
      button(isLocked ? 'unlock' : 'lock', () => this.lock(!isLocked)),
      button('end', () => this.end()),
    );
  }

  async doing(deed) {
    clear(this.said);
    try {
      return await deed();
    } catch (error) {
      showError(this.said, error, () => this.doing(deed));
      return null;
    }
  }

  lock(isLocked) {
    const { name } = this.account;
    return this.doing(async () => {
      await api.post(`${this.own}/${isLocked ? 'lock' : 'unlock'}`);
      await this.load();
      toast(texts.t(isLocked ? 'users.locked' : 'users.unlocked', { name }), isLocked ? () => this.lock(false) : null);
    });
  }

  endGrant(grant) {
    const facts = { name: this.account.name, role: roleWord(grant.role), area: areaWord(grant) };
    const wish = { role: grant.role, cell: grant.area ? grant.area.code : null, case_types: grant.case_types, valid_to: grant.valid_to };
    const path = `${this.own}/grants`;
    return this.doing(async () => {
      await api.post(`/grants/${grant.id}/end`);
      await this.load();
      toast(texts.t('users.grant_ended', facts), () => this.doing(async () => {
        await api.post(path, wish);
        await this.load();
      }));
    });
  }

  async reset() {
    const { name, login } = this.account;
    const isSure = await confirmed({ title: texts.t('users.reset_title', { name }), said: texts.t('users.reset_said'), go: texts.t('users.reset') });
    if (!isSure) return;
    const made = await this.doing(() => api.post(`${this.own}/reset`));
    if (made && made.password) showPassword(texts.t('users.reset_done', { name }), login, made.password, () => this.load());
  }

  async end() {
    const { name } = this.account;
    const isSure = await confirmed({ title: texts.t('users.end_title', { name }), said: texts.t('users.end_said'), go: texts.t('users.end') });
    if (!isSure) return;
    await this.doing(async () => {
      await api.post(`${this.own}/end`);
      await this.load();
      toast(texts.t('users.ended', { name }));
    });
  }
}

export function showPassword(title, login, password, closed) {
  showSecret({ title, said: texts.t('users.added_said', { login }), secret: password, hint: texts.t('users.once'), closed });
}
