// Choosing an emoji: by name in Portuguese, by kind, or one used lately. Loaded when first opened.
(() => {
  "use strict";
  const { completion, toast } = window.guiche;
  const { current, insert } = window.guiche.composer;
  const RECENT = "guiche:emoji";
  const MOST_FOUND = 80;
  let data = null; // { groups: [{ icon, name }], emoji: [[text, label, words, group]] }

  function recent() {
    try { return JSON.parse(localStorage.getItem(RECENT)) || []; } catch { return []; }
  }

  function remember(emoji) {
    const list = [emoji, ...recent().filter((one) => one !== emoji)].slice(0, 27);
    try { localStorage.setItem(RECENT, JSON.stringify(list)); } catch { /* private windows keep nothing */ }
  }

  async function load(picker) {
    if (data) return true;
    const answer = await fetch(picker.dataset.src).catch(() => null);
    if (!answer?.ok) { toast(picker.dataset.failed); return false; }
    data = await answer.json();
    for (const one of data.emoji) one.push(completion.plain(`${one[1]} ${one[2]}`));
    return true;
  }

  function drawing(sprite, name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${sprite}#${name}`);
    svg.append(use);
    return svg;
  }

  function build(picker) {
    if (picker.children.length) return;
    const search = Object.assign(document.createElement("input"), { type: "search", className: "form-control emoji-search", placeholder: picker.dataset.search, autocomplete: "off" });
    search.setAttribute("aria-label", picker.dataset.search);
    const kinds = document.createElement("div");
    kinds.className = "emoji-kinds";
    const named = [{ icon: "clock", name: picker.dataset.recent }, ...data.groups];
    kinds.append(...named.map(({ icon, name }, index) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "emoji-kind", title: name });
      button.append(drawing(picker.dataset.icons, icon));
      button.setAttribute("aria-label", name);
      button.dataset.kind = index - 1;
      return button;
    }));
    const grid = document.createElement("div");
    grid.className = "emoji-grid";
    grid.setAttribute("role", "group");
    picker.append(search, kinds, grid);
  }

  function fill(picker, emoji, label) {
    const grid = picker.querySelector(".emoji-grid");
    grid.setAttribute("aria-label", label);
    grid.replaceChildren(...emoji.map((one, index) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "emoji", textContent: one[0], title: one[1], tabIndex: index ? -1 : 0 });
      button.setAttribute("aria-label", one[1]);
      return button;
    }));
    grid.scrollTop = 0;
    if (!emoji.length) grid.textContent = picker.dataset.none;
  }

  function showKind(picker, kind) {
    const lately = recent();
    const all = kind < 0
      ? lately.map((text) => data.emoji.find((one) => one[0] === text)).filter(Boolean)
      : data.emoji.filter((one) => one[3] === kind);
    for (const button of picker.querySelectorAll(".emoji-kind")) button.setAttribute("aria-pressed", String(Number(button.dataset.kind) === kind));
    fill(picker, all, kind < 0 ? picker.dataset.recent : data.groups[kind].name);
  }

  function find(picker, text) {
    const words = completion.plain(text.trim()).split(/\s+/).filter(Boolean);
    if (!words.length) return showKind(picker, recent().length ? -1 : 0);
    const has = (one, start) => words.every((word) => (start ? ` ${one[4]}`.includes(` ${word}`) : one[4].includes(word)));
    const first = data.emoji.filter((one) => has(one, true));
    const rest = first.length < 12 ? data.emoji.filter((one) => !first.includes(one) && has(one, false)) : [];
    fill(picker, [...first, ...rest].slice(0, MOST_FOUND), text);
  }

  async function open(composer) {
    const picker = composer.querySelector(".emoji-picker");
    if (!(await load(picker))) return;
    build(picker);
    picker.hidden = false;
    composer.querySelector("[data-emoji]").setAttribute("aria-expanded", "true");
    showKind(picker, recent().length ? -1 : 0);
    const search = picker.querySelector(".emoji-search");
    search.value = "";
    search.focus();
  }

  function close(composer, back = true) {
    const picker = composer?.querySelector(".emoji-picker");
    if (!picker || picker.hidden) return;
    picker.hidden = true;
    composer.querySelector("[data-emoji]").setAttribute("aria-expanded", "false");
    if (back) composer.querySelector(".composer-text").focus();
    document.dispatchEvent(new CustomEvent("guiche:emoji-closed"));
  }

  document.addEventListener("click", (event) => {
    const composer = event.target.closest(".composer");
    const button = event.target.closest("[data-emoji]");
    if (button) { if (composer.querySelector(".emoji-picker").hidden) open(composer); else close(composer); return; }
    const kind = event.target.closest(".emoji-kind");
    if (kind) return showKind(kind.closest(".emoji-picker"), Number(kind.dataset.kind));
    const emoji = event.target.closest(".emoji");
    if (emoji) {
      remember(emoji.textContent);
      // Another script may have asked for it.
      const isForText = document.dispatchEvent(new CustomEvent("guiche:emoji", { cancelable: true, detail: emoji.textContent }));
      if (!isForText) return close(composer, false);
      const { field } = current();
      if (!event.shiftKey) close(composer, false);
      return insert(field, emoji.textContent);
    }
    if (!event.target.closest(".emoji-picker")) close(document.querySelector(".composer"), false);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches(".emoji-search")) return;
    event.stopPropagation();
    find(event.target.closest(".emoji-picker"), event.target.value);
  });

  // Arrows walk through the grid; from the search Enter takes the first.
  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest?.(".emoji-picker");
    if (!picker) return;
    const all = Array.from(picker.querySelectorAll(".emoji"));
    const at = all.indexOf(event.target);
    const across = Math.max(1, all.findIndex((one) => one.offsetTop > all[0].offsetTop));
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at < 0 ? 0 : at + across, ArrowUp: at - across, Home: 0, End: all.length - 1 };
    if (event.key === "Escape") { event.preventDefault(); close(picker.closest(".composer")); return; }
    if (event.target.matches(".emoji-search")) {
      if (event.key === "Enter") { event.preventDefault(); all[0]?.click(); }
      if (event.key !== "ArrowDown") return;
    } else if (at < 0) return;
    if (!(event.key in steps)) return;
    event.preventDefault();
    if (event.key === "ArrowUp" && steps.ArrowUp < 0) return picker.querySelector(".emoji-search").focus();
    const next = all[Math.min(Math.max(steps[event.key], 0), all.length - 1)];
    if (!next) return;
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next.focus();
  });

  Object.assign(window.guiche, { emoji: { open } });
})();
