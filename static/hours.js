// Hours: more and fewer periods of a day, a day's hours copied over the week, what is not asked for.
(() => {
  "use strict";

  function show(form) {
    const week = form.querySelector("[data-hours-week]");
    if (week) week.hidden = form.querySelector("[name=mode]:checked")?.value !== "week";
    const closed = form.querySelector("[data-hours-closed]");
    if (closed) form.querySelector("[data-hours-open]").hidden = closed.checked;
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-hours-form]");
    if (form) show(form);
  });

  function add(day, values = ["", ""]) {
    const fresh = day.querySelector("template").content.firstElementChild.cloneNode(true);
    const fields = fresh.querySelectorAll("input");
    values.forEach((value, at) => { fields[at].value = value; });
    const list = day.querySelector("[data-intervals]");
    list.insertBefore(fresh, list.querySelector(".hours-closed"));
    return fields[0];
  }

  // The button that was pressed goes with its period: the next thing to press takes the focus.
  function remove(button) {
    const day = button.closest(".hours-day");
    button.closest(".hours-interval").remove();
    (day.querySelector("[data-interval-remove]") || day.querySelector("[data-interval-add]")).focus();
  }

  function copy(button) {
    const [first, ...others] = Array.from(button.closest(".hours-week").children);
    const hours = Array.from(first.querySelectorAll(".hours-interval"), (one) =>
      Array.from(one.querySelectorAll("input"), (field) => field.value));
    for (const day of others.slice(0, 4)) {
      day.querySelectorAll("[data-intervals] > .hours-interval").forEach((one) => one.remove());
      for (const values of hours) add(day, values);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-interval-add], [data-interval-remove], [data-copy-week]");
    if (!button) return;
    if ("intervalAdd" in button.dataset) add(button.closest(".hours-day")).focus();
    else if ("intervalRemove" in button.dataset) remove(button);
    else copy(button);
  });
})();
