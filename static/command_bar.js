// The command bar on Ctrl-K: what can be done here, the pages, conversations and contacts.
//
// What can be done is read off the page: the buttons in sight with `data-action`, and a few others.
// Contacts and conversations come from the same quick answers as the box in the top line.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const bar = byId("command-bar");
  if (!bar) return;
  const text = byId("command-text");
  const list = byId("command-list");
  const MOST = 8;
  const RECENT = "guiche-recent";
  let before = null;
  let at = -1;
  let asked = 0;
  let timer = null;

  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const inSight = (element) => element.getClientRects().length > 0;
  const nameOf = (element) => (element.getAttribute("aria-label") || element.textContent).replace(/\s+/g, " ").trim();

  // How well words fit: all typed words begin words of it, or its letters come in order; -1: not.
  function fit(name, typed) {
    const there = plain(name);
    const words = typed.split(" ").filter(Boolean);
    if (words.every((word) => (` ${there}`).includes(` ${word}`))) return 3;
    if (words.every((word) => there.includes(word))) return 2;
    let place = -1;
    for (const letter of typed.replaceAll(" ", "")) {
      place = there.indexOf(letter, place + 1);
      if (place < 0) return -1;
    }
    return 1;
  }

  // ── What there is to choose ────────────────────────────────────────────────────────────────
  function acts() {
    const inReach = (names) => Array.from(document.querySelectorAll(names));
    // What a conversation asks for first, the list of shortcuts last.
    const buttons = new Set([".take-button", "[data-act-on]", ".owner-actions button",
      "[data-action]:is(button, a), #context-toggle", "button[data-shortcuts]"].flatMap(inReach));
    const found = new Map();
    for (const button of buttons) {
      const name = nameOf(button);
      if (name && !button.disabled && (inSight(button) || button.matches("[data-shortcuts]")) && !bar.contains(button) && !found.has(name))
        found.set(name, { name, group: bar.dataset.acts, run: () => { button.focus(); button.click(); } });
    }
    return [...found.values()];
  }

  const pages = () => Array.from(document.querySelectorAll("a.rail-link, .topline .dropdown-menu a.dropdown-item"),
    (link) => ({ name: nameOf(link), group: bar.dataset.pages, href: link.getAttribute("href") }));

  const recents = () => JSON.parse(localStorage.getItem(RECENT) || "[]").map((one) => ({ ...one, group: bar.dataset.recents }));

  function remember(choice) {
    if (!choice.href) return;
    const kept = JSON.parse(localStorage.getItem(RECENT) || "[]").filter((one) => one.href !== choice.href);
    localStorage.setItem(RECENT, JSON.stringify([{ name: choice.name, detail: choice.detail, href: choice.href }, ...kept].slice(0, 5)));
  }

  // ── Showing and choosing ───────────────────────────────────────────────────────────────────
  let shown = [];
  function show(choices) {
    const chosen = shown[at];
    shown = choices;
    list.replaceChildren();
    let group = "";
    choices.forEach((choice, number) => {
      if (choice.group !== group) {
        group = choice.group;
        const head = document.createElement("li");
        head.className = "command-head";
        head.setAttribute("role", "presentation");
        head.textContent = group;
        list.append(head);
      }
      const option = document.createElement("li");
      option.id = `command-${number}`;
      option.className = "command-option";
      option.setAttribute("role", "option");
      option.dataset.number = number;
      option.append(choice.name);
      if (choice.detail) {
        const detail = document.createElement("span");
        detail.className = "command-detail";
        detail.textContent = choice.detail;
        option.append(detail);
      }
      list.append(option);
    });
    byId("command-none").hidden = choices.length > 0;
    const again = chosen ? choices.findIndex((one) => one.name === chosen.name && one.href === chosen.href) : -1;
    mark(choices.length ? Math.max(again, 0) : -1);
  }

  function mark(number) {
    at = number;
    for (const option of list.querySelectorAll("[role=option]")) {
      const is = Number(option.dataset.number) === at;
      option.setAttribute("aria-selected", String(is));
      if (is) option.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) text.removeAttribute("aria-activedescendant");
    else text.setAttribute("aria-activedescendant", `command-${at}`);
  }

  function here(typed) {
    if (!typed) return [...acts().slice(0, 12), ...recents(), ...pages()];
    const ranked = [...acts(), ...pages()].map((one) => [fit(one.name, typed), one]).filter(([how]) => how > 0);
    ranked.sort((a, b) => b[0] - a[0]);
    const best = ranked.slice(0, MOST).map(([, one]) => one);
    return [...best.filter((one) => one.run), ...best.filter((one) => one.href)];
  }

  let answers = { typed: "", choices: [] };
  function refresh() {
    const typed = plain(text.value.trim());
    show([...here(typed), ...(typed && answers.typed.startsWith(typed.slice(0, 2)) ? answers.choices : [])]);
    clearTimeout(timer);
    if (typed.length >= 2 && bar.dataset.search) timer = setTimeout(() => look(typed), 150);
    else answers = { typed: "", choices: [] };
  }

  async function look(typed) {
    const turn = (asked += 1);
    const address = new URL(bar.dataset.search, location.href);
    address.searchParams.set("q", text.value.trim());
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || turn !== asked || !bar.open) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked || !bar.open) return;
    let group = "";
    answers = { typed, choices: [] };
    for (const part of found.querySelectorAll(".quick-head, [data-quick-link]")) {
      if (part.matches(".quick-head")) { group = part.textContent.trim(); continue; }
      const words = (name) => part.querySelector(name)?.textContent.replace(/\s+/g, " ").trim();
      answers.choices.push({ group: part.matches(".quick-all") ? bar.dataset.everywhere : group || bar.dataset.everywhere,
        name: words(".quick-name") || nameOf(part), detail: words(".quick-detail"), href: part.getAttribute("href") });
    }
    show([...here(typed), ...answers.choices]);
  }

  function choose(choice) {
    if (!choice) return;
    remember(choice);
    if (choice.run) before = null; // what it does says where the focus goes
    bar.close();
    if (choice.run) return choice.run();
    const row = choice.href.match(/^\/conversas\/(\d+)$/) && document.querySelector(`#row-${choice.href.split("/").pop()} .row-link`);
    if (row) row.click();
    else location.assign(choice.href);
  }

  function open() {
    if (bar.open) return bar.close();
    if (document.querySelector("dialog[open]")) return;
    before = document.activeElement;
    text.value = "";
    at = -1;
    answers = { typed: "", choices: [] };
    bar.showModal();
    text.focus();
    refresh();
  }

  bar.addEventListener("close", () => { asked += 1; clearTimeout(timer); before?.focus?.(); before = null; });
  text.addEventListener("input", () => { at = -1; refresh(); });
  text.addEventListener("keydown", (event) => {
    const last = shown.length - 1;
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageDown: last, PageUp: 0 }[event.key];
    if (to !== undefined && shown.length) { event.preventDefault(); mark(to); }
    else if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); choose(shown[at]); }
  });
  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && Number(option.dataset.number) !== at) mark(Number(option.dataset.number));
  });
  bar.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(shown[Number(option.dataset.number)]);
    else if (event.target === bar) bar.close();
  });

  // Before the box in the top line, which has the same keys for pages without a bar.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  }, { capture: true });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-command-bar]")) open(); });
})();
