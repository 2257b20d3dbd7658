// The list: its address, its panel of filters, and moving through it with the keyboard.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const pane = () => byId("list-pane");

  // ── The address ────────────────────────────────────────────────────────────────────────────
  // What the list shows stands in the address, so that it can be shared and reloaded.
  function writeAddress() {
    const query = pane()?.dataset.query;
    if (!query || location.search === `?${query}`) return;
    history.replaceState(history.state, "", `${location.pathname}?${query}`);
  }
  document.addEventListener("htmx:after:history:push", writeAddress);
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.target.id === "list-pane" || event.detail?.ctx?.target?.id === "list-pane") writeAddress();
  });

  // ── The panel: of filters, or of saved views ───────────────────────────────────────────────
  let opener = null; // the button whose panel is open, or asked for

  function showPanel(visible) {
    const panel = byId("filter-panel");
    if (!panel) return;
    panel.hidden = !visible;
    for (const button of document.querySelectorAll("[data-opens-panel]"))
      button.setAttribute("aria-expanded", String(visible && button.id === opener));
    if (!visible) panel.replaceChildren();
  }

  document.addEventListener("htmx:after:swap", () => {
    const panel = byId("filter-panel");
    if (!panel || !panel.children.length || !panel.hidden) return;
    showPanel(true);
    panel.querySelector("input:checked, input[type=checkbox], a, input:not([type=hidden])")?.focus();
  });

  document.addEventListener("htmx:before:request", (event) => {
    const button = event.target.closest?.("[data-opens-panel]");
    if (!button) return;
    const wasOpen = !byId("filter-panel").hidden && opener === button.id;
    showPanel(false);
    if (wasOpen) event.preventDefault(); // the same button closes it
    opener = button.id;
  });

  document.addEventListener("click", (event) => {
    const panel = byId("filter-panel");
    if (!panel || panel.hidden) return;
    if (event.target.closest("[data-close-panel]")) {
      showPanel(false);
      byId(opener)?.focus();
    } else if (event.target.isConnected && !event.target.closest("#filter-panel, [data-opens-panel]")) showPanel(false);
  });

  // A view is saved as the list stands in this moment.
  document.addEventListener("htmx:config:request", (event) => {
    if (!event.target.matches?.("[data-fill-query]")) return;
    event.detail.ctx.request.body?.set("consulta", pane().dataset.query);
  });

  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.response.status >= 400) return;
    if (event.target.id === "view-new") event.target.reset();
    // The numbers come anew all the time, so the form of a name stays as it is until it is saved.
    if (event.target.matches?.(".view-form.show")) {
      const opens = document.querySelector(`[data-bs-target="#${event.target.id}"]`);
      opens?.click();
      opens?.focus();
    }
  });

  // ── A slow network ─────────────────────────────────────────────────────────────────────────
  // Who waits for a conversation for longer than 300 ms sees its shape where it will be.
  let coming = null; // the conversation, and the timer of its shape
  const showShape = (visible) => { const shape = byId("thread-skeleton"); if (shape) shape.hidden = !visible; };
  document.addEventListener("htmx:before:request", (event) => {
    if (!event.target.matches?.(".row-link")) return;
    arrived();
    coming = { id: event.target.closest(".row-card").dataset.id, timer: setTimeout(() => showShape(true), 300), limit: setTimeout(arrived, 20000) };
  });
  function arrived() {
    clearTimeout(coming?.timer);
    clearTimeout(coming?.limit);
    coming = null;
    showShape(false);
  }
  document.addEventListener("guiche:settled", () => { if (coming && byId("thread")?.dataset.conversation === coming.id) arrived(); });
  // Whatever came of it: an error says so itself.
  for (const name of ["htmx:after:request", "htmx:error"])
    document.addEventListener(name, (event) => { if (coming && (event.detail?.ctx?.sourceElement || event.target).matches?.(".row-link")) arrived(); });

  // ── Numbers that nobody keeps ──────────────────────────────────────────────────────────────
  // A row that comes to open, put off or closed changes how many there are; the server counts.
  const SHELVES = ["all", "snoozed", "closed"];
  const shelves = new Map(); // conversation → where its row stood last
  const shelfOf = (row) => "gone" in row.dataset ? "" : SHELVES.find((name) => (row.dataset.in || "").split(" ").includes(name)) || "";

  document.addEventListener("guiche:row", ({ detail: { row } }) => {
    if (!row.id.startsWith("row-")) return;
    const shown = byId(row.id);
    const before = shelves.get(row.id) ?? (shown && shelfOf(shown));
    shelves.set(row.id, shelfOf(row));
    const menu = byId("view-menu");
    if (menu) window.guiche.ask(menu, 2000);
    if (before !== shelves.get(row.id) && !isFull()) window.guiche.ask(byId("inbox-tabs"), 3000);
  });
  // Beyond a hundred the number stays what it is.
  const isFull = () => Array.from(document.querySelectorAll("[data-shelf]")).every((one) => one.textContent.endsWith("+"));

  // ── Rows with the keyboard ─────────────────────────────────────────────────────────────────
  const links = () => Array.from(document.querySelectorAll("#conversation-list .row-link"));

  // One stop for Tab: the row last stood on, else the one that is open, else the first.
  function rove() {
    const all = links();
    const stop = all.find((link) => link === document.activeElement) || all.find((link) => link === stood)
      || all.find((link) => link.getAttribute("aria-current")) || all[0];
    for (const link of all) if (link.tabIndex !== (link === stop ? 0 : -1)) link.tabIndex = link === stop ? 0 : -1;
  }
  let stood = null;
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches?.("#conversation-list .row-link")) return; // it may be the document
    stood = event.target;
    rove();
  });
  document.addEventListener("guiche:settled", rove);
  rove();

  function move(from, key) {
    const all = links();
    const at = all.indexOf(from);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[key];
    const next = all[Math.max(0, Math.min(all.length - 1, to))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return next;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("filter-panel")?.hidden && byId("filter-bar")?.contains(document.activeElement)) {
      event.stopPropagation();
      showPanel(false);
      return byId(opener)?.focus();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const link = event.target.closest?.(".row-link");
    if (link && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
      event.preventDefault();
      move(link, event.key);
    } else if (event.target.id === "filter-text" && event.key === "ArrowDown") {
      event.preventDefault();
      links()[0]?.focus();
    }
  });
})();
