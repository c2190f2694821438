/** Joins lines at ends that exactly two of them share, so that dashes and joins run on. */

export function chained(lines) {
  const ends = new Map();
  lines.forEach((line, i) => {
    for (const key of [endKey(line, 0), endKey(line, 1)]) {
      if (!ends.has(key)) ends.set(key, []);
      ends.get(key).push(i);
    }
  });
  const used = new Array(lines.length).fill(false);
  const chains = [];
  const walk = (first, startsAt) => {
    const parts = [];
    let i = first;
    let from = startsAt;
    while (i >= 0 && !used[i]) {
      used[i] = true;
      parts.push(from === 0 ? lines[i] : reversed(lines[i]));
      const key = endKey(lines[i], 1 - from);
      const here = ends.get(key);
      const next = here.length === 2 ? here[0] + here[1] - i : -1;
      if (next < 0 || used[next]) break;
      from = endKey(lines[next], 0) === key ? 0 : 1;
      i = next;
    }
    chains.push(joined(parts));
  };
  lines.forEach((line, i) => {
    if (used[i]) return;
    const free = [0, 1].find((end) => ends.get(endKey(line, end)).length !== 2);
    if (free !== undefined) walk(i, free);
  });
  lines.forEach((line, i) => {
    if (!used[i]) walk(i, 0);
  });
  return chains;
}

export function isClosed(line) {
  return line.length > 4 && endKey(line, 0) === endKey(line, 1);
}

function endKey(line, end) {
  const at = end ? line.length - 2 : 0;
  return `${line[at]},${line[at + 1]}`;
}

function reversed(line) {
  const back = new Float64Array(line.length);
  for (let i = 0; i < line.length; i += 2) {
    back[i] = line[line.length - 2 - i];
    back[i + 1] = line[line.length - 1 - i];
  }
  return back;
}

function joined(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Float64Array(parts.reduce((n, p) => n + p.length - 2, 2));
  whole.set(parts[0]);
  let at = parts[0].length;
  for (const part of parts.slice(1)) {
    whole.set(part.subarray(2), at);
    at += part.length - 2;
  }
  return whole;
}
