/** Whether the audit is whole: up to where it is sealed, and what the last check said. */
import { h, put } from '../shell/dom.js';
import { sentence } from '../shell/notice.js';
import { api, texts } from '../shell/session.js';

export async function showChain(place) {
  try {
    put(place, parts(await api.get('/audit/chain')));
  } catch (error) {
    put(place, sentence(error));
  }
}

function parts(chain) {
  const { head, unsealed, verified } = chain;
  const sealed = head
    ? texts.t('audit.chain_good', { seq: texts.count(Number(head.seq)), at: texts.moment(head.sealed_at) })
    : texts.t('audit.chain_none');
  return [
    h('span', {}, sealed),
    unsealed ? h('span', {}, texts.t('audit.chain_waiting', { n: texts.count(unsealed) })) : null,
    checked(verified),
  ];
}

function checked(verified) {
  if (!verified) return h('span', { class: 'pill' }, texts.t('audit.chain_unchecked'));
  const at = texts.t('audit.chain_checked', { at: texts.moment(verified.at) });
  return !verified.ok
    ? h('span', { class: 'pill off' }, texts.t('audit.chain_wrong', { n: verified.faults }), ` · ${at}`)
    : h('span', { class: 'pill on' }, `✓ ${texts.t('audit.chain_ok')} · ${at}`);
}
