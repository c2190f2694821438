/** The API as pages use it: answers, problems with their facts, one key for each thing done. */
import { Csrf } from './csrf.js';
import { Problem } from './net.js';

/** No answer came: the network or the server is not there. */
export class Gone extends Error {}

export class Api {
  /**
   * @param root address of the API, '/api/v1'
   * @param token of the page, for requests that change something
   */
  constructor({ root, lang, token = '' }) {
    this.root = root;
    this.lang = lang;
    this.csrf = new Csrf(token);
    /** Told of every answer: use keeps a sign-in alive. */
    this.heard = () => {};
    /** Asked when the sign-in has ended: resolves once there is a new one; null: nobody asks. */
    this.again = null;
  }

  /** @param query facts of the address; empty ones are left out */
  get(path, query = {}, { signal } = {}) {
    const words = Object.entries(query).filter(([, value]) => value !== '' && value != null);
    const asked = words.length ? `?${new URLSearchParams(words)}` : '';
    return this.send('GET', this.address(path) + asked, { signal });
  }

  /**
   * @param key of the deed: the same deed tried again does nothing twice
   * @param match the revision it goes out from, as If-Match says it
   */
  post(path, body = {}, { key = newKey(), signal, match } = {}) {
    return this.send('POST', this.address(path), { body, key, signal, match });
  }

  patch(path, body, { key = newKey(), match } = {}) {
    return this.send('PATCH', this.address(path), { body, key, match });
  }

  remove(path, { key = newKey(), match } = {}) {
    return this.send('DELETE', this.address(path), { key, match });
  }

  /** A file by GET: its content, its name and the headers it came with. */
  async file(path, query = {}) {
    const words = Object.entries(query).filter(([, value]) => value !== '' && value != null);
    const answer = await this.passed('GET', `${this.address(path)}?${new URLSearchParams(words)}`, {});
    const [, name] = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') || '') || [];
    const blob = await answer.blob().catch(() => { throw new Gone(); });
    return { blob, name: name || 'file', headers: answer.headers };
  }

  /** Lists name their next page by its whole path. */
  address(path) {
    return path.startsWith(this.root) ? path : this.root + path;
  }

  async send(method, address, asked) {
    const answer = await this.passed(method, address, asked);
    return contentOf(answer);
  }

  /** The answer to a request that was not refused; a sign-in that has ended is asked for once more. */
  async passed(method, address, asked) {
    const answer = await this.answer(method, address, asked);
    if (answer.ok) return answer;
    const said = await answer.json().catch(() => ({}));
    const problem = new Problem(answer.status, said, waitOf(answer));
    if (!this.again || !isSignedOut(problem)) throw problem;
    await this.again();
    return this.passed(method, address, asked);
  }

  async answer(method, address, { body, key, signal, match }) {
    const headers = { Accept: 'application/json', 'Accept-Language': this.lang };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (key) headers['Idempotency-Key'] = key;
    if (match) headers['If-Match'] = match;
    Object.assign(headers, this.csrf.headers(method));
    try {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const answer = await fetch(address, { method, headers, body: sent, signal });
      if (answer.ok) this.heard();
      return answer;
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Gone();
    }
  }
}

/** One thing to do: tried again with the same content it keeps its key, else it gets a new one. */
export class Deed {
  constructor() {
    this.done();
  }

  keyFor(content) {
    const text = JSON.stringify(content);
    if (text !== this.text) {
      this.text = text;
      this.key = newKey();
    }
    return this.key;
  }

  done() {
    this.text = null;
    this.key = '';
  }
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A sign-in that has ended, not a password that was wrong. */
function isSignedOut(problem) {
  return problem.status === 401 && problem.code !== 'sign_in_refused';
}

/** What an answer holds; one that was cut off is no answer, and one taken back stays taken back. */
async function contentOf(answer) {
  try {
    const text = await answer.text();
    return text ? JSON.parse(text) : {};
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Gone();
  }
}

function waitOf(answer) {
  const seconds = Number(answer.headers.get('Retry-After'));
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 0;
}
