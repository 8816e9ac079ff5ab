// Small helpers for making elements. Everything a person or the bot wrote goes in as text, never as markup.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && !name.includes("-") && name !== "list") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const $ = (selector, root = document) => root.querySelector(selector);

const ICONS = {
  back: "M15 5l-7 7 7 7", more: "M5 12h.01M12 12h.01M19 12h.01", plus: "M12 5v14M5 12h14", close: "M6 6l12 12M18 6L6 18",
  reply: "M10 7L4 13l6 6M4 13h10a6 6 0 0 1 6 6", undo: "M9 8H5V4M5 8a8 8 0 1 1-1 6", send: "M5 12l15-7-5 15-3-6z",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5", down: "M12 5v14M6 13l6 6 6-6",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7", copy: "M9 9h11v11H9zM5 15V4h11",
  gear: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4v6M9 14v6", clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  group: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19a6 6 0 0 1 12 0M16 5.5a3 3 0 0 1 0 5.5M17 13.5a6 6 0 0 1 4 5.5",
  chat: "M4 5h16v11H9l-5 4z",
};

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" }, svg("path", { d: ICONS[name] }));
}

// A round picture of a person: the last character of the name, as Chinese apps do; the bot is a square one.
const LATIN = /\p{Script=Latin}/u;

// 李四 is known by 四, Emma by E.
export function avatar(id, name, size = "") {
  const letters = [...name.replace(/[（(].*$/, "").trim()];
  const sign = (LATIN.test(letters[0] || "") ? letters[0] : letters.at(-1)) || "?";
  if (id === "bot") return h("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, botFace());
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.codePointAt(0)) % 997;
  return h("span", { class: `avatar c${sum % 7} ${size}`, "aria-hidden": "true" }, sign.toUpperCase());
}

// The same as icon.svg, drawn here so that it is there without a connection.
function botFace() {
  return svg("svg", { viewBox: "0 0 64 64" },
    svg("rect", { width: 64, height: 64, fill: "#1f5fd0" }),
    svg("path", { d: "M16 36l11 11 22-27", fill: "none", stroke: "#fff", "stroke-width": 7, "stroke-linecap": "round", "stroke-linejoin": "round" }),
    svg("circle", { cx: 16, cy: 20, r: 4, fill: "#9cc3ff" }));
}

export const bdi = (text, cls) => h("bdi", cls ? { class: cls } : {}, text);

export function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 1048576 ? `${Math.round(size / 1024)} KB` : `${(size / 1048576).toFixed(1)} MB`;
}

let lastId = 0;
export const newId = (prefix) => `${prefix}-${++lastId}`;

// True for a key that belongs to the input method: Safari ends the composition before the keydown, hence 229.
export const composing = (event) => event.isComposing || event.keyCode === 229;

const LINK = /https?:\/\/[^\s<>"'“”‘’「」『』《》【】，。、；：！？（）…\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
const CLOSING = { ")": "(", "]": "[", "}": "{" };
const WHOLE = /\d{4}-\d\d?-\d\d?|\d\d?-\d\d?|\/\p{L}{1,12}/gu;

// Pieces from the server → nodes: words, links, and people.
export function words(pieces, me) {
  return pieces.map((piece) => {
    if (typeof piece === "string") return linked(piece);
    const mine = piece.at === me ? " me" : "";
    return h("span", { class: `at${mine}` }, bdi(`@${piece.name}`));
  });
}

function linked(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const href = address(match[0]);
    if (href.endsWith("//")) continue;
    nodes.push(...unbroken(text.slice(done, match.index)), h("a", { href, target: "_blank", rel: "noopener noreferrer" }, href));
    done = match.index + href.length;
  }
  return [...nodes, ...unbroken(text.slice(done))];
}

// Without what ends the sentence around it: a stop, a bracket that was opened before it.
function address(found) {
  const extra = {};
  for (const [close, open] of Object.entries(CLOSING)) extra[close] = found.split(close).length - found.split(open).length;
  let end = found.length;
  for (; end; end--) {
    const last = found[end - 1];
    if (extra[last] > 0) extra[last]--;
    else if (!".,;:!?*~`|".includes(last)) break;
  }
  return found.slice(0, end);
}

// A line does not end within a date, nor behind the stroke of a command.
function unbroken(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(WHOLE)) {
    nodes.push(text.slice(done, match.index), h("span", { class: "whole" }, match[0]));
    done = match.index + match[0].length;
  }
  return [...nodes, text.slice(done)];
}
