/** A household in words: its door, its head, how it is held. */
import { h } from '../shell/dom.js';
import { bar, texts } from '../shell/session.js';

export const FIELDS = ['head_name', 'head_phone', 'head_id_number'];

export function doorWord(one) {
  return texts.t('people.door', { building: one.building_name, stairwell: one.stairwell, number: one.number });
}

/** Masked; where nobody is on file, or the mask is not the reader's to see, that is said. */
export function headWord(one) {
  return one.head_name || texts.t('people.unnamed');
}

export function occupancyWord(one) {
  return bar.facts.kinds[one.occupancy] || one.occupancy;
}

/** What stands on the record besides: restricted, or emptied. */
export function marks(one) {
  return ['restricted', 'erased']
    .filter((key) => one[{ restricted: 'objected', erased: 'erased' }[key]])
    .map((key) => h('span', { class: 'pill soon' }, texts.t(`people.${key}`)));
}
