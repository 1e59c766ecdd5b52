// Another step is another page for whoever hears or tabs: the title names it, and the focus goes to
// its heading. On the first step of a visit the browser's own place stays.

import { useEffect, useRef } from "react";

export function StepFocus({ step, title }) {
  const before = useRef(0);
  useEffect(() => {
    document.title = title;
    const heading = document.querySelector("main h1");
    if (before.current && before.current !== step && heading) {
      heading.tabIndex = -1;
      heading.focus();
    }
    before.current = step;
  }, [step, title]);
  return null;
}
