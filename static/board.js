// The board: one dialog for whatever can be done with a face, and the whole screen for a wall.
(() => {
  "use strict";
  const dialog = document.getElementById("board-dialog");
  let opener = null;

  document.addEventListener("click", (event) => {
    const face = event.target.closest("[data-consultant]");
    if (face) opener = face.dataset.consultant;
    if (event.target.closest("[data-close-dialog]")) dialog.close();
    if (event.target.closest("[data-fullscreen]")) document.documentElement.requestFullscreen?.();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target || event.target;
    if (target === dialog && dialog.children.length && !dialog.open) dialog.showModal();
  });

  // What was asked for was done: the board itself is told by the server.
  document.addEventListener("htmx:after:request", (event) => {
    const source = event.target.closest?.("[data-closes]");
    if (source && event.detail?.ctx?.response?.raw?.ok) dialog.close();
  });

  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    document.querySelector(`[data-consultant="${opener}"]`)?.focus();
  });
})();
