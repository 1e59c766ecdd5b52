// Reads the QR codes of passes one after another from the camera: by the browser's BarcodeDetector
// if it has one, otherwise by sending a small grey picture to the server, which stores none. At
// most two pictures a second are sent. A pass that was read is not read again for some seconds.

import { createElement as h, useEffect, useRef, useState } from "react";

const LOOK = 150; // milliseconds between two reads by the browser's own reader
const SEND = 600; // milliseconds between two pictures that are sent
const REST = 1500; // milliseconds after a pass, to hold up the next one
const SAME = 5000; // milliseconds for which the same code counts as the same pass
const WIDE = 640; // pixels of a picture that is sent
const QUALITY = 0.7;

const wait = (time) => new Promise((done) => setTimeout(done, time));

async function ownReader() {
  try {
    const known = await window.BarcodeDetector.getSupportedFormats();
    if (!known.includes("qr_code")) return null;
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  } catch {
    return null;
  }
}

// Grey and small, because a code needs no more and faces must not be sent.
function pictureOf(video) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.min(WIDE, video.videoWidth);
  canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
  const context = canvas.getContext("2d");
  context.filter = "grayscale(1)";
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

async function cityReader(video) {
  const answer = await fetch("/scan", { method: "POST", body: await pictureOf(video) });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).code;
}

// A short tone, if the browser allows it.
function sound(context) {
  if (!context) return;
  const tone = context.createOscillator();
  const loud = context.createGain();
  tone.frequency.value = 880;
  loud.gain.setValueAtTime(0.2, context.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.15);
  tone.connect(loud).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.15);
}

function audio() {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}

const refusedBy = (fault, words) =>
  fault?.name === "NotAllowedError" || fault?.name === "SecurityError"
    ? words.refused
    : words.missing;

async function look(video, going, tell, heard) {
  const own = "BarcodeDetector" in window ? await ownReader() : null;
  const read = own ?? cityReader;
  const until = new Map(); // code → until when it counts as the same pass, even beside another one
  while (going()) {
    let rest = own ? LOOK : SEND;
    try {
      const text = video.videoWidth && !document.hidden ? await read(video) : "";
      if (going()) tell("");
      const now = performance.now();
      if (text && going() && !(until.get(text) > now)) {
        heard(text);
        rest = REST;
      }
      if (text) until.set(text, now + SAME);
    } catch {
      if (going()) tell("lost");
      rest = REST;
    }
    await wait(rest);
  }
}

export default function Camera({ words, onCode }) {
  const place = useRef(null);
  const newest = useRef(onCode);
  newest.current = onCode;
  const [fault, setFault] = useState("");
  const [isRead, setRead] = useState(false);
  const [light, setLight] = useState(null);

  useEffect(() => {
    let alive = true;
    let stream = null;
    const tones = audio();
    const video = place.current;
    const heard = (text) => {
      sound(tones);
      setRead(true);
      setTimeout(() => alive && setRead(false), REST);
      newest.current(text);
    };
    (async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: "environment", width: { ideal: 1280 } },
        });
      } catch (problem) {
        if (alive) setFault(refusedBy(problem, words));
        return;
      }
      if (!alive) return stop(stream);
      video.srcObject = stream;
      await video.play().catch(() => {});
      const [track] = stream.getVideoTracks();
      if (track.getCapabilities?.().torch) setLight({ track, on: false });
      track.addEventListener("ended", () => alive && setFault(words.missing));
      const going = () => alive && track.readyState === "live"; // an ended camera leaves its last picture
      await look(video, going, (what) => setFault(what ? words.lost : ""), heard);
    })();
    return () => {
      alive = false;
      stop(stream);
      tones?.close();
    };
  }, []);

  const isBlind = [words.refused, words.missing].includes(fault);
  const shine = async () => {
    const on = !light.on;
    await light.track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
    setLight({ ...light, on });
  };
  return h(
    "div",
    { className: isRead ? "scan-view scan-read" : "scan-view" },
    h("video", { ref: place, hidden: isBlind, muted: true, playsInline: true, "aria-label": words.ready }),
    h("p", { className: fault ? "scan-fault" : "text-meta", role: "status" }, fault || words.ready),
    light &&
      h(
        "button",
        {
          type: "button",
          className: "btn btn-quiet btn-sm",
          "aria-pressed": light.on,
          onClick: shine,
        },
        words.light,
      ),
  );
}

function stop(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}
