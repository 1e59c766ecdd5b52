
// Finds a number for which the hash of `MARK.number` begins with enough zero bits; MARK is the last
// part of the text. It works in small portions, so that the page stays responsive, and then submits
// the form.
const form = document.getElementById("proof");
const { text, bits } = form.dataset;
const encoder = new TextEncoder();
const begin = encoder.encode(`${text.split(".").pop()}.`);
const PORTION = 40; // milliseconds
let number = 0;

function isSolved(hash) {
  let left = Number(bits);
  for (let at = 0; left > 0; at++, left -= 8)
    if (left >= 8 ? hash[at] : hash[at] >> (8 - left)) return false;
  return true;
}

function work() {
  const until = performance.now() + PORTION;
  while (performance.now() < until)
    for (let round = 0; round < 64; round++, number++) {
      const digits = encoder.encode(String(number));
      const bytes = new Uint8Array(begin.length + digits.length);
      bytes.set(begin);
      bytes.set(digits, begin.length);
      if (isSolved(digest(bytes))) {
        form.elements.proof.value = `${text}.${number}`;
        form.submit();
        return;
      }
    }
  setTimeout(work);
}

form.querySelector("button").hidden = true;
document.getElementById("working").hidden = false;
work();
