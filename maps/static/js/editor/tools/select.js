/** Choosing cells: a press takes one, Shift adds or leaves out. */
export class Select {
  constructor(desk, { pickProblem }) {
    Object.assign(this, { desk, pickProblem });
  }

  click(place) {
    const { desk } = this;
    if (!desk.model || desk.past) return;
    const problem = desk.marks.pinAt(place.x, place.y, place.reach * 1.4);
    if (problem >= 0) {
      this.pickProblem(problem);
      return;
    }
    const cell = desk.model.cellAt(place.x, place.y);
    if (!cell) {
      desk.choose([]);
      return;
    }
    const isGroup = desk.shown()[0].cells;
    const these = isGroup ? cell.group.cells : [cell];
    const isIn = these.every((one) => desk.chosen.has(one));
    if (place.isShift) desk.choose(isIn ? [...desk.chosen].filter((one) => !these.includes(one)) : [...desk.chosen, ...these]);
    else desk.choose(isIn && desk.chosen.size === these.length ? [] : these);
  }

  key(event) {
    if (event.key !== 'Escape' || !this.desk.chosen.size) return false;
    this.desk.choose([]);
    return true;
  }

  paint() {}
}
