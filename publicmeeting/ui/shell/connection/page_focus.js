// Moves the focus after a navigation. Another page of the app is not a new document: a screen
// reader does not read it, and the focus disappears with the pressed link. The focus goes to the
// new heading, and again if that is drawn anew while its page loads, until the user does something.

import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

const MOST = 5000; // ms

// A field that disappears with its page gets no blur event. This script blurs it before «back»
// changes the page, so that what was just typed is saved before the next page reads.
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
      // At the mayor's table the first h1 may be the visitor's name beside the sheet, so the one in
      // main comes first.
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
