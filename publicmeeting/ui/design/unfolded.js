// On paper nothing is folded: opens whatever is folded with a sign before the page is printed, and
// folds it again. Only browsers since the end of 2024 let a style sheet do that.

const FOLDED = "details:not([open]) > .disclosure, .road-before:not([open]) > summary";

const opened = [];

function unfold() {
  for (const sign of document.querySelectorAll(FOLDED)) {
    opened.push(sign.parentElement);
    sign.parentElement.open = true;
  }
}

function foldAgain() {
  for (const one of opened.splice(0)) one.open = false;
}

// For all pages once.
if (typeof document !== "undefined") {
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", foldAgain);
}

export function Unfolded() {
  return null;
}
