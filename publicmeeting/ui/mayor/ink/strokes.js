// The shape of a stroke: the same curve and widths as on the composed sheet.

const THINNEST = 0.35; // of the line's width, without any pressure
const STEP = 2.5; // pixels of the sheet between two changes of width

const wide = (nib, pressure) => nib * (THINNEST + (1 - THINNEST) * pressure);

// One coordinate of a Catmull-Rom curve from b to c.
const curve = (a, b, c, d, t) =>
  0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);

function dab(context, [x, y, pressure], nib) {
  context.beginPath();
  context.arc(x, y, wide(nib, pressure) / 2, 0, 2 * Math.PI);
  context.fill();
}

// The curve from dot `at` to the next one.
function reach(context, dots, at, nib) {
  const b = dots[at];
  const c = dots[at + 1];
  const a = dots[at - 1] || b;
  const d = dots[at + 2] || c;
  const steps = Math.ceil((Math.hypot(c[0] - b[0], c[1] - b[1]) * 1.5) / STEP) || 1;
  let [x, y] = b;
  for (let step = 1; step <= steps; step += 1) {
    const t = step / steps;
    context.lineWidth = wide(nib, b[2] + (c[2] - b[2]) * t);
    context.beginPath();
    context.moveTo(x, y);
    x = curve(a[0], b[0], c[0], d[0], t);
    y = curve(a[1], b[1], c[1], d[1], t);
    context.lineTo(x, y);
    context.stroke();
  }
}

// Draws from dot `from` on and returns where to continue when more dots have come. The curve
// between the last two dots depends on the dot after them, so it waits for that one unless the
// stroke has `ended`.
export function drawStroke(context, stroke, nib, colour, from = 0, ended = true) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineCap = context.lineJoin = "round";
  const { dots } = stroke;
  if (from === 0 && dots.length) dab(context, dots[0], nib);
  const until = dots.length - (ended ? 1 : 2);
  let at = from;
  for (; at < until; at += 1) reach(context, dots, at, nib);
  return at;
}

const apart = ([px, py], [ax, ay], [bx, by]) => {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const t = length ? Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) : 0;
  return Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay));
};

// Whether the eraser, moved from `a` to `b`, has touched the stroke.
export function touches(stroke, a, b, radius) {
  const { dots } = stroke;
  return dots.some((dot, at) => {
    const next = dots[at + 1] || dot;
    return apart(dot, a, b) < radius || apart(a, dot, next) < radius || apart(b, dot, next) < radius;
  });
}

export const countDots = (strokes) => strokes.reduce((sum, one) => sum + one.dots.length, 0);

export const lowest = (strokes) =>
  strokes.reduce((most, one) => one.dots.reduce((deep, dot) => Math.max(deep, dot[1]), most), 0);

// The strokes in the server's format. The sheet is as high as the lines that are filled.
export function inkText(strokes, width, line) {
  if (!strokes.length) return "";
  const height = (Math.floor(lowest(strokes) / line) + 1) * line;
  return JSON.stringify({ width, height, strokes: strokes.map(({ colour, dots }) => ({ colour, dots })) });
}
