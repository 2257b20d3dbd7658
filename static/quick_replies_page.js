// The page of ready texts: the form's preview and variables, and where the focus goes.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const editor = byId("quick-reply-editor");
  let opener = null;

  const examples = () => Object.fromEntries(
    Array.from(document.querySelectorAll("[data-variable]"), (button) => [button.dataset.variable, button.dataset.example]));

  // What is filled, and, marked, what the person who writes has to fill.
  function preview() {
    const body = byId("quick-reply-body");
    if (!body) return;
    const known = examples();
    const parts = body.value.split(/(\{\{[^{}]*\}\})/);
    byId("quick-reply-preview").replaceChildren(...parts.map((part) => {
      const name = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(part)?.[1];
      if (name === undefined) return part;
      if (known[name]) return known[name];
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    }));
  }

  function close() {
    editor.replaceChildren();
    (byId(opener) || byId("quick-reply-new")).focus();
  }

  document.addEventListener("input", (event) => { if (event.target.id === "quick-reply-body") preview(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[id^=quick-reply-edit-], #quick-reply-new, [id^=quick-reply-copy-]")) opener = event.target.closest("button").id;
    const variable = event.target.closest("[data-variable]");
    if (variable) {
      const body = byId("quick-reply-body");
      body.focus();
      body.setRangeText(`{{${variable.dataset.variable}}}`, body.selectionStart, body.selectionEnd, "end");
      preview();
    }
    if (event.target.closest("[data-close-form]")) close();
    const undo = event.target.closest("[data-dismiss-toast]");
    if (undo) setTimeout(() => undo.closest(".toast-note").remove(), 400); // once its request is on its way
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.("#quick-reply-form")) close();
  });
  // The filter is part of where the list asks for itself; the address keeps it for a reload.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.target.closest?.("#quick-reply-editor")) {
      if (byId("quick-reply-form")) { preview(); byId("quick-reply-title").focus(); byId("quick-reply-form").scrollIntoView({ block: "nearest" }); }
      else (byId(opener) || byId("quick-reply-new")).focus();
    }
  });
})();
