// A plain form is sent once: of two taps a browser shows the second answer and throws the first one
// away, with its cookies. Another button of the form is another press; after some seconds, or on a
// page that has come back, the same one may be pressed again, for the line may have lost the first.
// Telephones set their clock when the line returns: these seconds are not its own.

const AGAIN_AFTER_MS = 8000;
let lastPress = {};

export function isTwice({ target: form, submitter }, now = performance.now()) {
  const button = submitter ?? form;
  const isAgain = lastPress.button === button && now - lastPress.at < AGAIN_AFTER_MS;
  if (!isAgain) lastPress = { button, at: now };
  return isAgain;
}

export const mayPressAgain = () => (lastPress = {});
