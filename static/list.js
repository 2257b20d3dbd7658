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
    if (event.target.id === "view-new" && event.detail.ctx.response.status < 400) event.target.reset();
  });

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
