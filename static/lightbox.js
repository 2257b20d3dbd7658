// Pictures of the thread, large: arrows go through them, Esc closes, the focus goes back.
(() => {
  "use strict";
  const box = document.getElementById("lightbox");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-box="${name}"]`);
  const all = () => Array.from(document.querySelectorAll("#thread [data-lightbox]"));
  let shown = "";

  function show(link) {
    shown = link.id;
    const links = all();
    const place = links.findIndex((one) => one.id === shown);
    const message = link.closest(".message");
    const picture = part("picture");
    picture.classList.remove("is-zoomed");
    picture.src = link.href;
    picture.alt = link.querySelector("img").alt;
    part("caption").textContent = message?.querySelector(".message-body")?.textContent || "";
    part("time").textContent = message?.querySelector(".message-foot time")?.title || "";
    part("count").textContent = links.length > 1 ? box.dataset.count.replace("{n}", place + 1).replace("{all}", links.length) : "";
    part("save").href = link.dataset.save;
    part("save").download = link.dataset.name;
    part("before").disabled = place <= 0;
    part("after").disabled = place >= links.length - 1;
  }

  function move(by) {
    const links = all();
    const next = links[links.findIndex((one) => one.id === shown) + by];
    if (!next) return;
    const focused = document.activeElement;
    show(next);
    next.scrollIntoView({ block: "center" });
    if (focused.disabled) part("close").focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#thread [data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
    box.showModal();
    part("close").focus();
  });

  box.addEventListener("click", (event) => {
    if (event.target.closest('[data-box="before"]')) move(-1);
    else if (event.target.closest('[data-box="after"]')) move(1);
    else if (event.target.matches('[data-box="picture"]')) event.target.classList.toggle("is-zoomed");
    else if (event.target.closest('[data-box="close"]') || event.target.matches("[data-backdrop], dialog")) box.close();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") move(-1);
    else if (event.key === "ArrowRight") move(1);
    else return;
    event.preventDefault();
  });
  box.addEventListener("close", () => {
    part("picture").removeAttribute("src");
    document.getElementById(shown)?.focus();
  });
})();
