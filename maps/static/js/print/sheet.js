/** The sheet of a person from the API's facts: the same lines as maps/pages/person_print.py. */
import { texts } from '../shell/session.js';
import { statedWord, whoWord } from '../shell/who.js';

const NONE = '–';
const ALWAYS = ['head_name', 'head_phone', 'head_id_number', 'occupancy', 'persons'];

/** Sections in order: { title, rows } of pairs, or { title, heads, rows, empty }. */
export function sheetOf(file, kinds) {
  return [person(file, kinds), dwelling(file.dwelling), duties(file), requests(file), readers(file)];
}

export function headingOf(file) {
  return t('made', { id: file.household_id, at: moment(file.made_at), by: whoWord(file.made_by, file.made_by_name) });
}

function person(file, kinds) {
  const rows = {
    head_name: file.head_name,
    head_phone: file.head_phone,
    head_id_number: file.head_id_number,
    occupancy: kinds[file.occupancy] || file.occupancy,
    persons: file.persons === null ? '' : String(file.persons),
    since: file.since || '',
    ended_on: file.ended_on || '',
    objected_at: moment(file.objected_at),
    erased_at: moment(file.erased_at),
  };
  return pairs('person', Object.entries(rows).filter(([key, said]) => said || ALWAYS.includes(key)));
}

function dwelling(place) {
  return pairs('dwelling', [
    ['address', place.address],
    ['building', `${place.building_name} (${place.building_code})`],
    ['unit', t('unit_is', { stairwell: place.stairwell, floor: place.floor, number: place.number })],
    ['cells', place.cells.map(([, name]) => name).join(' › ')],
  ]);
}

function duties(file) {
  const rows = file.duties.map((duty) => [
    texts.word(`post_${duty.post}`, duty.post),
    duty.worker_name,
    moment(duty.valid_from),
    moment(duty.valid_to) || NONE,
  ]);
  return table('duties', ['post', 'worker', 'from', 'to'], rows);
}

function requests(file) {
  const rows = file.requests.map((asked) => [
    moment(asked.received_at),
    t(`kind_${asked.kind}`),
    wish(asked),
    asked.due_on,
    t(`state_${asked.state}`),
    asked.outcome || NONE,
  ]);
  return table('requests', ['received', 'kind', 'wish', 'due', 'state', 'outcome'], rows);
}

function wish(asked) {
  const values = Object.entries(asked.corrections).map(([name, value]) => `${t(name)}: ${value || NONE}`);
  return [...(asked.wish ? [asked.wish] : []), ...values].join('; ') || NONE;
}

function readers(file) {
  const rows = file.readers.map((reader) => [
    whoWord(reader.actor, reader.name),
    texts.word(`audit.action.${reader.action}`, reader.action),
    reader.times > 1 ? texts.day(reader.last_at) : moment(reader.last_at),
    String(reader.times),
    statedWord(reader.reason) || NONE,
  ]);
  return table('readers', ['actor', 'action', 'when', 'times', 'reason'], rows);
}

function pairs(name, rows) {
  return { title: t(name), rows: rows.map(([key, said]) => [t(key), said || NONE]) };
}

function table(name, heads, rows) {
  return { title: t(name), rows, heads: heads.map((head) => t(head)), empty: t(`${name}_none`) };
}

function t(key, facts) {
  return texts.t(`print.${key}`, facts);
}

/** 2026-11-21 14:05: on paper there is no today. */
function moment(instant) {
  return instant ? texts.exact(instant).slice(0, 16) : '';
}
