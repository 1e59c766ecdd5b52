// The four corners of a photographed paper. They are dragged or moved by keys, and then the paper
// is straightened.

import { createElement as h, useEffect, useRef, useState } from "react";
import { post } from "./keeping.js";

const ALL = [[0, 0], [1, 0], [1, 1], [0, 1]];
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const LOOKS = 8000; // maximum milliseconds for a suggestion
const STRAIGHTENS = 1; // the limit of a second try: the server needs seconds for it
const TOUCH = 24; // half the side of a touch target, in pixels of the screen

const inside = (value) => Math.max(0, Math.min(1, value));

export function CornerEditor({ photo, words, onMade }) {
  const address = photo && `/papers/${photo.split("/")[2]}`;
  const [corners, setCorners] = useState(ALL);
  const [size, setSize] = useState([0, 0]); // of the picture on the screen
  const [busy, setBusy] = useState(false);
  const [looking, setLooking] = useState(true); // while the corners are being suggested
  const [error, setError] = useState("");
  const [spoken, setSpoken] = useState("");
  const frame = useRef(null);
  const held = useRef(-1);
  const moved = useRef(false); // by hand: a suggestion must not move them any more
  const guessing = looking && !moved.current;

  useEffect(() => {
    let here = true;
    moved.current = false;
    setCorners(ALL);
    setLooking(true);
    fetch(`${address}/corners`, { signal: AbortSignal.timeout(LOOKS) })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then(({ corners: found }) => here && !moved.current && found?.length === 4 && setCorners(found))
      .catch(() => {}) // without a suggestion the frame is the whole picture
      .finally(() => here && setLooking(false));
    return () => {
      here = false;
    };
  }, [address]);

  useEffect(() => {
    const seen = new ResizeObserver(([one]) =>
      setSize([one.contentRect.width, one.contentRect.height]),
    );
    seen.observe(frame.current);
    return () => seen.disconnect();
  }, []);

  const put = (at, x, y) => {
    moved.current = true;
    setCorners((all) => all.map((one, number) => (number === at ? [inside(x), inside(y)] : one)));
  };

  function drag(event) {
    if (held.current < 0) return;
    const box = frame.current.getBoundingClientRect();
    put(held.current, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  function take(at, event) {
    event.preventDefault();
    held.current = at;
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  const press = (at) => (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const far = event.shiftKey ? 0.05 : 0.005;
    put(at, corners[at][0] + step[0] * far, corners[at][1] + step[1] * far);
  };

  async function send() {
    if (busy || guessing) return;
    setBusy(true);
    setError("");
    try {
      const { status, content } = await post(address, STRAIGHTENS, { corners });
      if (status !== 201) return setError(content.error || words.failed);
      setSpoken(words.straight);
      onMade(content.id);
    } catch {
      setError(words.failed); // no network, or none that answers
    } finally {
      setBusy(false);
    }
  }

  const [width, height] = size;
  const at = corners.map(([x, y]) => [x * width, y * height]);
  const handle = ([x, y], number) =>
    h(
      "g",
      {
        key: number,
        role: "button",
        tabIndex: 0,
        "aria-label": words.corner[number],
        "data-corner": number,
        transform: `translate(${x} ${y})`,
        onPointerDown: (event) => take(number, event),
        onPointerMove: drag,
        onPointerUp: () => (held.current = -1),
        onPointerCancel: () => (held.current = -1),
        onKeyDown: press(number),
        className: "corner",
      },
      h("rect", { x: -TOUCH, y: -TOUCH, width: 2 * TOUCH, height: 2 * TOUCH, fill: "transparent" }),
      h("rect", { x: -9, y: -9, width: 18, height: 18, className: "corner-sign" }),
    );
  return h(
    "div",
    { className: "grid gap-3" },
    h("p", { className: "text-ink2" }, words.lead),
    h(
      "div",
      { ref: frame, dir: "ltr", className: "corners" },
      h("img", { src: photo, alt: words.alt, decoding: "async", draggable: false }),
      h(
        "svg",
        { viewBox: `0 0 ${width || 1} ${height || 1}`, role: "group", "aria-label": words.corners },
        h("polygon", { points: at.map((one) => one.join(",")).join(" "), className: "corner-lines" }),
        at.map(handle),
      ),
    ),
    error && h("p", { role: "alert", className: "text-brick" }, error),
    h(
      "button",
      {
        type: "button",
        onClick: send,
        "aria-busy": busy || guessing,
        className: "btn btn-primary btn-sm justify-self-start",
      },
      busy ? words.busy : guessing ? words.looking : words.go,
    ),
    h("p", { role: "status", className: "sr-only" }, spoken),
  );
}
