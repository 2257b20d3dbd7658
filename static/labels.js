// The page of labels: a form that worked is ready for the next one, or folds away.
(() => {
  "use strict";
  document.addEventListener("htmx:after:request", (event) => {
    const form = event.target;
    if (event.detail.ctx.response.status >= 400 || !form.matches?.(".label-form")) return;
    if (form.id === "label-new") {
      form.reset();
      form.querySelector("input").focus();
      return;
    }
    const row = form.closest(".label-row");
    if (form.parentElement.contains(document.activeElement)) row.querySelector("button").focus();
  });
})();
