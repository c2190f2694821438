/** What each role may do: a matrix where there is room, one role at a time where there is not. */
import { h, put } from '../shell/dom.js';
import { noticePlace, showError } from '../shell/notice.js';
import { roleWord } from '../shell/roles.js';
import { api, texts } from '../shell/session.js';
import { waiting } from '../shell/wait.js';

const GROUPS = {
  place: ['grid.read', 'team.read', 'counts.read', 'map.read', 'workforce.read', 'place.name'],
  people: [
    'people.read', 'people.search', 'people.reveal', 'people.print', 'people.erase', 'request.write', 'request.decide',
  ],
  office: ['accounts.read', 'accounts.write', 'audit.read', 'audit.review', 'system.read'],
};
// Everybody who is signed in has it.
const LEFT_OUT = ['self'];

export async function showMatrix(place) {
  if (place.childElementCount) return;
  const ready = waiting(place, 8);
  try {
    const { items } = await api.get('/roles');
    ready();
    put(place, matrix(items), ofRole(items), h('p', { class: 'second' }, texts.t('users.matrix_public')));
  } catch (error) {
    ready();
    const said = noticePlace();
    put(place, said);
    showError(said, error, () => { put(place); showMatrix(place); });
  }
}

/** The groups with what the table has and we have not put into any: a new permission is not lost. */
function groupsOf(roles) {
  const known = new Set([...Object.values(GROUPS).flat(), ...LEFT_OUT]);
  const more = [...new Set(roles.flatMap((role) => role.permissions))].filter((one) => !known.has(one));
  return { ...GROUPS, office: [...GROUPS.office, ...more] };
}

function matrix(roles) {
  const heads = roles.map((role) => h('th', { scope: 'col' }, h('span', {}, roleWord(role.role))));
  const bodies = Object.entries(groupsOf(roles)).map(([group, permissions]) =>
    h(
      'tbody',
      {},
      h('tr', { class: 'group' }, h('th', { colspan: roles.length + 1, scope: 'rowgroup' }, texts.t(`users.group_${group}`))),
      permissions.map((permission) => row(permission, roles)),
      group === 'people' ? [classRow('masked', roles), classRow('reveals', roles)] : null,
    ),
  );
  const corner = h('th', { class: 'sub' }, texts.t('users.matrix'));
  return h('table', { class: 'matrix' }, h('thead', {}, h('tr', {}, corner, heads)), bodies);
}

function row(permission, roles) {
  const cells = roles.map((role) => {
    const isAllowed = role.permissions.includes(permission);
    const said = `${roleWord(role.role)}${texts.t(isAllowed ? 'users.may' : 'users.may_not')}`;
    return h('td', { class: isAllowed ? 'yes' : '', title: said, 'aria-label': said });
  });
  return h('tr', {}, h('th', { scope: 'row' }, texts.word(`permissions.${permission}`, permission)), cells);
}

function classRow(what, roles) {
  const cells = roles.map((role) => h('td', {}, classWord(role[what])));
  return h('tr', { class: 'words' }, h('th', { scope: 'row' }, texts.t(`users.${what}`)), cells);
}

function classWord(name) {
  return ['nothing', 'public'].includes(name) ? texts.t('users.none') : texts.word(`field_classes.${name}`, name);
}

function ofRole(roles) {
  const select = h('select', { id: 'which-role' }, roles.map((role) => h('option', { value: role.role }, roleWord(role.role))));
  const list = h('ul', { class: 'rows', id: 'role-may' });
  const fill = () => {
    const role = roles.find((one) => one.role === select.value);
    const lines = Object.values(groupsOf(roles)).flat().filter((one) => role.permissions.includes(one));
    const seen = ['masked', 'reveals']
      .filter((what) => classWord(role[what]) !== texts.t('users.none'))
      .map((what) => `${texts.t(`users.${what}`)}: ${classWord(role[what])}`);
    put(
      list,
      [...lines.map((one) => texts.word(`permissions.${one}`, one)), ...seen, role.has_area ? texts.t('users.has_area') : texts.t('roles.everywhere')]
        .map((said) => h('li', {}, said)),
    );
  };
  select.addEventListener('change', fill);
  fill();
  return h('div', { class: 'of-role' }, h('div', { class: 'field' }, h('label', { for: 'which-role' }, texts.t('users.which_role')), select), list);
}

