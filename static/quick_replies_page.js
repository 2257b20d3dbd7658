// The page of ready texts: the form's preview and variables, and where the focus goes.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const editor = byId("quick-reply-editor");
  let opener = null;
  let shown = false;

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
    shown = false;
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
  // A form that just came begins with its preview; when it is saved the focus goes back.
  document.addEventListener("htmx:after:swap", () => {
    const form = byId("quick-reply-form");
    if (form && !form.dataset.ready) {
      form.dataset.ready = "1";
      preview();
      byId("quick-reply-title").focus();
      form.scrollIntoView({ block: "nearest" });
    } else if (!form && shown) (byId(opener) || byId("quick-reply-new")).focus();
    shown = Boolean(form);
  });
})();
