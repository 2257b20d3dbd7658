// Acting on one conversation or several: the selection, the dialogs to choose in, and the toasts
// that take it back. Every act is a button with `data-action`, which shortcuts can click.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const bar = byId("bulk-bar");
  const dialog = byId("act-dialog");
  if (!bar) return;
  const picked = new Set();
  let last = null; // where a range begins
  let opener = null;

  const rows = () => Array.from(document.querySelectorAll("#conversation-list > .row-card"));
  const rowOf = (id) => byId(`row-${id}`);

  // ── The selection ──────────────────────────────────────────────────────────────────────────
  function pick(row, on) {
    if (on) picked.add(row.dataset.id);
    else picked.delete(row.dataset.id);
    last = row.dataset.id;
    show();
  }

  function pickTo(row) {
    const all = rows();
    const from = all.findIndex((one) => one.dataset.id === last);
    const to = all.indexOf(row);
    if (from < 0) return pick(row, true);
    for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) picked.add(one.dataset.id);
    last = row.dataset.id;
    show();
  }

  function show() {
    const present = rows();
    const ids = new Set(present.map((row) => row.dataset.id));
    for (const id of [...picked]) if (!ids.has(id)) picked.delete(id);
    for (const row of present) {
      const on = picked.has(row.dataset.id);
      row.classList.toggle("is-picked", on);
      row.querySelector(".row-check").checked = on;
    }
    byId("desk").classList.toggle("is-selecting", picked.size > 0);
    if (!picked.size && bar.contains(document.activeElement)) present[0]?.querySelector(".row-link").focus();
    bar.hidden = picked.size === 0;
    byId("bulk-count").textContent = picked.size === 1 ? bar.dataset.one : bar.dataset.many.replace("{n}", picked.size);
  }

  function clear() {
    picked.clear();
    show();
  }

  document.addEventListener("click", (event) => {
    const label = event.target.closest(".row-pick");
    if (!label) return;
    event.preventDefault(); // the box shows what is picked; it is set by show()
    const row = label.closest(".row-card");
    if (event.shiftKey) pickTo(row);
    else pick(row, !picked.has(row.dataset.id));
    setTimeout(show);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || (typing && !event.target.matches(".row-check"))) return;
    const row = event.target.closest?.(".row-card") || document.querySelector(".row-card.is-current");
    const onRow = event.target.closest?.(".row-link");
    if ((event.key === "x" && row && !guiche.keysAreOff?.()) || (event.key === " " && onRow)) {
      event.preventDefault();
      pick(row, !picked.has(row.dataset.id));
    } else if (event.shiftKey && ["ArrowDown", "ArrowUp"].includes(event.key) && event.target.closest?.(".row-link")) {
      // list.js has moved the focus already, or will: the range follows it.
      if (!picked.has(row.dataset.id)) pick(row, true);
      setTimeout(() => pickTo(document.activeElement.closest(".row-card") || row));
    } else if (event.key === "Escape" && picked.size && !dialog.open) clear();
  });

  document.addEventListener("guiche:settled", show);

  // ── Acts ───────────────────────────────────────────────────────────────────────────────────
  // "7:3,9:1": each with the owner's version that this page shows.
  function idsFor(button) {
    if (button.dataset.actOn === "selection")
      return [...picked].map((id) => `${id}:${rowOf(id).dataset.ownerVersion}`).join(",");
    const id = button.dataset.actOn;
    return `${id}:${byId(`desk-${id}`)?.dataset.version || rowOf(id)?.dataset.ownerVersion || ""}`;
  }

  const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers:inherited")), "HX-Request": "true" });

  async function choose(button, act) {
    opener = button;
    const answer = await fetch(`/conversas/acoes/${act}?ids=${encodeURIComponent(idsFor(button))}`, { headers: headers() });
    const html = await answer.text();
    if (answer.status === 204) { // there is nothing to choose
      if (await post(act, { ids: idsFor(button) }) && button.dataset.actOn === "selection") clear();
      return;
    }
    if (!answer.ok) return complain(html);
    dialog.innerHTML = html;
    guiche.process(dialog);
    for (const box of dialog.querySelectorAll("[data-was=some]")) box.indeterminate = true;
    dialog.showModal();
    (dialog.querySelector("[autofocus]") || dialog.querySelector("input:not([type=hidden])"))?.focus();
  }

  async function post(act, fields) {
    const answer = await fetch(`/conversas/acoes/${act}`, { method: "POST", headers: headers(), body: new URLSearchParams(fields) });
    const html = await answer.text();
    if (answer.ok) guiche.apply(html);
    else complain(html);
    return answer.ok;
  }

  const complain = (html) => guiche.toast(new DOMParser().parseFromString(html, "text/html").body.textContent.trim());

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button?.dataset.action === "select-all") {
      for (const row of rows()) picked.add(row.dataset.id);
      show();
    } else if (button?.dataset.action === "select-none") clear();
    else if (button?.dataset.actOn) choose(button, button.dataset.action);
    if (event.target.closest("[data-close-dialog]") || event.target === dialog) dialog.close();
    event.target.closest("[data-close-toast]")?.closest(".toast-note").remove();
  });

  dialog.addEventListener("close", () => {
    const back = opener?.isConnected && !opener.closest("[hidden]") ? opener : document.querySelector(".row-card.is-current .row-link");
    back?.focus();
    dialog.replaceChildren();
  });

  // Ours, not htmx's: what was chosen is said as what to put on and what to take off.
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = event.target;
    const fields = Array.from(new FormData(form));
    for (const box of form.querySelectorAll("[data-label-choice]")) {
      if (box.indeterminate) continue;
      if (box.checked && box.dataset.was !== "all") fields.push(["por", box.dataset.labelChoice]);
      if (!box.checked && box.dataset.was !== "none") fields.push(["tirar", box.dataset.labelChoice]);
    }
    const act = form.getAttribute("action").split("/").pop();
    if (await post(act, fields)) {
      dialog.close();
      if (opener?.dataset.actOn === "selection") clear();
    }
  }, true);

  // ── Choosing with the keyboard ─────────────────────────────────────────────────────────────
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const options = () => Array.from(dialog.querySelectorAll(".act-option")).filter((one) => !one.hidden);

  dialog.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) {
      const when = event.target.matches(".act-when") && event.target.closest(".act-option").querySelector("[type=radio]");
      if (when) when.checked = true;
      return;
    }
    const wanted = plain(event.target.value.trim());
    for (const one of dialog.querySelectorAll(".act-option")) one.hidden = !plain(one.textContent).includes(wanted);
    const first = options()[0]?.querySelector("[type=radio]");
    if (first && wanted) first.checked = true;
  });

  dialog.addEventListener("keydown", (event) => {
    const inNarrow = event.target.matches("[data-narrow]");
    if (event.key === "ArrowDown" && inNarrow) {
      event.preventDefault();
      options()[0]?.querySelector("input").focus();
    } else if (event.key === "Enter" && inNarrow) {
      const box = options()[0]?.querySelector("[data-label-choice]");
      if (!box || !event.target.value.trim()) return; // Enter applies
      event.preventDefault();
      box.click();
      event.target.value = "";
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.target.type === "checkbox" && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      const all = options().map((one) => one.querySelector("input"));
      const next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      (next || dialog.querySelector("[data-narrow]")).focus();
    }
  });

  // ── Toasts that take it back ───────────────────────────────────────────────────────────────
  // Ten seconds once it is done, and longer while somebody points at it or has the focus in it.
  const ends = new Map();
  setInterval(() => {
    for (const toast of document.querySelectorAll(".batch-toast")) {
      const working = ["working", "undoing"].includes(toast.dataset.state);
      const held = working || toast.matches(":hover") || toast.contains(document.activeElement);
      const state = `${toast.id}:${toast.dataset.state}`;
      if (held || !ends.has(state)) ends.set(state, Date.now() + 10000);
      else if (Date.now() > ends.get(state)) toast.remove();
    }
  }, 500);
})();
