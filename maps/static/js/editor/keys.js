/** Keys of the editor, and the list of them that ? shows. */
import { openDialog } from '../shell/dialog.js';
import { h } from '../shell/dom.js';
import { texts } from '../shell/session.js';

const TOOL_KEYS = { v: 'select', c: 'split', m: 'merge', b: 'move', t: 'transfer', a: 'divide' };
const SHOWN = [
  ['V C M B T A', 'key_tools'],
  ['Ctrl Z', 'key_undo'],
  ['Ctrl Shift Z', 'key_redo'],
  ['Enter', 'key_enter'],
  ['Esc', 'key_esc'],
  ['Tab', 'key_tab'],
  ['← → ↑ ↓', 'key_arrows'],
  ['Space', 'key_space'],
  ['+ −', 'key_zoom'],
  ['Delete', 'key_delete'],
  ['Alt', 'key_alt'],
  ['Shift', 'key_shift'],
  ['L', 'key_lasso'],
  ['N', 'key_next'],
  ['\\', 'key_compare'],
  ['?', 'key_help'],
];

/** @param acts { pick, undo, redo, compare, next, zoom, key } */
export function listen(acts) {
  document.addEventListener('keydown', (event) => {
    const typed = event.target.closest('input:not([type=range]), textarea, select, dialog, .menu');
    if (typed) return;
    const letter = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (letter === 'z' && !event.shiftKey) taken(event, acts.undo);
      else if (letter === 'y' || (letter === 'z' && event.shiftKey)) taken(event, acts.redo);
      return;
    }
    const onControl = event.target.closest('button, a, summary, input');
    if (onControl && ['Enter', ' ', 'Tab', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(event.key)) return;
    if (acts.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.altKey) return;
    if (TOOL_KEYS[letter] && document.getElementById(`tool-${TOOL_KEYS[letter]}`)) acts.pick(TOOL_KEYS[letter]);
    else if (letter === '\\') acts.compare();
    else if (letter === 'n') acts.next();
    else if (letter === '+' || letter === '=') acts.zoom(1);
    else if (letter === '-') acts.zoom(-1);
    else if (letter === '?') help();
  }, true);
}

function taken(event, deed) {
  event.preventDefault();
  deed();
}

export function help() {
  const rows = SHOWN.map(([key, word]) => h('tr', {}, h('td', {}, key.split(' ').map((one) => h('kbd', {}, one))), h('td', {}, texts.t(`editor.${word}`))));
  openDialog({ title: texts.t('editor.keys'), body: h('table', { class: 'key-list' }, h('tbody', {}, rows)) });
}
