// Things over the page: short messages, a large picture, settings, a menu for one message.

import { drawn } from "./cards.js";
import { $, h, icon } from "./dom.js";
import { lang, setLanguage, t } from "./i18n.js";
import { emit, remember, remembered } from "./store.js";

export function toast(line, kind = "") {
  if (!line) return;
  const node = h("div", { class: `toast ${kind}` }, h("bdi", {}, line));
  const box = $("#toasts");
  while (box.children.length > 2) box.firstChild.remove();
  box.append(node);
  setTimeout(() => node.remove(), kind === "bad" ? 8000 : 4000);
}

// A dialog with a title and a close button. fill(box, close) puts its content in.
export function dialog(title, fill, cls = "") {
  const close = () => node.close();
  const box = h("div", { class: "dialog-body" });
  const node = h("dialog", { class: `dialog ${cls}`, "aria-label": title },
    h("div", { class: "dialog-head" }, h("h2", {}, h("bdi", {}, title)),
      h("button", { class: "tool", type: "button", "aria-label": t("close"), title: t("close"), onclick: close }, icon("close"))),
    box);
  node.addEventListener("click", (event) => event.target === node && close());
  node.addEventListener("close", () => node.remove());
  fill(box, close);
  document.body.append(node);
  node.showModal();
  node.querySelector("[autofocus]")?.focus();
  return node;
}

export function pictureLarge(block) {
  dialog(t("picture"), (box) => box.append(...drawn(block), h("p", { class: "quiet" }, block.twin)), "wide");
}

export function settings() {
  const node = dialog(t("settings"), (box) => {
    const choice = (title, name, options, value, take) => h("fieldset", { class: "field" }, h("legend", {}, title),
      h("div", { class: "pills" }, options.map(([one, label]) => h("label", { class: "pill" },
        h("input", { type: "radio", name, value: one, checked: one === value, onchange: () => take(one) }), label))));
    const language = choice(t("language"), "language", [["zh", "中文"], ["en", "English"]], lang(), (value) => {
      remember("language", value);
      setLanguage(value);
      emit("language");
      node.close();
      settings();
    });
    const theme = choice(t("theme"), "theme", ["auto", "light", "dark"].map((one) => [one, t(one)]), remembered("theme") || "auto", (value) => {
      remember("theme", value);
      dispatchEvent(new Event("jindu-theme"));
    });
    box.append(language, theme, h("p", { class: "quiet" }, t("keys")), h("p", { class: "quiet" }, t("shortcuts")));
  });
}

// On a phone: press a message for long and choose.
export function messageMenu(message, items) {
  dialog(t("actions"), (box, close) => {
    for (const [label, sign, work] of items) {
      box.append(h("button", { class: "menu-row", type: "button", onclick: () => { close(); work(); } }, icon(sign), label));
    }
  }, "sheet");
}

export function longPress(box, found) {
  let timer = 0, start = null;
  const stop = () => clearTimeout(timer);
  box.addEventListener("pointerdown", (event) => {
    const node = event.pointerType === "mouse" ? null : event.target.closest("article");
    if (!node || event.target.closest("input, textarea, select")) return;
    start = [event.clientX, event.clientY];
    timer = setTimeout(() => found(node.dataset.id), 500);
  });
  box.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start[0], event.clientY - start[1]) > 10) stop();
  });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, stop);
  box.addEventListener("contextmenu", (event) => event.pointerType === "touch" && event.preventDefault());
}
