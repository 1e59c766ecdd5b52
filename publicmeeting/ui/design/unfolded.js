// On paper nothing is folded: opens whatever is folded with a sign before the page is printed, and
// folds it again. Only browsers since the end of 2024 let a style sheet do that.

const FOLDED = "details:not([open]) > .disclosure, .road-before:not([open]) > summary";

let opened = [];

function unfold() {
  opened = [...document.querySelectorAll(FOLDED)].map((sign) => sign.parentElement);
  for (const one of opened) one.open = true;
}

function foldAgain() {
  for (const one of opened) one.open = false;
}

// For all pages once.
if (typeof document !== "undefined") {
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", foldAgain);
}

export function Unfolded() {
  return null;
}
