/** Sentences of the page in its language, and how it writes figures, days and times. */

export class Texts {
  constructor(lines, lang, zone = 'Asia/Shanghai') {
    this.lines = lines;
    this.lang = lang;
    this.zone = zone;
  }

  /** The line of a key with its facts filled in, that of one where `n` is one; a key without a line shows itself. */
  t(key, facts = {}) {
    const one = String(facts.n) === '1' && (this.lines[`pages.${key}_one`] || this.lines[`${key}_one`]);
    const line = one || this.lines[`pages.${key}`] || this.lines[key] || key;
    return line.replace(/\{(\w+)\}/g, (hole, name) => (name in facts ? String(facts[name]) : hole));
  }

  has(key) {
    return `pages.${key}` in this.lines || key in this.lines;
  }

  /** The line of a key, or what is given where the page has no word for it. */
  word(key, otherwise) {
    return this.has(key) ? this.t(key) : otherwise;
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

  /** 40 秒, 12 分钟 */
  span(seconds) {
    return seconds < 100
      ? this.t('bar.seconds', { n: Math.ceil(seconds) })
      : this.t('bar.minutes', { n: Math.ceil(seconds / 60) });
  }

  /** 2026-11-21, of an instant, in the zone of the deployment. */
  day(instant) {
    return this.parts(instant).day;
  }

  /** 今天 14:05 or 2026-11-21 14:05. */
  moment(instant, now = new Date()) {
    const { day, time } = this.parts(instant);
    const isToday = day === this.parts(now).day;
    return isToday ? this.t('bar.today', { time: time.slice(0, 5) }) : `${day} ${time.slice(0, 5)}`;
  }

  /** 2026-11-21 14:05:09, for what is evidence. */
  exact(instant) {
    const { day, time } = this.parts(instant);
    return `${day} ${time}`;
  }

  parts(instant) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: this.zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    const found = {};
    for (const { type, value } of format.formatToParts(new Date(instant))) found[type] = value;
    return {
      day: `${found.year}-${found.month}-${found.day}`,
      time: `${found.hour}:${found.minute}:${found.second}`,
    };
  }
}
