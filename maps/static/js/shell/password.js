/** Fields for passwords: one that can be looked at, and the rules of a new one as it is typed. */
import { h, press, put } from './dom.js';
import { texts } from './session.js';

const LEAST = 10;
const MOST = 128;
const KINDS = 2;

/** Lets a password be looked at while it is typed. */
export function showable(input) {
  const button = h('button', { type: 'button', class: 'show', 'aria-pressed': 'false' }, texts.t('bar.show'));
  button.setAttribute('aria-label', texts.t('bar.show_password'));
  press(button, () => {
    const isShown = input.type === 'text';
    input.type = isShown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!isShown));
    put(button, texts.t(isShown ? 'bar.show' : 'bar.hide'));
    input.focus();
  });
  const box = h('div', { class: 'with-button' });
  input.replaceWith(box);
  box.append(input, button);
  return box;
}

/** Which rules a new password keeps: the same the server asks for, less its list of common ones. */
export function kept(password, login) {
  const plain = password.normalize('NFKC');
  const letters = [...plain];
  const folded = plain.toLowerCase();
  return {
    length: letters.length >= LEAST && letters.length <= MOST,
    kinds: kindsIn(letters) >= KINDS,
    login: Boolean(plain) && folded !== login && folded !== [...login].reverse().join(''),
  };
}

function kindsIn(letters) {
  const kinds = letters.map((letter) => {
    if (/\p{Ll}/u.test(letter)) return 'small';
    if (/\p{Lu}/u.test(letter)) return 'capital';
    return /\p{Nd}/u.test(letter) ? 'digit' : 'else';
  });
  return new Set(kinds).size;
}

/** The rules as a list that ticks itself off; `same` is the field that repeats the password. */
export function watchRules(list, input, same, login) {
  const mark = () => {
    const found = kept(input.value, login);
    found.same = Boolean(input.value) && input.value === same.value;
    for (const item of list.children) {
      const isKept = Boolean(found[item.dataset.rule]);
      item.classList.toggle('kept', isKept);
    }
    return Object.values(found).every(Boolean);
  };
  input.addEventListener('input', mark);
  same.addEventListener('input', mark);
  mark();
  return mark;
}

/** The list itself. */
export function rulesList() {
  const rules = ['length', 'kinds', 'login', 'same'];
  return h(
    'ul',
    { class: 'rules', 'aria-label': texts.t('password.rules') },
    ...rules.map((rule) => h('li', { 'data-rule': rule }, texts.t(`password.${rule}`))),
  );
}
