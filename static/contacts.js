// The pages of contacts: what a form shows for the chosen type, and forms that empty once taken.
(() => {
  "use strict";
  const showForKind = (select) => {
    for (const part of select.form.querySelectorAll("[data-for-kind]")) part.hidden = part.dataset.forKind !== select.value;
  };
  document.addEventListener("change", (event) => {
    if (event.target.id === "field-kind") showForKind(event.target);
  });
  document.addEventListener("htmx:after:request", (event) => {
    const form = event.target.closest?.("form[data-clear]");
    if (!form || !event.detail?.ctx?.response?.raw?.ok) return;
    form.reset();
    form.querySelectorAll("select").forEach(showForKind);
    form.querySelector("input:not([type=hidden])")?.focus();
  });
})();
