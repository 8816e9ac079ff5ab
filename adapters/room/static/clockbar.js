// The demo's clock: what time it is for the bot, and buttons that let time pass.

import { $, h, icon } from "./dom.js";
import { toast } from "./dialogs.js";
import { clock, day, t } from "./i18n.js";
import { on, state } from "./store.js";

const HOUR = 3600;

// The year may be left out where there is little room.
function stamp(iso) {
  return `${day(iso)} ${clock(iso)}`.split(/(\d{4}-)/).map((part) => (/^\d{4}-$/.test(part) ? h("span", { class: "year" }, part) : part));
}

// ask(op, args): see manage.js
export function clockbar(ask) {
  const bar = $("#clock");
  let seen = false; // that it was running, so that only those who watched are told how it ended

  const draw = () => {
    const now = state.clock;
    bar.hidden = !now.machine;
    if (!now.machine) return;
    const focused = bar.contains(document.activeElement) ? document.activeElement.dataset.key : "";
    const jump = (key, args, cls = "") => h("button", {
      class: `button small ${cls}`, type: "button", disabled: now.running, data: { key }, onclick: () => ask("time", args),
    }, t(key));
    bar.classList.toggle("running", now.running);
    bar.replaceChildren(
      h("span", { class: "clock-now", title: t("virtual") }, icon("clock"), h("span", { class: "clock-label" }, t("virtual")),
        h("time", { dateTime: now.now }, stamp(now.now))),
      h("span", { class: "clock-buttons" }, jump("next_reminder", {}, "primary"), jump("plus_hour", { seconds: HOUR }), jump("plus_day", { seconds: 24 * HOUR })),
      h("span", { class: "clock-state", role: "status" }, now.running ? t("time_runs") : ""));
    if (focused) bar.querySelector(`[data-key="${focused}"]`)?.focus();
    if (!now.running && now.outcome && seen) toast(t(`time_${now.outcome}`), now.outcome === "failed" ? "bad" : "");
    seen = now.running;
  };

  on("clock language", draw);
}
