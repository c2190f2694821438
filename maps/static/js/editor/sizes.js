/** How large a cell may be: five classes around what the rule allows. */

/** Households that a cell of a level holds where the server does not tell its rule. */
const RULE = { 4: [300, 500], 5: [30, 50] };

/** [least, most] of a level as the plan tells it: by level, or one fact a level; null: no rule. */
export function ruleOf(plan, level) {
  const told = plan && (plan.sizes || plan.rules);
  if (!told) return RULE[level] || null;
  if (!Array.isArray(told)) return told[level] || null;
  const one = told.find((rule) => rule.level === level);
  return one ? [one.least, one.most] : null;
}

/** 0 much too small, 1 too small, 2 right, 3 too big, 4 much too big; null: no rule, or nobody lives there. */
export function classOf(households, rule) {
  if (!rule || !households) return null;
  const [low, high] = rule;
  if (households < low / 2) return 0;
  if (households < low) return 1;
  if (households <= high) return 2;
  return households <= high * 1.5 ? 3 : 4;
}

/** ▼ too small, ▲ too big, nothing between. */
export function markOf(size) {
  if (size === null || size === 2) return '';
  return size < 2 ? '▼' : '▲';
}

/** Bounds of the classes in words: < 15, 15–29, 30–50, 51–75, > 75. */
export function boundsOf([low, high]) {
  const [half, more] = [Math.ceil(low / 2), Math.floor(high * 1.5)];
  return [`< ${half}`, `${half}–${low - 1}`, `${low}–${high}`, `${high + 1}–${more}`, `> ${more}`];
}
