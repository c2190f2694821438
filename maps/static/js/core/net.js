/** Asking the API: JSON, and problems as RFC 9457 tells them. */

export class Problem extends Error {
  constructor(status, body, wait = 0) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || '';
    this.errors = body.errors || [];
    this.body = body;
    this.number = body.request_id || '';
    this.wait = wait;
  }
}

/** Answer of a GET; rejects with Problem, or with AbortError when the signal says so. */
export async function getJson(address, { signal, lang } = {}) {
  const answer = await fetch(address, {
    signal,
    headers: { Accept: 'application/json', 'Accept-Language': lang || 'zh' },
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, body);
  return body;
}
