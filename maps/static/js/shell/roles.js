/** Roles and areas in words: what a grant says, what a role may do. */
import { h } from './dom.js';
import { texts } from './session.js';

export function roleWord(role) {
  return texts.word(`roles.${role}`, role);
}

/** 供电社区, or that it holds everywhere. */
export function areaWord(grant) {
  return grant.area ? grant.area.name : texts.t('roles.everywhere');
}

/** When it holds, in words; empty for one that simply holds now. */
export function spanWord(grant) {
  const from = texts.day(grant.valid_from);
  return grant.valid_to
    ? texts.t('roles.between', { from, to: texts.moment(grant.valid_to) })
    : texts.t('roles.since', { from });
}

/** Two lines: role and area, then since when. */
export function grantLine(grant) {
  const types = (grant.case_types || []).join(texts.t('bar.list_comma'));
  return h(
    'div',
    {},
    h('span', {}, h('b', {}, roleWord(grant.role)), ' · ', h('bdi', {}, areaWord(grant))),
    h('small', {}, spanWord(grant), types ? ` · ${texts.t('roles.case_types', { types })}` : null),
  );
}
