// What can be done with a message that is there: one menu for all bubbles, and the dialog that edits.
(() => {
  "use strict";
  const { apply, toast } = window.guiche;
  const { send, shownId } = window.guiche.desk;
  const me = window.guiche.me;
  const byId = (id) => document.getElementById(id);
  const menu = () => byId("bubble-menu");
  const seen = (element) => element && element.getClientRects().length > 0;
  const isMine = () => document.querySelector(".composer")?.dataset.mine === "1";
  const textOf = (message) => message?.querySelector(":scope > .bubble .message-body")?.textContent || "";
  const isStill = (moment) => Boolean(moment) && Date.parse(moment) > Date.now();
  let chosen = ""; // the id of the bubble whose menu is open

  const canEdit = (message) => isMine() && message.dataset.by === me && isStill(message.dataset.editableUntil);
  const OFFERS = {
    react: (message) => isMine() && "reacts" in message.dataset,
    quote: (message) => Boolean(message.querySelector("[data-quote]")),
    copy: (message) => Boolean(textOf(message)),
    edit: canEdit,
    delete: (message) => isMine() && isStill(message.dataset.deletableUntil),
  };

  // ── The menu ───────────────────────────────────────────────────────────────────────────────
  function open(button) {
    const message = button.closest(".message");
    const list = menu();
    for (const entry of list.querySelectorAll("[data-entry]")) entry.hidden = !OFFERS[entry.dataset.entry](message);
    if (!list.querySelector("[data-entry]:not([hidden])")) return;
    for (const one of list.querySelectorAll("[data-react]"))
      one.setAttribute("aria-checked", String(one.dataset.react === message.dataset.reaction));
    chosen = message.id;
    list.showPopover({ source: button });
    place(list, button);
    button.setAttribute("aria-expanded", "true");
    entries()[0]?.focus();
  }

  // Below the button or above it, and never beside the screen.
  function place(list, button) {
    const at = button.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    const below = at.bottom + 4 + height <= innerHeight;
    list.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - 4 - height)}px`;
    list.style.left = `${Math.min(Math.max(8, at.left), innerWidth - width - 8)}px`;
  }

  const entries = () => Array.from(menu().querySelectorAll("[role^=menuitem]")).filter(seen);
  const buttonOf = (id) => byId(id)?.querySelector("[data-message-menu]");

  function close(back = true) {
    const list = menu();
    if (!list?.matches(":popover-open")) return;
    list.hidePopover();
    if (back) buttonOf(chosen)?.focus();
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.id !== "bubble-menu" || event.newState !== "closed") return;
    for (const button of document.querySelectorAll("[data-message-menu][aria-expanded=true]")) button.setAttribute("aria-expanded", "false");
  }, true);
  document.addEventListener("scroll", (event) => { if (event.target.id === "thread-scroll") close(false); }, true);

  document.addEventListener("keydown", (event) => {
    if (!event.target.closest?.("#bubble-menu")) return;
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const isReaction = (entry) => entry?.classList.contains("menu-reaction");
    const firstBelow = all.findIndex((entry) => !isReaction(entry));
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: isReaction(all[at]) && firstBelow > 0 ? firstBelow : at + 1, ArrowUp: at === firstBelow && firstBelow > 0 ? 0 : at - 1, Home: 0, End: all.length - 1 };
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); return close(); }
    if (event.key === "Tab") return close();
    if (!(event.key in steps)) return;
    event.preventDefault();
    all[(steps[event.key] + all.length) % all.length]?.focus();
  });

  // ── What the server is asked ───────────────────────────────────────────────────────────────
  // The owner's version as it was when I chose: whoever was faster is named.
  const seenVersion = () => byId(`desk-${shownId()}`)?.dataset.version || "0";

  async function ask(url, method, fields = {}) {
    const failed = menu()?.dataset.failed;
    const answer = await send(url, method, { versao: seenVersion(), ...fields }).catch(() => null);
    if (answer?.ok) { apply(await answer.text()); return ""; }
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    return page?.querySelector("[data-toast]")?.textContent || failed;
  }

  async function tell(...request) {
    const fault = await ask(...request);
    if (fault) toast(fault);
  }

  const address = (id, more = "") => `${menu().dataset.messages}/${id.replace("message-", "")}${more}`;

  // The same emoji again takes it away.
  function react(id, emoji) {
    const present = byId(id)?.dataset.reaction;
    if (emoji === present) tell(address(id, "/reacao"), "DELETE");
    else tell(address(id, "/reacao"), "PUT", { emoji });
  }

  const DOES = {
    quote: (message) => message.querySelector("[data-quote]").click(),
    copy: (message) => navigator.clipboard.writeText(textOf(message)).then(() => toast(menu().dataset.copied)),
    edit: (message) => edit(message),
    delete: (message) => tell(address(message.id), "DELETE"),
  };

  // ── Another emoji: the composer's picker, for once not for its text ────────────────────────
  let reactsTo = "";
  document.addEventListener("guiche:emoji", (event) => {
    if (!reactsTo) return;
    event.preventDefault();
    react(reactsTo, event.detail);
    buttonOf(reactsTo)?.focus();
    reactsTo = "";
  });
  document.addEventListener("guiche:emoji-closed", () => { reactsTo = ""; });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-message-menu]");
    if (button) return open(button);
    const entry = event.target.closest("#bubble-menu [role^=menuitem]");
    const message = byId(chosen);
    if (entry && message) {
      close();
      if (entry.dataset.react) return react(chosen, entry.dataset.react);
      if ("reactMore" in entry.dataset) {
        event.stopPropagation();
        const target = chosen;
        window.guiche.emoji.open(document.querySelector(".composer")).then(() => { reactsTo = target; });
        return;
      }
      return DOES[entry.dataset.entry](message);
    }
    const again = event.target.closest("[data-try-act]");
    if (again) tell(again.dataset.tryAct, "POST");
    const drop = event.target.closest("[data-drop-act]");
    if (drop) tell(drop.dataset.dropAct, "DELETE");
  });

  // ── Editing ────────────────────────────────────────────────────────────────────────────────
  let edited = "";
  const dialog = () => byId("edit-message");
  const field = () => byId("edit-message-text");

  function edit(message) {
    edited = message.id;
    field().value = textOf(message);
    showFault("");
    dialog().showModal();
    field().focus();
    field().setSelectionRange(field().value.length, field().value.length);
  }

  function showFault(text) {
    const place = dialog().querySelector(".edit-message-fault");
    place.textContent = text;
    place.hidden = !text;
  }

  async function save() {
    const text = field().value.trim();
    if (!text) return field().focus();
    const fault = await ask(address(edited, "/texto"), "PUT", { texto: text });
    if (fault) return showFault(fault);
    dialog().close();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#edit-message")) return;
    event.preventDefault();
    save();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-edit-cancel]") || event.target.id === "edit-message") dialog().close(); });
  document.addEventListener("close", (event) => { if (event.target.id === "edit-message") buttonOf(edited)?.focus(); }, true);

  // Up in an empty composer: the last thing I sent, as everywhere. Enter saves as it sends.
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.target.id === "edit-message-text" && event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      return save();
    }
    const isEmpty = event.target.classList?.contains("composer-text") && !event.target.value;
    if (event.key !== "ArrowUp" || !isEmpty || event.defaultPrevented || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const last = Array.from(document.querySelectorAll("#thread > .message.is-out")).filter(canEdit).pop();
    if (!last) return;
    event.preventDefault();
    edit(last);
  });
})();
