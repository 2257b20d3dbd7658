// One key for each act, everywhere, and the sheet that lists them.
//
// Never while somebody writes or a dialog is open, never with Ctrl, Alt or Meta; compared by the
// character, so that it holds on every layout. Everyone can turn it off (WCAG 2.1.4).
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const seen = (element) => element && element.getClientRects().length ? element : null;
  const first = (selector) => Array.from(document.querySelectorAll(selector)).find(seen);
  const press = (selector) => { const found = first(selector); if (found) { found.focus(); found.click(); } return Boolean(found); };
  const links = () => Array.from(document.querySelectorAll("#conversation-list .row-link")).filter(seen);

  // The next or previous row opens, and keeps the focus: j j j reads on.
  function step(by, wanted = () => true) {
    const all = links();
    let at = all.indexOf(document.activeElement);
    if (at < 0) at = all.findIndex((link) => link.getAttribute("aria-current"));
    for (let next = at < 0 && by < 0 ? all.length - 1 : at + by; next >= 0 && next < all.length; next += by)
      if (wanted(all[next])) { open(all[next]); return true; }
    return false;
  }

  function open(link) {
    link.focus();
    link.scrollIntoView({ block: "nearest" });
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
  }

  const isUnread = (link) => link.closest(".row-card").classList.contains("is-unread");

  function write(kind) {
    const composer = first(".composer");
    if (!composer) return false;
    const choice = composer.querySelector(`input[name=tipo][value="${kind}"]`);
    if (!choice) return press(".take-button");
    if (!choice.checked) choice.click();
    composer.querySelector(".composer-text").focus();
    return true;
  }

  const ACTS = {
    j: () => step(1),
    k: () => step(-1),
    u: () => step(1, isUnread) || open1(links().find(isUnread)),
    r: () => write(""),
    n: () => write("nota"),
    a: () => press(".take-button") || press("#act-assign"),
    e: () => press(".owner-actions button[id^='close-']"),
    l: () => press("#act-label"),
    p: () => press("#act-priority"),
    s: () => press("#act-snooze"),
    f: () => press("#filter-open"),
    v: () => press("#views-open"),
    i: () => press("#context-toggle"),
    z: () => undo(),
    "/": () => search(),
    "?": () => help(),
  };
  const open1 = (link) => link ? (open(link), true) : false;

  function search() {
    const box = seen(byId("topline-search")) || seen(byId("search-text"));
    if (!box) return press(".topline-search-link");
    box.focus();
    box.select();
    return true;
  }

  // What the newest notice offers to take back.
  function undo() {
    const offers = Array.from(document.querySelectorAll(".toast-note :is(.toast-undo, .batch-undo)")).filter(seen);
    offers.at(-1)?.click();
    return offers.length > 0;
  }

  function help() {
    const sheet = byId("shortcut-sheet");
    if (!sheet) return false;
    if (sheet.open) sheet.close();
    else sheet.showModal();
    return true;
  }

  const writes = (element) => element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName)
    || (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit|range)$/.test(element.type));
  const isOff = () => byId("bell-state")?.dataset.shortcuts === "off";

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.isComposing || event.key === "Dead" || event.repeat && !"jk".includes(event.key)) return;
    const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.shiftKey && event.key !== "?") || isOff() || writes(event.target)) return;
    const dialog = document.querySelector("dialog[open]");
    if (dialog && !(event.key === "?" && dialog.id === "shortcut-sheet")) return;
    if (document.querySelector(".bell-panel:popover-open") && event.key !== "?") return;
    if (act()) event.preventDefault();
  });

  // Out of the text and back to the keys. On the window: what is open above the text closes first.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !event.target.matches?.(".composer-text")) return;
    byId("thread-scroll")?.focus();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-shortcuts]")) help();
    if (event.target.id === "shortcut-sheet" || event.target.closest("[data-close-sheet]")) byId("shortcut-sheet").close();
  });

  // ── Said to who listens ────────────────────────────────────────────────────────────────────
  // Which key presses what, on the thing itself; nothing while the keys are off.
  const KEYS = { "#act-label": "L", "#act-priority": "P", "#act-snooze": "S", "#filter-open": "F", "#views-open": "V", "#context-toggle": "I",
    ".take-button": "A", ".owner-actions button[id^='close-']": "E", ".composer-radio[value='']": "R", ".composer-radio[value='nota']": "N",
    "#topline-search": "/ Control+K", "#search-text": "/", "button[data-shortcuts]": "?", ".toast-undo, .batch-undo": "Z" };

  function name() {
    const off = isOff();
    const assign = byId("act-assign");
    for (const [selector, key] of Object.entries(KEYS))
      for (const element of document.querySelectorAll(selector)) tell(element, off ? key.replace(/^\S$|^\/ /, "") : key);
    if (assign) tell(assign, off || first(".take-button") ? "" : "A");
  }

  function tell(element, key) {
    if (!key) element.removeAttribute("aria-keyshortcuts");
    else if (element.getAttribute("aria-keyshortcuts") !== key) element.setAttribute("aria-keyshortcuts", key);
  }

  document.addEventListener("guiche:settled", name);
  name();

  Object.assign(window.guiche, { help, keysAreOff: isOff });
})();
