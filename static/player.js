// Recordings: one voice at a time, with its loudness, a place to jump to and a speed.
//
// The sound lives here and not in the bubble: a bubble may change while it is heard, and is then
// painted anew. What plays is known by the attachment's number.
(() => {
  "use strict";
  const SPEEDS = [1, 1.5, 2];
  const sound = new Audio();
  const places = new Map(); // where each recording was left, in seconds
  let current = "";
  let speed = SPEEDS.includes(Number(localStorage.getItem("speed"))) ? Number(localStorage.getItem("speed")) : 1;

  const playerOf = (id) => document.querySelector(`[data-player="${id}"]`);
  const isOn = (player) => player.dataset.player === current;
  const length = (player) => Number(player.dataset.seconds) || (isOn(player) && Number.isFinite(sound.duration) ? sound.duration : 0);

  function clock(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  }

  function paint(player) {
    const playing = isOn(player) && !sound.paused;
    const at = isOn(player) ? sound.currentTime : places.get(player.dataset.player) || 0;
    const whole = length(player);
    player.classList.toggle("is-playing", playing);
    player.querySelector("[data-play]").setAttribute("aria-pressed", String(playing));
    player.querySelector(".media-wave").style.setProperty("--heard", `${whole ? Math.min(100, (at / whole) * 100) : 0}%`);
    player.querySelector("[data-time]").textContent = clock(at > 0 || playing ? at : whole);
    const seek = player.querySelector("[data-seek]");
    seek.max = whole;
    seek.value = at;
    seek.setAttribute("aria-valuetext", clock(at));
    const button = player.querySelector("[data-speed]");
    const words = String(speed).replace(".", ",");
    button.textContent = `${words}×`;
    button.setAttribute("aria-label", button.dataset.label.replace("{n}", words));
  }

  function paintAll() {
    document.querySelectorAll("[data-player]").forEach(paint);
    // Whoever leaves the conversation does not go on hearing it.
    if (current && !sound.paused && !playerOf(current)) sound.pause();
  }

  function paintCurrent() {
    const player = current && playerOf(current);
    if (player) paint(player);
  }

  function leave() {
    if (!current) return;
    places.set(current, sound.ended ? 0 : sound.currentTime);
    sound.pause();
  }

  function choose(player) {
    if (isOn(player)) return;
    leave();
    const before = current && playerOf(current);
    current = player.dataset.player;
    sound.src = player.dataset.src;
    sound.defaultPlaybackRate = sound.playbackRate = speed;
    const at = places.get(current) || 0;
    if (at) sound.addEventListener("loadedmetadata", () => { sound.currentTime = at; }, { once: true });
    if (before) paint(before);
  }

  async function play(player) {
    choose(player);
    for (const film of document.querySelectorAll("video")) film.pause();
    try {
      await sound.play();
    } catch (error) {
      if (error.name !== "AbortError") window.guiche.toast(player.dataset.failed);
    }
    paintCurrent();
  }

  function jump(player, seconds) {
    const to = Math.min(Math.max(0, seconds), length(player) || seconds);
    if (isOn(player)) sound.currentTime = to;
    else places.set(player.dataset.player, to);
    paint(player);
  }

  document.addEventListener("click", (event) => {
    const player = event.target.closest?.("[data-player]");
    if (!player) return;
    if (event.target.closest("[data-play]")) {
      if (isOn(player) && !sound.paused) sound.pause();
      else play(player);
    }
    if (event.target.closest("[data-speed]")) {
      speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
      localStorage.setItem("speed", String(speed));
      sound.defaultPlaybackRate = sound.playbackRate = speed;
      paintAll();
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-seek]")) jump(event.target.closest("[data-player]"), Number(event.target.value));
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[data-seek]")) return;
    const player = event.target.closest("[data-player]");
    const step = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2 }[event.key];
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      player.querySelector("[data-play]").click();
    } else if (step) {
      event.preventDefault();
      jump(player, (isOn(player) ? sound.currentTime : places.get(player.dataset.player) || 0) + step);
    }
  });

  for (const name of ["play", "pause", "timeupdate", "durationchange", "seeked"]) sound.addEventListener(name, paintCurrent);
  sound.addEventListener("ended", () => { sound.currentTime = 0; paintCurrent(); });

  // Films and recordings do not talk over each other.
  document.addEventListener("play", (event) => {
    if (!event.target.matches?.("video")) return;
    sound.pause();
    for (const film of document.querySelectorAll("video")) if (film !== event.target) film.pause();
  }, true);

  document.addEventListener("guiche:settled", paintAll);
  paintAll();
})();
