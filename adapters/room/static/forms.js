// A card's form: unfolds in place, keeps what was typed when the card is drawn anew, says which field is missing.

import { busy } from "./cards.js";
import { composing, h, newId } from "./dom.js";
import { t } from "./i18n.js";
import { chat, nameOf, state } from "./store.js";

const RADIO_LIMIT = 4;
const drafts = new Map(); // "person message verb" → { open, values: {name: words} }

export function form(block, message, act) {
  const key = `${state.me} ${message.id} ${block.verb}`;
  const draft = drafts.get(key) || { open: !block.opener, values: {} };
  const box = h("div", { class: "form-box" });
  const show = () => box.replaceChildren(...(draft.open ? [open()] : [opener()]));

  const opener = () => h("div", { class: "buttons" }, h("button", {
    class: `button ${led(message) ? "" : "primary"}`, type: "button", "aria-expanded": "false", data: { key: `open ${block.verb}` },
    onclick: () => {
      draft.open = true;
      drafts.set(key, draft);
      show();
      reveal(box);
      box.querySelector("input, textarea, select")?.focus({ preventScroll: true });
    },
  }, block.opener));

  const open = () => {
    const inputs = block.fields.map((field) => input(field, draft.values[field.name] ?? field.value));
    const submit = h("button", { class: "button primary", type: "submit" }, block.submit);
    const row = h("div", { class: "buttons" }, submit, block.opener ? fold() : null);
    const node = h("form", { class: "form", noValidate: true }, inputs.map((one) => one.node), row);
    node.addEventListener("input", () => {
      for (const one of inputs) draft.values[one.name] = one.value();
      drafts.set(key, draft);
    });
    node.addEventListener("keydown", (event) => {
      if (composing(event) && event.key === "Enter") event.preventDefault();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) node.requestSubmit();
    });
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      const missing = inputs.filter((one) => one.check());
      if (missing.length) return missing[0].focus();
      const fields = Object.fromEntries(inputs.map((one) => [one.name, one.value()]));
      return busy(submit, row, async () => {
        if (await act.send(message, block, fields)) {
          drafts.delete(key);
          draft.open = !block.opener;
          draft.values = {};
          if (box.isConnected) show();
        }
      });
    });
    return node;
  };

  const fold = () => h("button", {
    class: "button", type: "button",
    onclick: () => {
      draft.open = false;
      show();
      box.querySelector("button")?.focus();
    },
  }, t("cancel"));

  show();
  return box;
}

// Bring the unfolded form into sight: whole if it fits, else from its first field on.
function reveal(box) {
  const view = box.closest(".messages");
  if (!view) return;
  const [frame, form] = [view.getBoundingClientRect(), box.getBoundingClientRect()];
  const below = form.bottom - frame.bottom + 16, above = form.top - frame.top - 8;
  if (below > 0) view.scrollTop += Math.min(below, above);
}

function input(field, value) {
  const id = newId("field"), hintId = `${id}-hint`, errorId = `${id}-error`;
  const describe = field.hint ? `${hintId} ${errorId}` : errorId;
  const control = kinds[field.input](field, value, id);
  const error = h("p", { class: "field-error", id: errorId });
  for (const one of control.controls) one.setAttribute("aria-describedby", describe);
  const mark = field.required ? h("span", { class: "required" }, ` ${t("form_required")}`) : null;
  const label = control.group
    ? h("legend", {}, h("bdi", {}, field.label), mark)
    : h("label", { for: id }, h("bdi", {}, field.label), mark);
  const hint = field.hint ? h("p", { class: "quiet", id: hintId }, field.hint) : null;
  const node = h(control.group ? "fieldset" : "div", { class: "field" }, label, control.node, hint, error);
  const check = () => {
    const missing = field.required && !control.value().trim();
    error.textContent = missing ? t("form_missing") : "";
    for (const one of control.controls) one.setAttribute("aria-invalid", String(missing));
    return missing;
  };
  return { name: field.name, node, value: control.value, check, focus: () => control.controls[0]?.focus() };
}

const single = (node) => ({ node, controls: [node], value: () => node.value });

const kinds = {
  line: (field, value, id) => single(h("input", { id, type: "text", value, autocomplete: "off", enterkeyhint: "send" })),
  lines: (field, value, id) => single(h("textarea", { id, rows: Math.min(12, Math.max(2, value.split("\n").length)), value })),
  date: (field, value, id) => single(h("input", { id, type: "date", value })),
  person: (field, value, id) => {
    const people = (chat()?.members || []).map((one) => [one, nameOf(one)]);
    return single(select(id, people, value));
  },
  choice: (field, value, id) => {
    if (field.options.length > RADIO_LIMIT) return single(select(id, field.options, value));
    const radios = field.options.map(([one]) => h("input", { type: "radio", name: id, value: one, checked: one === value }));
    const rows = field.options.map(([, label], number) => h("label", { class: "pill" }, radios[number], h("bdi", {}, label)));
    const node = h("div", { class: "pills" }, rows);
    return { node, controls: radios, group: true, value: () => radios.find((one) => one.checked)?.value || "" };
  },
};

function select(id, options, value) {
  const rows = [["", t("choose")], ...options];
  return h("select", { id }, rows.map(([one, label]) => h("option", { value: one, selected: one === value }, label)));
}

// One main way on: a card whose buttons have one does not get a second.
function led(message) {
  return message.card.blocks.some((one) => one.kind === "buttons" && one.buttons.some((each) => each.style === "primary"));
}
