// A countdown that goes on by itself between two readings of the server's clock: how much is left
// comes from the server, how fast it passes from this browser. It never tells the time.

import { createElement as h, useEffect, useState } from "react";

const DAY = 86400;
const persian = (text) => String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
const two = (number) => persian(String(number).padStart(2, "0"));

export function Countdown({ left, reading, label, days }) {
  const [passed, setPassed] = useState(0);

  // `reading` changes with every answer of the server, `left` perhaps not.
  useEffect(() => {
    const start = performance.now();
    setPassed(0);
    const tick = setInterval(() => setPassed((performance.now() - start) / 1000), 250);
    return () => clearInterval(tick);
  }, [left, reading]);

  const rest = Math.max(0, Math.ceil(left - passed));
  const whole = Math.floor(rest / DAY);
  const clock = [rest % DAY / 3600, rest % 3600 / 60, rest % 60].map(Math.floor).map(two).join(":");
  const cells = [...clock].map((sign, at) =>
    h("i", { key: at, className: sign === ":" ? "sep" : undefined }, sign),
  );
  return h(
    "span",
    { role: "timer", "aria-label": label },
    whole > 0 && h("span", { className: "ceremony-days", "aria-hidden": true },
      `${persian(whole)} ${days} `),
    h("bdi", { dir: "ltr", className: "cells", "aria-hidden": true }, cells),
  );
}
