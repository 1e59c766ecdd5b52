// A call cannot be missed: while one stands on the page, the phone shakes where it is allowed to, and
// the tab's title and sign change, also behind another tab. What stands is read from the page itself
// (data-call), so that nothing of it passes through here; a call that was noticed once shakes no
// more, also after the page is read anew.

import { useEffect } from "react";

const SHAKES = [600, 200, 600, 200, 1000];
const SIGN = "/icon-called.svg";
const NOTICED = "call-noticed";

function noticedBefore(call) {
  try {
    if (sessionStorage.getItem(NOTICED) === call) return true;
    sessionStorage.setItem(NOTICED, call);
  } catch {
    // A browser that stores nothing shakes once for each time the page is opened.
  }
  return false;
}

export function CallAlarm({ title }) {
  useEffect(() => {
    let standing = "";
    let before = "";
    let signs = [];
    const end = () => {
      if (!standing) return;
      standing = "";
      if (document.title === title) document.title = before;
      for (const [link, href] of signs) link.setAttribute("href", href);
    };
    const begin = (call) => {
      if (!standing) {
        before = document.title;
        signs = [...document.querySelectorAll("link[rel~='icon']")].map((one) => [one, one.getAttribute("href")]);
      }
      standing = call;
      document.title = title;
      for (const [link] of signs) link.href = SIGN;
      if (!noticedBefore(call)) navigator.vibrate?.(SHAKES);
    };
    const look = () => {
      const call = document.querySelector("[data-call]")?.dataset.call ?? "";
      if (call === standing) return;
      if (call) begin(call);
      else end();
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["data-call"],
    });
    look();
    return () => {
      watch.disconnect();
      end();
    };
  }, [title]);
  return null;
}
