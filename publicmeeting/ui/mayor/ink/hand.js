// Input of the sheet: which touches draw, which are a resting palm, and the pressure of a line.

const QUICK = 3.2; // pixels of the sheet per millisecond at which a line without pressure is thinnest
const LEAST = 1.1; // dots nearer to the last one than this are left out
const RUBBER = 32; // value of `buttons` for the eraser end of a pen

const round = (value, places) => Math.round(value * places) / places;

// When a pen has been near, touches are a resting palm. Without a pen, one finger at a time draws.
export class Hand {
  constructor(canvas, size, acts) {
    this.canvas = canvas;
    this.size = size; // () => [width, height] in pixels of the sheet
    this.acts = acts; // { begin, move, end, cancel, rests }
    this.pen = false;
    this.active = null;
    this.last = null;
    const events = {
      pointerdown: this.down, pointermove: this.move, pointerup: this.up,
      pointercancel: this.lost, pointerenter: this.near, touchmove: this.own,
    };
    this.handlers = Object.entries(events).map(([name, act]) => [name, act.bind(this)]);
    for (const [name, act] of this.handlers) canvas.addEventListener(name, act, { passive: false });
  }

  rest() {
    for (const [name, act] of this.handlers) this.canvas.removeEventListener(name, act);
  }

  // On an iPad whose pencil also writes into text fields ("Scribble"), the system takes every
  // second of several quick strokes, unless the touch event of the pointer is handled too.
  own(event) {
    if (this.canvas.dataset.live !== undefined) event.preventDefault();
  }

  near(event) {
    if (event.pointerType === "pen") this.pen = true;
  }

  down(event) {
    this.near(event);
    if (this.canvas.dataset.live === undefined) return;
    const touch = event.pointerType === "touch";
    if (event.pointerType === "mouse" && event.button !== 0) return;
    event.preventDefault();
    if (touch && this.pen) return this.acts.rests();
    if (this.active) {
      // If a palm touched before its pen, what it drew is removed. A second finger never draws.
      if (!(event.pointerType === "pen" && this.active.type === "touch")) return;
      this.acts.cancel();
    }
    this.active = { id: event.pointerId, type: event.pointerType };
    this.last = null;
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is already gone cannot be captured.
    }
    this.acts.begin(this.dot(event), (event.buttons & RUBBER) !== 0);
  }

  move(event) {
    if (!this.active || event.pointerId !== this.active.id) return this.near(event);
    event.preventDefault();
    const every = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    const dots = (every.length ? every : [event]).map((one) => this.dot(one)).filter(Boolean);
    if (dots.length) this.acts.move(dots);
  }

  up(event) {
    if (!this.active || event.pointerId !== this.active.id) return;
    event.preventDefault();
    this.active = null;
    this.acts.end();
  }

  // The system has cancelled a touch because it was a gesture. A pen's stroke is kept as far as it
  // came.
  lost(event) {
    if (!this.active || event.pointerId !== this.active.id) return;
    const { type } = this.active;
    this.active = null;
    if (type === "touch") this.acts.cancel();
    else this.acts.end();
  }

  dot(event) {
    const box = this.canvas.getBoundingClientRect();
    const [width, height] = this.size();
    const x = Math.max(0, Math.min(width, ((event.clientX - box.left) * width) / box.width));
    const y = Math.max(0, Math.min(height, ((event.clientY - box.top) * height) / box.height));
    const before = this.last;
    const way = before ? Math.hypot(x - before.x, y - before.y) : 0;
    if (before && way < LEAST) return null;
    const pressure = this.pressure(event, way, before);
    this.last = { x, y, pressure, at: event.timeStamp };
    return [round(x, 10), round(y, 10), round(pressure, 100)];
  }

  // A pen reports its pressure. For a mouse or finger the speed replaces it.
  pressure(event, way, before) {
    if (event.pointerType === "pen" && event.pressure > 0) return Math.min(event.pressure, 1);
    if (!before) return 0.55;
    const speed = way / Math.max(event.timeStamp - before.at, 1);
    const wanted = 0.7 - 0.35 * Math.min(speed / QUICK, 1);
    return before.pressure + (wanted - before.pressure) * 0.3;
  }
}
