// A message of voice: recorded in the page, heard before it leaves, sent like any other file.
(() => {
  "use strict";
  const { toast } = window.guiche;
  const { current } = window.guiche.composer;
  const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
  const can = Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
  const LONGEST = 15 * 60; // seconds

  let take = null;
  let asking = false; // the browser may ask for leave first

  const boxOf = () => current()?.composer.querySelector(".recorder");
  const part = (name) => boxOf()?.querySelector(`[data-record-${name}]`);

  async function start() {
    if (take || asking) return;
    const box = boxOf();
    const { composer } = current();
    let stream;
    asking = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    } catch (error) {
      return toast(error.name === "NotFoundError" ? box.dataset.none : box.dataset.refused);
    } finally {
      asking = false;
    }
    if (current()?.composer !== composer) return stream.getTracks().forEach((track) => track.stop());
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one)) || "";
    const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32000 } : {});
    take = { stream, recorder, chunks: [], seconds: 0, conversation: composer.dataset.conversation, note: current().note };
    recorder.addEventListener("dataavailable", (event) => take?.chunks.push(event.data));
    recorder.start(1000);
    measure(stream);
    take.timer = setInterval(tick, 200);
    take.since = performance.now();
    box.hidden = false;
    draw();
    part("send").focus();
  }

  function measure(stream) {
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(stream).connect(analyser);
    Object.assign(take, { audio, analyser, wave: new Uint8Array(analyser.fftSize) });
  }

  function tick() {
    if (!take || take.recorder.state !== "recording") return;
    take.seconds += (performance.now() - take.since) / 1000;
    take.since = performance.now();
    take.analyser.getByteTimeDomainData(take.wave);
    const loud = Math.max(...take.wave.map((value) => Math.abs(value - 128))) / 128;
    boxOf()?.querySelector(".recorder-level").setAttribute("value", loud.toFixed(2));
    draw();
    if (take.seconds >= LONGEST) pause();
  }

  function draw() {
    const box = boxOf();
    if (!box || !take) return;
    const whole = Math.floor(take.seconds);
    box.querySelector(".recorder-time").textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    const running = take.recorder.state === "recording";
    box.classList.toggle("is-recording", running);
    part("pause").textContent = running ? box.dataset.pause : box.dataset.resume;
  }

  function pause() {
    if (take.recorder.state === "recording") take.recorder.pause();
    else if (take.recorder.state === "paused") {
      take.recorder.resume();
      take.since = performance.now();
      hearing(false);
    }
    draw();
  }

  function hearing(shows) {
    const box = boxOf();
    const audio = box.querySelector("audio");
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.hidden = !shows;
    box.querySelector(".recorder-level").hidden = shows;
    if (shows) audio.src = URL.createObjectURL(blob());
    else audio.removeAttribute("src");
  }

  const blob = () => new Blob(take.chunks, { type: take.recorder.mimeType });

  // What was recorded so far, playable although it may go on.
  function listen() {
    if (take.recorder.state === "recording") take.recorder.pause();
    take.recorder.addEventListener("dataavailable", () => {
      hearing(true);
      boxOf().querySelector("audio").play().catch(() => {});
    }, { once: true });
    take.recorder.requestData();
    draw();
  }

  function end() {
    const { stream, audio, timer, recorder } = take;
    clearInterval(timer);
    if (recorder.state !== "inactive") recorder.stop();
    stream.getTracks().forEach((track) => track.stop());
    audio.close();
    const box = boxOf();
    if (box) {
      hearing(false);
      box.hidden = true;
    }
    take = null;
  }

  async function leave() {
    const { recorder, conversation, note } = take;
    if (recorder.state !== "inactive") {
      const stopped = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
      recorder.stop();
      await stopped;
    }
    const file = new File([blob()], "voz", { type: recorder.mimeType.split(";")[0] });
    end();
    const open = current();
    if (!open || open.composer.dataset.conversation !== conversation) return;
    const item = window.guiche.files.add([file], true);
    if (!item || await item.ready !== "ready") return;
    // Meanwhile another conversation, or somebody else's: it stays among the files, to be decided.
    if (current()?.composer !== open.composer || current().note !== note) return;
    const { field } = open;
    const begun = field.value; // a text that is half written does not leave with it
    field.value = "";
    open.composer.requestSubmit();
    if (begun) window.guiche.composer.insert(field, begun, 0, field.value.length);
  }

  const showTool = () => {
    const tool = document.querySelector("[data-action=record]");
    if (tool) tool.hidden = !can;
    // The composer it began in is gone: nothing is kept of it.
    if (take && current()?.composer.dataset.conversation !== take.conversation) end();
  };
  document.addEventListener("guiche:settled", showTool);
  showTool();

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-action=record]")) start();
    else if (!take) return;
    else if (on("[data-record-cancel]")) { end(); current()?.field.focus(); }
    else if (on("[data-record-pause]")) pause();
    else if (on("[data-record-stop]")) listen();
    else if (on("[data-record-send]")) leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !take || event.defaultPrevented || !event.target.closest?.(".composer")) return;
    event.preventDefault();
    end();
    current()?.field.focus();
  });
})();
