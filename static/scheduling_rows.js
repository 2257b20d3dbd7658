// The rows of scheduled messages, wherever they are: their forms close, their toasts go.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close-scheduled]");
    if (close) {
      const row = close.closest(".scheduled-row");
      close.closest(".scheduled-form").replaceChildren();
      row.querySelector("[id^=scheduled-edit-]")?.focus();
    }
    const undo = event.target.closest("[data-dismiss-toast]");
    if (undo) setTimeout(() => undo.closest(".toast-note")?.remove(), 400); // once its request is on its way
  });
  // The line over the composer stays open, or closed, whatever comes into it.
  const opened = new Set();
  document.addEventListener("toggle", (event) => {
    const bar = event.target.matches?.(".scheduled-details") && event.target.closest(".scheduled-bar");
    if (bar?.id) opened[event.target.open ? "add" : "delete"](bar.id);
  }, true);
  document.addEventListener("guiche:settled", () => {
    for (const details of document.querySelectorAll(".scheduled-details")) {
      const wanted = opened.has(details.closest(".scheduled-bar").id);
      if (details.open !== wanted) details.open = wanted;
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    const form = document.querySelector(".scheduled-form form:not([data-ready])");
    if (!form) return;
    form.dataset.ready = "1";
    form.querySelector("textarea").focus();
  });
})();
