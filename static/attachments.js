// Files that leave with a text: chosen, pasted or dropped; each shows how far it is and can be taken out.
(() => {
  "use strict";
  const { toast } = window.guiche;
  const { send, shownId } = window.guiche.desk;
  const { current } = window.guiche.composer;
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  const boxOf = (composer) => composer?.querySelector(".composer-files");

  // What is in the tray of each conversation; it is there again when one comes back.
  const trays = new Map();
  const trayOf = (id) => trays.get(id) || trays.set(id, []).get(id);
  const mine = (composer) => trayOf(Number(composer.dataset.conversation));
  // By its number, for what comes back because it could not leave.
  const uploaded = new Map();

  function add(files, voice = false) {
    const open = current();
    if (!open) return null;
    const { composer } = open;
    const box = boxOf(composer);
    const tray = mine(composer);
    let added = null;
    for (const file of files) {
      if (tray.length >= Number(box.dataset.most)) { toast(box.dataset.tooMany); break; }
      added = { file, voice, name: voice ? box.dataset.voiceName : file.name, state: "going", done: 0, url: box.dataset.upload };
      if (file.type.startsWith("image/")) added.picture = URL.createObjectURL(file);
      tray.push(added);
      upload(added);
    }
    show();
    const list = box.querySelector(".file-tray");
    list.scrollTo(list.scrollWidth, list.scrollHeight);
    return added;
  }

  function upload(item) {
    item.state = "going";
    item.ready = new Promise((resolve) => {
      const request = new XMLHttpRequest();
      item.request = request;
      request.open("POST", item.url);
      for (const [name, value] of Object.entries({ ...headers, "HX-Request": "true" })) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", (event) => {
        item.done = event.lengthComputable ? event.loaded / event.total : 0;
        item.bar?.setAttribute("value", item.done);
      });
      request.addEventListener("loadend", () => {
        if (request.status === 201) {
          Object.assign(item, JSON.parse(request.responseText), { state: "ready" });
          uploaded.set(item.id, item);
        }
        else if (item.state !== "gone") {
          item.state = "failed";
          const page = new DOMParser().parseFromString(request.responseText || "", "text/html");
          item.reason = page.querySelector("[data-toast]")?.textContent || "";
        }
        resolve(item.state);
        show(item.state === "ready" ? item : null);
      });
      const form = new FormData();
      form.set("arquivo", item.file, item.name);
      if (item.voice) form.set("voz", "1");
      request.send(form);
    });
  }

  function forget(item) {
    if ([...trays.values()].some((tray) => tray.includes(item))) return;
    if (item.picture) URL.revokeObjectURL(item.picture);
    uploaded.delete(item.id);
  }

  function remove(item) {
    for (const tray of trays.values()) if (tray.includes(item)) tray.splice(tray.indexOf(item), 1);
    forget(item);
    const held = item.state === "ready";
    item.state = "gone";
    if (held) send(`${item.url}/${item.id}`, "DELETE", {}).catch(() => {});
    else item.request?.abort();
    show();
  }

  // ── The tray ───────────────────────────────────────────────────────────────────────────────
  const ICONS = { image: "photo", video: "movie", audio: "music", document: "file" };
  const kindOf = (item) => item.kind || (item.voice ? "audio" : ICONS[item.file?.type.split("/")[0]] ? item.file.type.split("/")[0] : "document");

  function icon(box, name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${box.dataset.icons}#${name}`);
    svg.append(use);
    return svg;
  }

  function button(box, label, name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-icon btn-ghost btn-sm";
    made.setAttribute("aria-label", label);
    made.append(icon(box, name));
    made.addEventListener("click", act);
    return made;
  }

  function drawn(box, item) {
    const row = document.createElement("li");
    row.className = `file-chip is-${item.state}`;
    if (item.picture) {
      const picture = document.createElement("img");
      picture.src = item.picture;
      picture.alt = "";
      // It says that it is a picture, and none can be seen: it is a file.
      picture.addEventListener("error", () => { item.picture = ""; picture.replaceWith(icon(box, ICONS[kindOf(item)])); });
      row.append(picture);
    } else row.append(icon(box, ICONS[kindOf(item)]));
    const name = document.createElement("span");
    name.className = "file-name";
    name.textContent = item.name;
    name.title = item.name;
    row.append(name);
    const facts = document.createElement("span");
    facts.className = "file-facts";
    if (item.state === "going") {
      item.bar = document.createElement("progress");
      item.bar.max = 1;
      item.bar.value = item.done;
      item.bar.setAttribute("aria-label", item.name);
      facts.append(item.bar);
    } else facts.textContent = item.state === "lost" ? box.dataset.lost : item.state === "failed" ? item.reason || box.dataset.failed : item.size;
    row.append(facts);
    if (item.state === "failed") row.append(button(box, box.dataset.again.replace("{name}", item.name), "refresh", () => { upload(item); show(); }));
    row.append(button(box, box.dataset.remove.replace("{name}", item.name), "x", () => { remove(item); current()?.field.focus(); }));
    return row;
  }

  function show(fresh = null) {
    const open = current();
    const box = boxOf(open?.composer);
    if (!box) return;
    const tray = mine(open.composer).filter((item) => !item.leaves);
    const list = box.querySelector(".file-tray");
    const focused = Array.from(list.querySelectorAll("button")).indexOf(document.activeElement);
    list.replaceChildren(...tray.map((item) => drawn(box, item)));
    list.hidden = tray.length === 0;
    if (focused >= 0) Array.from(list.querySelectorAll("button"))[Math.min(focused, list.querySelectorAll("button").length - 1)]?.focus();
    list.dataset.names = tray.map((item) => item.name).join(", ");
    box.querySelector("input[name=anexos]").value = tray.filter((item) => item.state === "ready").map((item) => item.id).join(",");
    if (fresh && tray.includes(fresh)) box.querySelector("[data-file-news]").textContent = box.dataset.added.replace("{name}", fresh.name);
    keepTrays();
    window.guiche.desk.hold();
  }

  // ── After a reload ─────────────────────────────────────────────────────────────────────────
  // The server holds what is up for a day; what was on its way is gone, and says so.
  const KEPT = `guiche-tray-${window.guiche.me}`;
  const LASTS = 20 * 3600 * 1000;

  function keepTrays() {
    const kept = [...trays].map(([id, tray]) => [id, tray.filter((item) => !item.leaves && item.state !== "gone")
      .map(({ id: number, kind, name, size, voice, url }) => ({ id: number, kind, name, size, voice, url }))]).filter(([, tray]) => tray.length);
    try {
      if (kept.length) sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), kept }));
      else sessionStorage.removeItem(KEPT);
    } catch { /* a full or forbidden storage: the tray lasts as long as the page */ }
  }

  function bringBack() {
    const { at, kept } = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
    if (!kept || Date.now() - at > LASTS) return;
    for (const [id, tray] of kept)
      for (const item of tray) {
        const back = { ...item, state: item.id ? "ready" : "lost" };
        trayOf(id).push(back);
        if (item.id) uploaded.set(item.id, back);
      }
  }

  // ── With the text ──────────────────────────────────────────────────────────────────────────
  document.addEventListener("guiche:writes", (event) => {
    const tray = mine(event.target);
    if (tray.every((item) => item.state === "ready")) return;
    event.preventDefault();
    toast(boxOf(event.target).dataset.wait);
  });
  document.addEventListener("guiche:cleared", (event) => {
    if (event.detail?.kept) return; // only the text went: the files are still to be sent
    const sent = mine(event.target).splice(0);
    setTimeout(() => sent.forEach(forget), 60000); // until then it may come back
    show();
  });
  document.addEventListener("guiche:unsent", (event) => {
    const { conversation, anexos } = event.detail;
    const files = (anexos || "").split(",").map((id) => uploaded.get(Number(id))).filter(Boolean);
    trayOf(Number(conversation)).unshift(...files);
    show();
  });
  document.addEventListener("guiche:taken-back", (event) => {
    const { upload: url } = boxOf(event.target).dataset;
    const files = (event.detail.files || []).map((file) => uploaded.get(file.id) || { ...file, state: "ready", url });
    mine(event.target).unshift(...files);
    show();
  });

  // ── Choosing, pasting, dropping ────────────────────────────────────────────────────────────
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-action=attach]")) boxOf(current()?.composer)?.querySelector("[data-file-input]").click();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-file-input]")) return;
    add(event.target.files);
    event.target.value = "";
    current()?.field.focus();
  });
  document.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData || {};
    if (!files?.length || !event.target.closest?.(".composer")) return;
    // Cells and words of an office program bring a picture of themselves along: the text is meant.
    if (types.includes("text/html") && types.includes("text/plain")) return;
    event.preventDefault();
    add(files);
  });

  const holdsFiles = (event) => Array.from(event.dataTransfer?.types || []).includes("Files");
  const zone = () => document.querySelector(".thread-pane");
  let over = 0;
  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event) || !current()) return;
    over += 1;
    zone()?.classList.add("takes-files");
  });
  document.addEventListener("dragleave", (event) => {
    if (!holdsFiles(event)) return;
    over = Math.max(0, over - 1);
    if (!over) zone()?.classList.remove("takes-files");
  });
  document.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault(); // dropped anywhere else it would replace the page
    over = 0;
    zone()?.classList.remove("takes-files");
    if (event.target.closest(".thread-pane")) add(event.dataTransfer.files);
  });

  bringBack();
  let shown = null;
  document.addEventListener("guiche:settled", () => {
    if (shown === shownId()) return;
    shown = shownId();
    show();
  });
  addEventListener("beforeunload", (event) => {
    if ([...trays.values()].some((tray) => tray.some((item) => item.state === "going"))) event.preventDefault();
  });

  Object.assign(window.guiche, { files: { add } });
})();
