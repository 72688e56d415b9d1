// Records a sentence in the browser, and makes of whatever was recorded or chosen a file that the
// speaker can read. Without scripts a file is sent as it is.
"use strict";
(() => {
  const place = document.getElementById("recorder");
  const file = document.getElementById("file");
  if (!place || !file) return;
  const [button, status, player] = ["button", "[role=status]", "audio"].map((what) => place.querySelector(what));
  const words = place.dataset;
  const MOST = 20000; // milliseconds
  const RATE = 48000;
  let recorder = null;

  // Sixteen bits, one channel: what every reader of WAV knows.
  function wav(sound) {
    const channels = [...Array(sound.numberOfChannels).keys()].map((n) => sound.getChannelData(n));
    const view = new DataView(new ArrayBuffer(44 + 2 * sound.length));
    const text = (at, letters) => [...letters].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
    text(0, "RIFF");
    view.setUint32(4, 36 + 2 * sound.length, true);
    text(8, "WAVEfmt ");
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true);
    view.setUint16(22, 1, true);
    view.setUint32(24, sound.sampleRate, true);
    view.setUint32(28, 2 * sound.sampleRate, true);
    view.setUint16(32, 2, true);
    view.setUint16(34, 16, true);
    text(36, "data");
    view.setUint32(40, 2 * sound.length, true);
    for (let n = 0; n < sound.length; n += 1) {
      const mean = channels.reduce((sum, channel) => sum + channel[n], 0) / channels.length;
      view.setInt16(44 + 2 * n, Math.round(32767 * Math.max(-1, Math.min(1, mean))), true);
    }
    return new Blob([view], { type: "audio/wav" });
  }

  async function take(blob) {
    const Offline = window.OfflineAudioContext || window.webkitOfflineAudioContext;
    const sound = await new Offline(1, 1, RATE).decodeAudioData(await blob.arrayBuffer());
    const made = wav(sound);
    const chosen = new DataTransfer();
    chosen.items.add(new File([made], "recording.wav", { type: made.type }));
    file.files = chosen.files;
    player.src = URL.createObjectURL(made);
    player.hidden = false;
    status.textContent = "";
  }

  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    try {
      await take(file.files[0]);
    } catch (error) {
      status.textContent = words.unread; // sent as it is: the speaker may know better
    }
  });

  button.addEventListener("click", async () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    let stream = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      status.textContent = words.refused;
      return;
    }
    const parts = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", async () => {
      stream.getTracks().forEach((track) => track.stop());
      const type = recorder.mimeType;
      recorder = null;
      button.textContent = words.begin;
      try {
        await take(new Blob(parts, { type }));
      } catch (error) {
        status.textContent = words.unread;
      }
    });
    recorder.start();
    const mine = recorder;
    setTimeout(() => mine === recorder && recorder.stop(), MOST);
    button.textContent = words.end;
    status.textContent = "";
  });

  place.hidden = false;
  button.textContent = words.begin;
  if (!navigator.mediaDevices || !window.MediaRecorder) {
    button.hidden = true;
    status.textContent = words.insecure;
  }
})();
