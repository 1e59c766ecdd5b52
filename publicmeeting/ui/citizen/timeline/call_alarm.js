// Makes a call hard to miss. While a call is on the page, the phone vibrates where that is allowed,
// and the tab's title and icon change, also in a background tab. The call is read from the page
// itself (data-call), so no data of it passes through this script. A call that was noticed once
// does not vibrate again, even after the page is read again.

import { useEffect } from "react";

const SHAKES = [600, 200, 600, 200, 1000];
const SIGN = "/icon-called.svg";
const NOTICED = "call-noticed";

function noticedBefore(call) {
  try {
    if (sessionStorage.getItem(NOTICED) === call) return true;
    sessionStorage.setItem(NOTICED, call);
  } catch {
    // A browser without storage vibrates once each time the page is opened.
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
