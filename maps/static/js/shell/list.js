/** A list of rows from the API: asked as one types, more on demand, walked with the arrow keys. */
import { h, press, put } from './dom.js';
import { clear, showError } from './notice.js';
import { api, texts } from './session.js';
import { waiting } from './wait.js';

const TYPING_MS = 220;

export class List {
  /**
   * @param body the tbody, `more` the place below it, `said` the place for what went wrong
   * @param path of the API; `row(item)` gives a tr; `empty(query)` what stands where nothing is
   * @param filled told of the rows that stand there now and whether there are more
   */
  constructor({ body, more, said, path, row, empty, filled = () => {} }) {
    Object.assign(this, { body, more, said, path, row, empty, filled });
    this.items = [];
    this.asking = null;
    this.timer = null;
    body.addEventListener('keydown', (event) => this.walk(event));
  }

  /** Asks once typing rests. */
  soon(query) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(query), TYPING_MS);
  }

  async load(query) {
    this.query = query;
    await this.ask(() => api.get(this.path, query, { signal: this.asking.signal }), true);
  }

  async ask(question, isFirst) {
    clearTimeout(this.timer);
    if (this.asking) this.asking.abort();
    const mine = new AbortController();
    this.asking = mine;
    const ready = waiting(isFirst ? this.more : this.more, 3);
    try {
      const page = await question();
      ready();
      this.fill(page, isFirst);
    } catch (error) {
      if (error.name === 'AbortError') return;
      ready();
      showError(this.said, error, () => this.ask(question, isFirst));
    }
  }

  fill(page, isFirst) {
    clear(this.said);
    this.items = isFirst ? page.items : [...this.items, ...page.items];
    const rows = page.items.map((item) => this.row(item));
    if (isFirst) put(this.body, rows);
    else this.body.append(...rows);
    put(this.more, this.items.length ? this.button(page.next) : this.empty(this.query));
    const table = this.body.closest('table');
    table.hidden = !this.items.length;
    this.filled(this.items, Boolean(page.next));
  }

  button(next) {
    if (!next) return null;
    const button = h('button', { type: 'button', class: 'button' }, texts.t('bar.more'));
    return press(button, () => {
      button.disabled = true;
      this.ask(() => api.get(next, {}, { signal: this.asking.signal }), false);
    });
  }

  /** Enter opens, arrows walk. */
  walk(event) {
    const row = event.target.closest('tr');
    if (!row || event.target !== row) return;
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
    if (step) {
      event.preventDefault();
      if (row[step]) row[step].focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      row.click();
    }
  }
}

/** A row that opens something. */
export function openRow(cells, open) {
  return press(h('tr', { tabindex: 0, 'aria-selected': 'false' }, cells), open);
}

/** Marks the row of what is open. */
export function markRow(body, index) {
  [...body.children].forEach((row, i) => row.setAttribute('aria-selected', String(i === index)));
}
