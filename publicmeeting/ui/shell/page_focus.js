// Another page of the app is no new document: nobody reads it aloud, and the focus is gone with the
// link that was pressed. It goes to the new heading, and again if that is drawn anew while its page
// loads, until she goes on herself.

import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

const MOST = 5000; // ms

// A field that goes with its page is never left: before «back» leads elsewhere this leaves it, so
// that what was typed in it just now is saved before the next page reads.
function leaveField() {
  const field = document.activeElement;
  if (field?.matches("input, textarea")) field.blur();
}

export function PageFocus() {
  const { pathname } = useLocation();
  useEffect(() => {
    addEventListener("popstate", leaveField, true);
    return () => removeEventListener("popstate", leaveField, true);
  }, []);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const lead = () => {
      // At the mayor's table the name of the visitor stands beside what is written.
      const heading = document.querySelector("main h1") ?? document.querySelector("h1");
      if (!heading || document.activeElement !== document.body) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    };
    const watch = new MutationObserver(lead);
    const stop = () => watch.disconnect();
    const late = setTimeout(stop, MOST);
    for (const press of ["keydown", "pointerdown"]) addEventListener(press, stop, { once: true });
    watch.observe(document.body, { childList: true, subtree: true });
    lead();
    return () => {
      clearTimeout(late);
      stop();
    };
  }, [pathname]);
  return null;
}
