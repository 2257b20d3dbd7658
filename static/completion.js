// A list that opens while one writes, after a sign at the start of a word: "/" and "@" register here.
(() => {
  "use strict";
  const sources = [];
  let open = null; // { field, list, items, index, from, source }
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // source: { sign, works(composer), find(query, composer) -> items, choose(item, field, from, to), words }
  // item: { id, title, hint, detail }
  function register(source) { sources.push(source); }

  function look(field) {
    if (!field?.classList.contains("composer-text") || field.selectionStart !== field.selectionEnd) return close();
    const composer = field.closest(".composer");
    const before = field.value.slice(0, field.selectionStart);
    for (const source of sources) {
      const found = new RegExp(`(^|\\s)\\${source.sign}([^\\s${source.sign}]{0,40}${source.spaces ? "(?: [^\\s]{1,20})?" : ""})$`).exec(before);
      if (!found || !source.works(composer)) continue;
      const from = before.length - found[2].length - 1;
      if (dismissed === `${source.sign}${from}`) continue;
      const items = source.find(plain(found[2]), composer);
      if (items.length || (!found[2] && source.words.none)) return show({ field, composer, source, items, from, index: 0 });
    }
    dismissed = "";
    close();
  }

  let dismissed = "";

  function show(now) {
    const list = now.composer.querySelector(".completion");
    open = { ...now, list };
    list.setAttribute("aria-label", now.source.words.label);
    list.replaceChildren(...(now.items.length ? now.items.map(option) : [empty(now.source.words.none)]));
    list.hidden = false;
    const { field } = now;
    // A text of several lines may not call itself a combobox; it says what it controls all the same.
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-controls", list.id);
    point(0);
    announce(list, now.items.length ? list.dataset.says.replace("{n}", now.items.length) : now.source.words.none);
  }

  function announce(list, text) {
    list.parentElement.querySelector(".completion-status").textContent = text;
  }

  function option(item, index) {
    const row = document.createElement("li");
    row.id = `completion-${index}`;
    row.setAttribute("role", "option");
    row.dataset.index = index;
    for (const [name, text] of [["title", item.title], ["hint", item.hint], ["detail", item.detail]]) {
      if (!text) continue;
      const part = document.createElement("span");
      part.className = `completion-${name}`;
      part.textContent = text;
      row.append(part);
    }
    return row;
  }

  function empty(text) {
    const row = document.createElement("li");
    row.className = "completion-none";
    row.setAttribute("role", "option");
    row.setAttribute("aria-disabled", "true");
    row.textContent = text;
    return row;
  }

  function point(index) {
    if (!open.items.length) return open.field.removeAttribute("aria-activedescendant");
    open.index = (index + open.items.length) % open.items.length;
    for (const row of open.list.children) row.setAttribute("aria-selected", String(Number(row.dataset.index) === open.index));
    const row = open.list.children[open.index];
    row.scrollIntoView({ block: "nearest" });
    open.field.setAttribute("aria-activedescendant", row.id);
  }

  function close() {
    if (!open) return;
    const { field, list } = open;
    open = null;
    list.hidden = true;
    list.replaceChildren();
    announce(list, "");
    for (const name of ["aria-haspopup", "aria-autocomplete", "aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
  }

  function choose(index) {
    const { field, from, items, source } = open;
    const item = items[index];
    close();
    if (item) source.choose(item, field, from, field.selectionStart);
  }

  document.addEventListener("input", (event) => look(event.target));
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".completion [data-index]");
    if (row && open) choose(Number(row.dataset.index));
    else if (open && event.target !== open.field && !event.target.closest("[data-completes]")) close();
  });
  // The field keeps the focus while the list is used with the mouse.
  document.addEventListener("mousedown", (event) => { if (event.target.closest(".completion")) event.preventDefault(); });
  document.addEventListener("focusout", (event) => { if (open && event.target === open.field) setTimeout(() => { if (document.activeElement !== open?.field) close(); }, 100); });
  // Before the composer sees the key: Enter here chooses, it does not send.
  document.addEventListener("keydown", (event) => {
    if (!open || event.target !== open.field || event.isComposing) return;
    const keys = {
      ArrowDown: () => point(open.index + 1),
      ArrowUp: () => point(open.index - 1),
      Enter: () => choose(open.index),
      Tab: () => choose(open.index),
      Escape: () => { dismissed = `${open.source.sign}${open.from}`; close(); },
    };
    if (!keys[event.key] || event.shiftKey || (!open.items.length && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keys[event.key]();
  }, true);

  // A button may begin it: as if the sign had been typed.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-completes]");
    const now = button && window.guiche.composer.current();
    if (!now) return;
    const { field } = now;
    const before = field.value.slice(0, field.selectionStart);
    const sign = button.dataset.completes;
    window.guiche.composer.insert(field, (!before || /\s$/.test(before) ? "" : " ") + sign);
  });

  Object.assign(window.guiche, { completion: { register, plain, look } });
})();
