/** Elements from code: text goes in as text, never as markup. */

const SVG = 'http://www.w3.org/2000/svg';

/** h('p', { class: 'hint' }, 'text', child): strings become text nodes; null is left out. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) throw new TypeError(`${name}: use addEventListener`);
    element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function put(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

export function byId(id) {
  return document.getElementById(id);
}

/** On pages without a bar, or small ones, a part may be missing. */
export function press(element, action) {
  element.addEventListener('click', action);
  return element;
}
