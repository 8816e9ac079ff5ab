// Who I am: a row of pictures, one press to become somebody else, with what waits for each of them.

import { $, avatar, bdi, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { nameOf, on, state } from "./store.js";

export function people({ become, addPerson }) {
  const strip = $("#who"), sheet = $("#who-sheet"), mine = $("#who-me");

  const chip = (person) => {
    const chosen = person.id === state.me;
    const label = person.unread ? `${person.label}，${t("unread_n", { n: person.unread })}` : person.label;
    return h("button", {
      class: `chip${chosen ? " chosen" : ""}`, type: "button", role: "radio", "aria-checked": String(chosen), "aria-label": label,
      tabIndex: chosen ? 0 : -1, data: { person: person.id }, onclick: () => become(person.id),
    },
    h("span", { class: "chip-face" }, avatar(person.id, person.name), badge(person.unread)),
    h("span", { class: "chip-name" }, bdi(person.label)));
  };

  const fill = (box) => {
    const focused = box.contains(document.activeElement) ? document.activeElement.dataset.person : "";
    const all = [...state.people.values()];
    const plus = h("button", { class: "chip add", type: "button", onclick: addPerson },
      h("span", { class: "chip-face" }, h("span", { class: "avatar plus" }, icon("plus"))),
      h("span", { class: "chip-name" }, t("add_person")));
    const row = h("div", { class: "chips", role: "radiogroup", "aria-label": t("switch_who") }, all.map(chip));
    row.addEventListener("keydown", (event) => walk(event, row));
    box.replaceChildren(h("span", { class: "who-label", "aria-hidden": "true" }, t("i_am")), row, plus);
    if (focused) row.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus();
  };

  const walk = (event, row) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const all = [...row.querySelectorAll(".chip")];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  };

  const draw = () => {
    fill(strip);
    fill($(".sheet-body", sheet));
    const waiting = [...state.people.values()].some((one) => one.unread && one.id !== state.me);
    mine.replaceChildren(avatar(state.me, nameOf(state.me), "small"), h("span", { class: "sr-only" }, `${t("i_am")} ${nameOf(state.me)}，${t("switch_who")}`), waiting ? h("span", { class: "dot" }) : "");
  };

  mine.addEventListener("click", () => sheet.showModal());
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest(".chip")) sheet.close();
  });
  on("people language", draw);
  on("became", () => $(".chip.chosen", strip)?.scrollIntoView({ inline: "nearest", block: "nearest" }));
}

export function badge(count, called = false) {
  if (!count) return null;
  return h("span", { class: `badge${called ? " called" : ""}`, "aria-hidden": "true" }, count > 99 ? "99+" : String(count));
}
