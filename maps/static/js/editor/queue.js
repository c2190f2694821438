/** In which order plans stand: what waits for the one who looks comes first, the newest first among equals. */

const OPEN = ['returned', 'draft'];

/** @param login who looks; `approves` whether that person may approve */
export function queued(plans, login, approves) {
  const place = (plan) => {
    const isMine = [plan.author, plan.submitter].includes(login);
    if (plan.state === 'submitted' && approves && !isMine) return 0;
    if (OPEN.includes(plan.state) && isMine) return 1;
    if (plan.state === 'submitted' || plan.state === 'approved') return 2;
    return OPEN.includes(plan.state) ? 3 : 4;
  };
  const time = (plan) => Date.parse(plan.changed_at);
  return [...plans].sort((one, other) => place(one) - place(other) || time(other) - time(one));
}
