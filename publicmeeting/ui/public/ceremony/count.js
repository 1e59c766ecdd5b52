// A countdown between two readings of the server's clock. The server says how much time is left;
// this browser measures only how much has passed since. It never shows this browser's time.

import { createElement as h, useEffect, useState } from "react";

const DAY = 86400;
const persian = (text) => String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
const two = (number) => persian(String(number).padStart(2, "0"));

export function Countdown({ left, reading, label, days }) {
  const [passed, setPassed] = useState(0);

  // `reading` changes with every answer of the server; `left` may be the same.
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
