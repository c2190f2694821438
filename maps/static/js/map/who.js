/** Who answers at a place, as the right card says it: people, their numbers, and why they. */
import { grounds, persons } from '../core/duty.js';
import { h, press, put } from '../shell/dom.js';

export class Who {
  constructor(texts) {
    this.texts = texts;
  }

  team(answer) {
    const team = answer.team || [];
    const answering = team.length
      ? [...persons(team).map((duties) => this.person(...duties)), this.why(answer)]
      : [h('p', { class: 'hint' }, this.texts.t('who_nobody'))];
    const beside = answer.overlays || [];
    if (!beside.length) return answering;
    const title = h('summary', {}, this.texts.t('who_overlays', { n: this.texts.count(beside.length) }));
    const people = persons(beside).map((duties) => this.person(...duties));
    return [...answering, h('details', { class: 'beside' }, title, ...people)];
  }

  person(one, ...further) {
    return h(
      'div',
      { class: 'who' },
      h('i', { 'aria-hidden': 'true' }, [...one.name][0] || '·'),
      h('div', {}, h('b', {}, one.name), [one, ...further].map((duty) => h('span', {}, this.duty(duty)))),
      one.duty_phone ? h('a', { class: 'tel', href: `tel:${encodeURIComponent(one.duty_phone)}` }, this.texts.t('call')) : null,
      one.duty_phone ? this.phone(one.duty_phone) : null,
    );
  }

  /** The number itself: it can be read, dictated, marked and copied where nothing dials. */
  phone(number) {
    const shown = h('bdi', { class: 'number' }, number);
    const copy = h('button', { type: 'button', class: 'copy' }, this.texts.t('phone_copy'));
    return h('div', { class: 'phone' }, shown, press(copy, async () => {
      try {
        await navigator.clipboard.writeText(number);
        put(copy, this.texts.t('phone_copied'));
      } catch {
        // Over plain http browsers have no clipboard: then the number is marked to be copied.
        window.getSelection().selectAllChildren(shown);
      }
    }));
  }

  duty(one) {
    const post = this.texts.has(`post_${one.role}`) ? this.texts.t(`post_${one.role}`) : one.role;
    const primary = one.primary ? ` · ${this.texts.t('primary')}` : '';
    const via = one.via ? ` · ${this.texts.t('by_via', { what: this.viaWord(one.via) })}` : '';
    const away = one.substitute_for;
    const instead = away ? ` · ${this.texts.t('who_substitute', { name: away.name })}` : '';
    return post + primary + via + instead;
  }

  viaWord(word) {
    return this.texts.has(`via_${word}`) ? this.texts.t(`via_${word}`) : word;
  }

  /** 依据:楼栋指派优先于网格 · 距边界 12 米 */
  why(answer) {
    const { first, nearer, rest, because } = grounds(answer);
    const words = (vias) => vias.map((via) => this.viaWord(via)).join(this.texts.t('comma'));
    const before = rest.length ? 'because_over' : 'because';
    const key = nearer.length ? 'because_up' : before;
    const facts = { first: this.viaWord(first), rest: words(rest), nearer: words(nearer) };
    const reason = first ? this.texts.t(key, facts) : '';
    const metres = answer.boundary && answer.boundary.distance_m;
    const far = Number.isFinite(metres) ? this.texts.t('from_border', { n: Math.round(metres) }) : '';
    const turn = `because_${because}`;
    const away = because && this.texts.has(turn) ? this.texts.t(turn) : '';
    const said = [reason, away, far].filter(Boolean).join(' · ');
    return said ? h('p', { class: 'why' }, said) : null;
  }
}

/** What a point's answer says of a whole cell: its own workers, and no distance to a border. */
export function ofCell(answer, cell) {
  const via = (one) => (one.cell_code === cell.code && one.via === 'parent_cell' ? 'cell' : one.via);
  const team = (answer.team || [])
    .filter((one) => one.via === 'cell' || one.via === 'parent_cell')
    .map((one) => ({ ...one, via: via(one) }));
  const vias = [...new Set(team.map((one) => one.via))].join(' > ');
  const because = String(answer.reason || '').split(';')[1];
  return { ...answer, team, reason: because ? `${vias};${because}` : vias, boundary: null };
}
