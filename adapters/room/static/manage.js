// Making groups and people, and changing a group.

import { avatar, bdi, h } from "./dom.js";
import { dialog } from "./dialogs.js";
import { t } from "./i18n.js";
import { fullName, nameOf, on, state } from "./store.js";

const field = (label, control) => h("label", { class: "field" }, h("span", {}, label), control);
const text = (props = {}) => h("input", { type: "text", maxLength: 40, autocomplete: "off", ...props });

function tick(person, checked, disabled = false) {
  const box = h("input", { type: "checkbox", value: person.id, checked, disabled });
  return h("label", { class: "tick-row" }, box, avatar(person.id, person.name, "small"), bdi(fullName(person)));
}

const ticked = (node) => [...node.querySelectorAll("input:checked")].map((one) => one.value);

function sending(node, work) {
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = node.querySelector("[type=submit]");
    button.disabled = true;
    await work();
    button.disabled = false;
  });
  return node;
}

// ask(op, args): sends, shows a refusal, and returns the reply or null.
export function addPerson(ask, become) {
  dialog(t("add_person"), (box, close) => {
    const name = text({ autofocus: true, required: true }), department = text();
    box.append(sending(h("form", { class: "form" }, field(t("name"), name), field(t("department"), department),
      h("div", { class: "buttons" }, h("button", { class: "button primary", type: "submit" }, t("add")))), async () => {
      const full = department.value.trim() ? `${name.value}（${department.value.trim()}）` : name.value;
      const reply = await ask("person", { name: full });
      if (reply) {
        close();
        become(reply.id);
      }
    }));
  });
}

export function newGroup(ask, open) {
  dialog(t("new_group"), (box, close) => {
    const name = text({ autofocus: true, required: true });
    const people = h("div", { class: "ticks" }, [...state.people.values()].map((one) => tick(one, true, one.id === state.me)));
    const bot = h("input", { type: "checkbox", checked: true });
    box.append(sending(h("form", { class: "form" }, field(t("group_name"), name),
      h("fieldset", { class: "field" }, h("legend", {}, t("group_members")), people),
      h("label", { class: "tick-row" }, bot, avatar("bot", state.bot.name, "small"), bdi(t("invite_bot", { bot: state.bot.name }))),
      h("div", { class: "buttons" }, h("button", { class: "button primary", type: "submit" }, t("create")))), async () => {
      const reply = await ask("group", { name: name.value, people: ticked(people), bot: bot.checked });
      if (reply) {
        close();
        open(reply.id, true);
      }
    }));
  });
}

export function manage(ask, chatId) {
  const rename = (here) => {
    const name = text({ value: here.name, required: true });
    const button = h("button", { class: "button", type: "submit" }, t("rename"));
    return sending(h("form", { class: "form inline" }, field(t("group_name"), name), button),
      () => ask("rename", { chat: chatId, name: name.value }));
  };

  const members = (here) => {
    const bot = h("li", { class: "member" }, avatar("bot", state.bot.name, "small"), bdi(state.bot.name),
      h("span", { class: "quiet" }, here.bot ? t("bot") : t("bot_absent")),
      h("button", { class: `button ${here.bot ? "" : "primary"}`, type: "button", onclick: () => ask("bot", { chat: chatId, here: !here.bot }) },
        here.bot ? t("bot_out") : t("bot_in")));
    const rows = here.members.map((id) => h("li", { class: "member" }, avatar(id, nameOf(id), "small"), bdi(nameOf(id)),
      h("span", { class: "quiet" }, [id === here.owner ? t("owner") : "", id === state.me ? t("me_mark") : ""].join(" ")),
      h("button", { class: "button", type: "button", onclick: () => ask("remove", { chat: chatId, person: id }) },
        id === state.me ? t("leave") : t("remove"), h("span", { class: "sr-only" }, nameOf(id)))));
    return h("section", {}, h("h3", {}, `${t("group_members")} ${here.members.length}`), h("ul", { class: "members" }, bot, rows));
  };

  const adding = (here) => {
    const others = [...state.people.values()].filter((one) => !here.members.includes(one.id));
    if (!others.length) return "";
    const ticks = h("div", { class: "ticks" }, others.map((one) => tick(one, false)));
    return sending(h("form", { class: "form" }, h("h3", {}, t("add_members")), ticks,
      h("div", { class: "buttons" }, h("button", { class: "button primary", type: "submit" }, t("add")))), async () => {
      const people = ticked(ticks);
      if (people.length) await ask("add", { chat: chatId, people });
    });
  };

  const danger = (here, close) => {
    const button = h("button", { class: "button danger", type: "button" }, t("dissolve"));
    button.addEventListener("click", async () => {
      if (button.dataset.sure && (await ask("dissolve", { chat: chatId }))) close();
      button.dataset.sure = "yes";
      button.textContent = t("dissolve_sure");
    });
    return h("div", { class: "buttons" }, button);
  };

  let closed = false;
  const node = dialog(t("manage"), (box, close) => {
    const draw = () => {
      const here = state.chats.get(chatId);
      if (!here || closed) return close();
      return box.replaceChildren(rename(here), members(here), adding(here), danger(here, close));
    };
    draw();
    on("chats", () => closed || draw());
  });
  node.addEventListener("close", () => (closed = true));
}
