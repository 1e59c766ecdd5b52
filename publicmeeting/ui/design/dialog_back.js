// Lets Back close an open dialog instead of leaving its page: on a phone an order that is seen large
// fills the screen like a page. Only some browsers do that by themselves.
//
// An open dialog has an entry of its own in the history, with the key of its page's entry. React
// Router is not informed when the browser goes from one to the other, or it would load the page again.

let page; // key of the page over which a dialog was opened last
let isReturning = false; // from a dialog's entry that is needed no longer

const openDialogs = () => [...document.querySelectorAll("dialog[open]")];
const isOfDialog = () => Boolean(history.state?.dialog);

function look() {
  const isOpen = openDialogs().length > 0;
  if (isOpen && !isOfDialog()) {
    page = history.state?.key;
    history.pushState({ ...history.state, dialog: true }, "");
  } else if (!isOpen && isOfDialog() && !isReturning) {
    isReturning = true;
    history.back();
  }
}

function wentBack(event) {
  const wasReturning = isReturning;
  isReturning = false;
  if (history.state?.key !== page || isOfDialog()) return;
  const open = wasReturning ? [] : openDialogs();
  if (!wasReturning && !open.length) return;
  event.stopImmediatePropagation();
  for (const dialog of open) dialog.close();
}

// For all pages once, and before the router's own listener.
if (typeof document !== "undefined") {
  // A reload over a dialog's entry finds no dialog open.
  if (isOfDialog()) history.replaceState({ ...history.state, dialog: false }, "");
  addEventListener("popstate", wentBack, true);
  new MutationObserver(look).observe(document, { attributeFilter: ["open"], subtree: true });
}

export function DialogBack() {
  return null;
}
