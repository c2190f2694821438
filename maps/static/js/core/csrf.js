/** The token that a page of this origin knows and a foreign page does not. */

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

export class Csrf {
  constructor(token) {
    this.token = token;
  }

  /** The header an unsafe request of a signed-in page carries besides its cookie. */
  headers(method) {
    return SAFE.includes(method) || !this.token ? {} : { 'X-CSRF-Token': this.token };
  }
}
