/** What others do meanwhile: the same plan changed, the grid published, an approved plan come into force. */
import { texts } from '../shell/session.js';
import { isBeingChecked } from './checked.js';
import { byNames } from './words.js';

const AGAIN_MS = 2000;
const SOON_MS = 60000;
const OPEN = ['draft', 'returned', 'submitted', 'approved'];

export class Others {
  /** @param course of the plan; `nameOf` a code's name */
  constructor(desk, course, { band, chip, history, nameOf }) {
    Object.assign(this, { desk, course, band, chip, history, nameOf });
  }

  /** Somebody else has changed the plan: theirs is taken, or one's own step is put on top of theirs. */
  behind(problem, last) {
    const { course } = this;
    const made = problem.errors.map((one) => byNames(one.detail, this.nameOf)).join(texts.t('bar.list_comma'));
    this.chip.show(null);
    this.band.show(texts.t('editor.behind', { made }), [
      [texts.t('editor.take_theirs'), () => course.takeTheirs()],
      ...(last ? [[texts.t('editor.put_mine'), () => course.takeTheirs().then(() => course.send(last))]] : []),
    ]);
  }

  /** A version published since the plan began is told above it; what it changed, on request on the map. */
  tellStale() {
    const { plan } = this.desk;
    if (!OPEN.includes(plan.state) || plan.base === plan.current) return;
    const cells = plan.stale.map(this.nameOf).join(texts.t('bar.list_comma'));
    const said = texts.t(plan.stale.length ? 'editor.stale' : 'editor.stale_apart', { n: plan.current, cells });
    this.band.show(said, plan.stale.length ? [[texts.t('editor.see_difference'), () => this.seeStale()]] : []);
  }

  seeStale() {
    this.desk.choose(this.desk.plan.stale.map((code) => this.desk.model.byCode.get(code)).filter(Boolean));
    this.history.go(this.history.last - 1);
  }

  /** An approved plan whose moment has come is published by the server, then checked: looked at until it is. */
  awaitPublished() {
    clearTimeout(this.awaited);
    const { plan } = this.desk;
    const isDue = plan.state === 'approved' && new Date(plan.effective_at) <= new Date(Date.now() + SOON_MS);
    if (!isDue && !isBeingChecked(plan)) return;
    this.awaited = setTimeout(async () => {
      const now = await this.course.server.read().catch(() => plan);
      if (now.state === plan.state && isBeingChecked(now) === isBeingChecked(plan)) this.awaitPublished();
      else this.course.stepped(now);
    }, AGAIN_MS);
  }
}
