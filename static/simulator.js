// The simulator: the dialog with a calculation, what is wrong at a field, and a network that fails.
(() => {
  "use strict";
  const dialog = document.getElementById("calculation");
  const form = document.getElementById("simulation");
  const failed = document.getElementById("sim-failed");
  let opener = null;

  document.addEventListener("click", (event) => {
    const figure = event.target.closest(".figure");
    if (figure && !dialog.contains(figure)) opener = figure;
    if (event.target.closest("[data-close-dialog]") || event.target === dialog) dialog.close();
    const clear = event.target.closest("[data-clear]");
    if (clear) document.querySelector(clear.dataset.clear).replaceChildren();
    if (event.target.closest("[data-recompute]")) form.requestSubmit();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target || event.target;
    if (target === dialog && dialog.children.length) {
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
      (dialog.querySelector(".is-focus") || dialog.querySelector(".calc-step"))?.scrollIntoView({ block: "nearest" });
      dialog.querySelector("#calculation-title")?.focus({ preventScroll: true });
    }
    markFields();
  });

  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    // The figure may have been drawn anew meanwhile.
    (opener?.isConnected ? opener : document.querySelector(".sim-result .figure"))?.focus();
  });

  // Who listens hears at the field what the line below it says.
  function markFields() {
    for (const slot of form?.querySelectorAll(".sim-slot") || []) {
      const wrong = slot.classList.contains("is-wrong");
      const input = form.querySelector(`[aria-describedby="${slot.id}"]`);
      if (wrong) input?.setAttribute("aria-invalid", "true");
      else input?.removeAttribute("aria-invalid");
      input?.classList.toggle("is-invalid", wrong);
      // What is wrong in a folded group is shown.
      if (wrong && !slot.closest("details")?.open) slot.closest("details")?.setAttribute("open", "");
    }
  }

  if (!form) return;
  const done = (event) => event.target === form && event.detail?.ctx;
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = done(event);
    if (ctx) failed.hidden = Boolean(ctx.response?.raw?.ok);
  });
  document.addEventListener("htmx:error", (event) => {
    const ctx = done(event);
    if (ctx && event.detail?.error?.name !== "AbortError") failed.hidden = false;
  });
})();
