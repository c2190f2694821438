/** Whether somebody has filled something in that leaving would lose. */

export function hasInput() {
  return [...document.querySelectorAll('form[data-keep] input, form[data-keep] textarea')].some(
    (field) => field.value !== field.defaultValue,
  );
}
