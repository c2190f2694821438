// Try-it forms of the reference page: asks the address a form describes and shows the answer.

/** @param {HTMLFormElement} form @returns {string} the address with what was filled in */
export function address(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const control of form.querySelectorAll("[name]")) {
    const value = control.value.trim();
    if (control.dataset.in === "path") path = path.replace(`{${control.name}}`, encodeURIComponent(value));
    else if (value) query.set(control.name, value);
  }
  const asked = query.toString();
  return asked ? `${path}?${asked}` : path;
}

/** @param {string} body @returns {string} JSON with indents, anything else as it is */
function indented(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  const asked = address(form);
  const answer = form.querySelector(".answer");
  form.querySelector(".asked").textContent = asked;
  const begun = performance.now();
  let status = "";
  let body = "";
  try {
    const response = await fetch(asked, { headers: { "Accept-Language": document.documentElement.lang } });
    status = `${response.status} ${response.statusText}`;
    body = indented(await response.text());
  } catch (error) {
    body = String(error);
  }
  answer.querySelector(".status").textContent = status;
  answer.querySelector(".took").textContent = `${Math.round(performance.now() - begun)} ms`;
  answer.querySelector("pre").textContent = body;
  answer.hidden = false;
}

/** Opens the route that the address of the page names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(event.target);
});
addEventListener("hashchange", openNamed);
openNamed();
