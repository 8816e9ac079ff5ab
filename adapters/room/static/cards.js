// The bot's cards: paragraphs, buttons, tables, pictures, files. Forms have a file of their own.

import { bytes, h, icon, words } from "./dom.js";
import { form } from "./forms.js";
import { t } from "./i18n.js";
import { state } from "./store.js";

const SIGNS = { good: "✓", warn: "!", bad: "‼" };

// act: { press(message, button, wait) → Promise, send(message, form, fields) → Promise, picture(block) }
export function card(message, act) {
  const shown = message.card;
  const blocks = rows(shown.blocks).map((row) => {
    const nodes = row.map((block) => draw(block, message, act));
    if (row.some(wayOut)) return h("div", { class: "way-out" }, nodes);
    return nodes.length > 1 ? h("div", { class: "together" }, nodes) : nodes;
  });
  const title = shown.title ? h("h3", { class: "card-title", dir: "auto" }, words(shown.title, state.me)) : null;
  const sign = SIGNS[shown.tone] ? tone(shown.tone) : null;
  const plain = shown.text && !sign ? " plain" : "";
  return h("div", { class: `card tone-${shown.tone}${plain}` },
    sign || title ? h("div", { class: "card-head" }, sign, title) : null,
    h("div", { class: "card-body" }, blocks));
}

// A form's button stands in one row with the buttons beside it, what turns a reminder off beside the reminder's name.
function rows(blocks) {
  const pressable = (block) => block.kind === "buttons" || (block.kind === "form" && block.opener);
  return blocks.reduce((all, block) => {
    const before = all.at(-1);
    if (before && wayOut(block) ? before[0].quiet : before && pressable(block) && pressable(before[0])) before.push(block);
    else all.push([block]);
    return all;
  }, []);
}

const wayOut = (block) => block.kind === "buttons" && block.buttons.every((one) => one.verb === "push.mute");

function tone(name) {
  const label = t(`tone_${name}`);
  return h("span", { class: "tone-sign" }, h("span", { "aria-hidden": "true" }, SIGNS[name]), h("span", {}, label));
}

function draw(block, message, act) {
  switch (block.kind) {
    case "paragraph": return paragraph(block);
    case "buttons": return buttons(block, message, act);
    case "table": return table(block);
    case "form": return form(block, message, act);
    case "picture": return picture(block, act);
    case "attachment": return attachment(block.href, block.name, block.size);
    default: return null;
  }
}

function paragraph(block) {
  return h("p", { class: block.quiet ? "quiet" : "", dir: "auto" }, words(block.text, state.me));
}

function buttons(block, message, act) {
  const row = h("div", { class: "buttons" });
  block.buttons.forEach((one, number) => {
    const key = `${one.verb} ${one.args.join(" ")} ${number}`;
    const button = h("button", { class: `button ${one.style}`, type: "button", data: { key } }, h("bdi", {}, one.label));
    button.addEventListener("click", () => busy(button, row, () => act.press(message, one)));
    row.append(button);
  });
  return row;
}

// While one button works the whole row rests; whatever happens it becomes usable again. The button that works is not
// disabled, only deaf: a disabled one would lose the keyboard's focus.
export async function busy(button, row, work) {
  if (row.querySelector(".busy")) return;
  const all = [...row.querySelectorAll("button")].filter((one) => one !== button);
  all.forEach((one) => (one.disabled = true));
  button.setAttribute("aria-disabled", "true");
  button.classList.add("busy");
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    all.forEach((one) => (one.disabled = false));
    button.classList.remove("busy");
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

function table(block) {
  const cell = (tag, pieces) => h(tag, { dir: "auto", ...(tag === "th" ? { scope: "col" } : {}) }, words(pieces, state.me));
  const head = block.header.length ? h("thead", {}, h("tr", {}, block.header.map((one) => cell("th", one)))) : null;
  const body = h("tbody", {}, block.rows.map((row) => h("tr", {}, row.map((one) => cell("td", one)))));
  return h("div", { class: "table-frame", tabindex: "0", role: "group" }, h("table", {}, head, body));
}

function picture(block, act) {
  const images = drawn(block);
  const frame = h("button", { class: "picture", type: "button", title: t("picture"), onclick: () => act.picture(block) }, images);
  for (const image of images) image.addEventListener("error", () => frame.replaceWith(h("p", { class: "quiet" }, block.twin)));
  return frame;
}

// The picture, and its twin for the dark theme where there is one; the style sheet shows one of them.
export function drawn(block) {
  const image = (src, theme) => h("img", { src, alt: block.twin, loading: "lazy", class: theme });
  return block.dark ? [image(block.src, "in-light"), image(block.dark, "in-dark")] : [image(block.src, "")];
}

export function attachment(href, name, size) {
  return h("a", { class: "file", href, download: name },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-name" }, h("bdi", {}, name), h("span", { class: "quiet" }, bytes(size))),
    h("span", { class: "file-down" }, icon("down"), h("span", { class: "sr-only" }, t("download"))));
}
