/** Unusual reads of the weeks: what, how often; a second person writes down what was found. */
import { Deed } from '../core/api.js';
import { byId, h, press, put } from '../shell/dom.js';
import { clear, noticePlace, showError } from '../shell/notice.js';
import { api, bar, texts } from '../shell/session.js';
import { waiting } from '../shell/wait.js';

export async function showFindings(look) {
  const place = byId('findings');
  const said = byId('findings-notice');
  clear(said);
  const ready = waiting(place, 3);
  try {
    const { items } = await api.get('/audit/findings', { limit: 50 });
    ready();
    put(place, items.length ? items.map((finding) => line(finding, look)) : empty());
  } catch (error) {
    ready();
    showError(said, error, () => showFindings(look));
  }
}

function empty() {
  return h('li', { class: 'nothing' }, h('h2', {}, texts.t('audit.findings_empty_title')), h('p', {}, texts.t('audit.findings_empty')));
}

/** Of reads: those of their reader. Of access given: what was done, whoever did it. */
function recordsOf(finding) {
  const days = { from: finding.week, to: weekEnd(finding.week) };
  const [giver, ...others] = finding.given_by || [];
  if (!giver) return { account: finding.login, ...days };
  return others.length ? { action: 'grant.add', ...days } : { account: giver, ...days };
}

function line(finding, look) {
  const rule = texts.word(`audit.rule.${finding.rule}`, finding.rule);
  const givers = finding.given_by || [];
  const open = h('button', { type: 'button', class: 'plain' }, texts.t('audit.open_reads'));
  const item = h(
    'li',
    {},
    h(
      'div',
      { class: 'what' },
      h('b', {}, h('bdi', {}, finding.name || finding.login)),
      h('span', {}, texts.t('audit.finding', { rule, n: texts.count(finding.count) })),
      givers.length
        ? h('span', {}, h('bdi', {}, texts.t('audit.given', { by: givers.join(', '), to: finding.login })))
        : null,
      h('span', { class: 'sub' }, texts.t('audit.week', { day: finding.week })),
      press(open, () => look(recordsOf(finding))),
    ),
    reviewPart(finding, look),
  );
  return item;
}

function reviewPart(finding, look) {
  if (finding.reviewed_at) {
    const facts = { by: finding.reviewed_by, at: texts.moment(finding.reviewed_at), remark: finding.remark };
    return h('p', { class: 'second' }, h('bdi', {}, texts.t('audit.reviewed', facts)));
  }
  const isOwn = finding.login === bar.login;
  if (!bar.facts.reviews || isOwn) return h('span', { class: 'pill soon' }, texts.t('audit.waiting'));
  return reviewForm(finding, look);
}

function reviewForm(finding, look) {
  const id = `remark-${finding.id}`;
  const remark = h('input', { id, maxlength: 200, autocomplete: 'off', required: true, placeholder: texts.t('audit.remark_hint') });
  const said = noticePlace();
  const go = h('button', { class: 'button' }, texts.t('audit.review'));
  const form = h(
    'form',
    { class: 'review', 'data-keep': true },
    h('div', { class: 'field' }, h('label', { for: id }, texts.t('audit.remark')), remark),
    go,
    said,
  );
  const deed = new Deed();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clear(said);
    go.disabled = true;
    try {
      const wish = { remark: remark.value.trim() };
      await api.post(`/audit/findings/${finding.id}/review`, wish, { key: deed.keyFor(wish) });
      showFindings(look);
    } catch (error) {
      showError(said, error, () => form.requestSubmit());
      go.disabled = false;
    }
  });
  return form;
}

/** The Sunday of a week that begins on a Monday. */
function weekEnd(monday) {
  const day = new Date(`${monday}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 6);
  return day.toISOString().slice(0, 10);
}
