// Small interactions that must not wait for an answer of the server.

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const GROUT = 4;

// Distance of two spans; 0 while they overlap.
const apart = (a0, a1, b0, b1) => Math.max(0, b0 - a1, a0 - b1);

// Whether b is entirely on that side of a.
const beyond = (a, b, [x, y]) =>
  x > 0 ? b.left > a.right - GROUT
  : x < 0 ? b.right < a.left + GROUT
  : y > 0 ? b.top > a.bottom - GROUT
  : b.bottom < a.top + GROUT;

// Arrow keys move by geography, not by reading order: the map's north is up.
export function walk(event) {
  const step = STEPS[event.key];
  const here = document.activeElement;
  if (!step || !here.hasAttribute("data-walk")) return;
  const a = here.getBoundingClientRect();
  let best = null;
  let least = Infinity;
  for (const there of event.currentTarget.querySelectorAll("[data-walk]")) {
    const b = there.getBoundingClientRect();
    const dx = (b.left + b.right - a.left - a.right) / 2;
    const dy = (b.top + b.bottom - a.top - a.bottom) / 2;
    const along = dx * step[0] + dy * step[1];
    if (there === here || !beyond(a, b, step)) continue;
    const across = step[0]
      ? apart(a.top, a.bottom, b.top, b.bottom)
      : apart(a.left, a.right, b.left, b.right);
    const far = along + 3 * across + 0.01 * Math.abs(step[0] ? dy : dx);
    if (far < least) [best, least] = [there, far];
  }
  event.preventDefault();
  if (best) best.focus();
}

// One tab stop for the whole group: the tile that had the focus last.
export function settle(event) {
  if (!event.target.hasAttribute("data-walk")) return;
  for (const tile of event.currentTarget.querySelectorAll("[data-walk]")) {
    tile.tabIndex = tile === event.target ? 0 : -1;
  }
}

// Shows the password while it is typed. It is hidden again before the page is left, so that no
// browser stores it as an earlier value of a text field.
export function reveal(event) {
  const button = event.currentTarget;
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const hide = () => {
    field.type = "password";
    button.setAttribute("aria-pressed", "false");
  };
  if (field.type === "text") {
    hide();
    return;
  }
  field.type = "text";
  button.setAttribute("aria-pressed", "true");
  field.form?.addEventListener("submit", hide, { once: true });
}

// Updates «۱۲ از ۵۰۰» under a long text while it is typed.
export function count(event) {
  const field = event.target;
  const sign = document.getElementById(`${field.id}-count`);
  if (sign) {
    sign.textContent = String([...field.value].length).replace(/[0-9]/g, (one) => "۰۱۲۳۴۵۶۷۸۹"[one]);
  }
}
