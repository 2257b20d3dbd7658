// Sounds, made here and played by one tab of the browser only.
//
// Browsers let a page sound only after somebody touched it. Tabs that may sound stand in line for
// one lock; who holds it plays, and another takes over when that tab goes.
(() => {
  "use strict";
  const LOCK = "guiche-sound";
  const AudioMaker = window.AudioContext || window.webkitAudioContext;
  let audio = null;
  let leads = false;

  // Each note: begins after (s), frequency (Hz), lasts (s), loudness.
  const TONES = {
    call: [[0, 659.3, 0.16, 1], [0.18, 880, 0.16, 1], [0.44, 659.3, 0.16, 1], [0.62, 880, 0.28, 1]],
    tap: [[0, 523.3, 0.09, 0.7], [0.07, 784, 0.2, 0.7]],
    alarm: [[0, 392, 0.2, 1], [0.24, 311.1, 0.42, 1]],
  };

  function sound(tone, volume) {
    const level = Math.max(0, Math.min(1, volume / 100)) ** 2 * 0.5; // ears hear powers, not sums
    for (const [after, frequency, seconds, loudness] of TONES[tone]) {
      const at = audio.currentTime + 0.02 + after;
      const note = new OscillatorNode(audio, { type: "triangle", frequency });
      const hull = new GainNode(audio, { gain: 0 });
      hull.gain.setValueAtTime(0, at);
      hull.gain.linearRampToValueAtTime(level * loudness, at + 0.012);
      hull.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
      note.connect(hull).connect(audio.destination);
      note.start(at);
      note.stop(at + seconds + 0.02);
    }
    document.dispatchEvent(new CustomEvent("guiche:sounded", { detail: { tone } }));
  }

  // ── Leave to sound ─────────────────────────────────────────────────────────────────────────
  const unlocked = () => audio?.state === "running";

  async function unlock() {
    if (!AudioMaker || unlocked()) return unlocked();
    audio ??= new AudioMaker();
    await Promise.race([audio.resume().catch(() => {}), new Promise((done) => setTimeout(done, 300))]);
    if (unlocked()) standInLine();
    return unlocked();
  }

  for (const kind of ["pointerdown", "keydown"])
    document.addEventListener(kind, () => unlock().then((may) => may && document.dispatchEvent(new Event("guiche:unlocked"))), { capture: true });
  if (navigator.userActivation?.hasBeenActive) unlock();

  // ── One tab of several ─────────────────────────────────────────────────────────────────────
  let standing = false;
  function standInLine() {
    if (standing) return;
    standing = true;
    // Locks exist on https and on this machine; elsewhere every tab leads, and `claims` decides.
    if (!navigator.locks) { leads = true; return; }
    navigator.locks.request(LOCK, () => { leads = true; return new Promise(() => {}); });
  }

  // Without locks: the first to write an event down plays it.
  async function claims(key) {
    if (navigator.locks) return true;
    await new Promise((done) => setTimeout(done, Math.random() * 150));
    const [last, at] = (localStorage.getItem(LOCK) || "").split("@");
    if (last === key && Date.now() - Number(at) < 5000) return false;
    localStorage.setItem(LOCK, `${key}@${Date.now()}`);
    return true;
  }

  async function play(tone, volume, key) {
    if (!leads || !unlocked() || volume <= 0) return;
    if (await claims(key)) sound(tone, volume);
  }

  // Whether no tab of this browser may sound.
  async function blocked() {
    if (!AudioMaker || unlocked()) return false;
    if (!navigator.locks) return true;
    const { held } = await navigator.locks.query();
    return !held.some((lock) => lock.name === LOCK);
  }

  // For the test buttons: this tab sounds, whoever leads.
  async function test(tone, volume) {
    if (await unlock()) sound(tone, volume);
  }

  Object.assign(window.guiche, { sounds: { play, blocked, unlock, test, leads: () => leads } });
})();
