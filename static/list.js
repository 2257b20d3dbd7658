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

  // ── The panel of filters ───────────────────────────────────────────────────────────────────
  function showPanel(visible) {
    const panel = byId("filter-panel");
    if (!panel) return;
    panel.hidden = !visible;
    byId("filter-open").setAttribute("aria-expanded", String(visible));
    if (!visible) panel.replaceChildren();
  }

  document.addEventListener("htmx:after:swap", () => {
    const panel = byId("filter-panel");
    if (!panel || !panel.children.length || !panel.hidden) return;
    showPanel(true);
    panel.querySelector("input:checked, input[type=checkbox]")?.focus();
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (event.target.id !== "filter-open" || byId("filter-panel").hidden) return;
    event.preventDefault(); // it is open: the same button closes it
    showPanel(false);
  });

  document.addEventListener("click", (event) => {
    const panel = byId("filter-panel");
    if (!panel || panel.hidden) return;
    if (event.target.closest("[data-close-panel]")) {
      showPanel(false);
      byId("filter-open").focus();
    } else if (!event.target.closest("#filter-panel, #filter-open")) showPanel(false);
  });

  // ── Rows with the keyboard ─────────────────────────────────────────────────────────────────
  const links = () => Array.from(document.querySelectorAll("#conversation-list .row-link"));

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
      return byId("filter-open").focus();
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
