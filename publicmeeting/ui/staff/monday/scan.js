// The button that opens the camera. The reader is fetched at the first press only.

import { createElement as h, lazy, Suspense, useState } from "react";

const Camera = lazy(() => import("./camera.js"));

export function PassScanner({ words, onCode }) {
  const [open, setOpen] = useState(false);
  const button = h(
    "button",
    {
      type: "button",
      className: "btn btn-secondary btn-sm md:min-h-13",
      "aria-expanded": open,
      onClick: () => setOpen(!open),
    },
    open ? words.stop : words.open,
  );
  const leave = (event) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation(); // it closes no form of the page
    setOpen(false);
  };
  return h(
    "div",
    { className: "scan no-print", onKeyDown: leave },
    button,
    open && h(Suspense, { fallback: null }, h(Camera, { words, onCode })),
  );
}
