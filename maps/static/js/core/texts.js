/** Sentences of the page in its language, and how it writes figures. */

export class Texts {
  constructor(lines, lang) {
    this.lines = lines;
    this.lang = lang;
  }

  /** The line of a key with its facts filled in; a key without a line shows itself. */
  t(key, facts = {}) {
    const line = this.lines[`pages.${key}`] || this.lines[key] || key;
    return line.replace(/\{(\w+)\}/g, (hole, name) => (name in facts ? String(facts[name]) : hole));
  }

  has(key) {
    return `pages.${key}` in this.lines || key in this.lines;
  }

  level(number) {
    return this.t(`levels.${number}`);
  }

  /** 2,863 */
  count(value) {
    return value.toLocaleString('en-US');
  }

  metres(value) {
    return value >= 1000
      ? this.t('kilometres', { n: value / 1000 })
      : this.t('metres', { n: value });
  }
}
