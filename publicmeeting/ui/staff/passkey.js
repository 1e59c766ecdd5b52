// Sign-in by a passkey of this device. The device signs the server's challenge, and a plain form
// carries the answer, so that cookies and refusals work as for every other form.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const letters = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const PARTS = ["clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"];

function answerOf({ id, type, response }) {
  const parts = PARTS.filter((name) => response[name]).map((name) => [name, letters(response[name])]);
  return JSON.stringify({ id, rawId: id, type, response: Object.fromEntries(parts) });
}

async function signed(options) {
  options.challenge = bytes(options.challenge);
  if (!options.user) return navigator.credentials.get({ publicKey: options });
  options.user.id = bytes(options.user.id);
  for (const one of options.excludeCredentials) one.id = bytes(one.id);
  return navigator.credentials.create({ publicKey: options });
}

// The button's form names the address of the challenge. Its alert has the words for a user who
// cancels or has no key; if the server refuses, it shows the server's own words.
export async function touchKey(event) {
  event.preventDefault();
  const button = event.currentTarget;
  const form = button.form;
  const alert = form.querySelector("[data-key-failed]");
  alert.hidden = true;
  button.disabled = true;
  let why = alert.dataset.keyFailed;
  try {
    const asked = await fetch(form.dataset.keyOptions, { method: "POST" });
    if (asked.ok) {
      form.elements.credential.value = answerOf(await signed(await asked.json()));
      form.submit();
      return;
    }
    if (asked.headers.get("content-type")?.startsWith("text/plain")) why = await asked.text();
  } catch {
    // Cancelled, timed out, or no key of this site: the alert says what to do.
  }
  button.disabled = false;
  alert.textContent = why;
  alert.hidden = false;
}
