/** The bar of every page: its menu, the language, signing out, and a word before time runs out. */
import { askAgain } from './again.js';
import { byId, press } from './dom.js';
import { Idle } from './idle.js';
import { api, bar } from './session.js';

/** A menu closes when something else is pressed, and by Escape. */
function closeByItself(menu) {
  document.addEventListener('click', (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary').focus();
    event.stopPropagation();
  });
}

/** The other language shows the same place: what the address says now, not when it was loaded. */
function keepPlace(link) {
  press(link, () => {
    const here = new URL(window.location.href);
    here.searchParams.set('lang', link.dataset.lang);
    link.href = here.pathname + here.search + here.hash;
  });
}

/** While a file asks for something, its other deeds stand back (:has is younger than Chromium 86). */
function keepAsking(file) {
  const look = () => file.classList.toggle('asks', Boolean(file.querySelector('.asking')));
  new MutationObserver(look).observe(file, { childList: true, subtree: true });
}

async function signOut() {
  await api.post('/sign-out').catch(() => {});
  window.location.assign('/login');
}

function start() {
  document.querySelectorAll('a[data-lang]').forEach(keepPlace);
  document.querySelectorAll('.file').forEach(keepAsking);
  const menu = byId('me');
  if (!menu) return;
  closeByItself(menu);
  press(byId('sign-out'), signOut);
  api.again = askAgain;
  const idle = new Idle(bar.idle_s);
  api.heard = () => idle.used();
  idle.start();
}

start();
