// The button that opens the camera. The reader is fetched at the first press only.

import { createElement as h, lazy, Suspense, useState } from "react";

const Camera = lazy(() => import("./camera.js"));

export function PassScanner({ words, onCode }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const button = h(
    "button",
    {
      type: "button",
      className: "btn btn-secondary btn-sm",
      "aria-expanded": open,
      onClick: () => setOpen(!open),
    },
    open ? words.stop : words.open,
  );
  const camera = h(Camera, { words, onCode, onClose: close });
  return h(
    "div",
    { className: "scan no-print" },
    button,
    open && h(Suspense, { fallback: null }, camera),
  );
}
