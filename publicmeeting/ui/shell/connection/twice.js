// Sends a plain form only once. After a double tap a browser shows the second answer and discards
// the first one with its cookies. Another button of the form is another press. After some seconds,
// or on a page that was restored, the same button may be pressed again, because the first press may
// have been lost. The seconds are not measured by the wall clock, which telephones set when the
// network returns.

const AGAIN_AFTER_MS = 8000;
let lastPress = {};

export function isTwice({ target: form, submitter }, now = performance.now()) {
  const button = submitter ?? form;
  const isAgain = lastPress.button === button && now - lastPress.at < AGAIN_AFTER_MS;
  if (!isAgain) lastPress = { button, at: now };
  return isAgain;
}

export const mayPressAgain = () => (lastPress = {});
