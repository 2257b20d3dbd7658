// The box in the top line, on every page: answers while one types, and the keyboard through them.
(() => {
  "use strict";
  const box = document.getElementById("topline-search");
  const answers = document.getElementById("quick-answers");
  const links = () => Array.from(answers.querySelectorAll("[data-quick-link]"));
  const show = (visible) => { if (answers) answers.hidden = !visible || !links().length; };

  if (box) {
    new MutationObserver(() => show(document.activeElement === box)).observe(answers, { childList: true });
    box.addEventListener("focus", () => show(true));
    box.addEventListener("input", () => { if (box.value.trim().length < 2) { answers.replaceChildren(); show(false); } });
    document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".topline-search")) show(false); });
    box.form.addEventListener("focusout", (event) => { if (event.relatedTarget && !box.form.contains(event.relatedTarget)) show(false); });
    box.form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        const open = !answers.hidden;
        show(false);
        box.focus();
        show(false);
        if (open) event.preventDefault();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, [box, ...(answers.hidden ? [] : links())]);
    });
  }

  // On the search page the arrows walk through everything that was found.
  const found = () => Array.from(document.querySelectorAll(".search-page .hit-link, .search-page .found-link, .search-page .found-talk"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const text = document.getElementById("search-text");
    const places = text ? [text, ...found()] : [];
    if (places.includes(document.activeElement)) step(event, places);
  });

  function step(event, places) {
    const at = places.indexOf(document.activeElement);
    const next = places[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k" || event.defaultPrevented) return;
    const target = box?.offsetParent ? box : document.getElementById("search-text");
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.select();
  });
})();
