// Persian digits and sentences with facts in them.

export const persian = (value) => String(value).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
export const fill = (sentence, facts) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => persian(facts[name] ?? ""));

// A hash or an identifier: its digits stay Latin, as on paper, and its parts keep their order.
export const asPrinted = (value) => `\u2066${value}\u2069`;

export function amount(bytes, [kilo, mega]) {
  if (bytes < 1024 * 1024) return `${persian(Math.max(1, Math.round(bytes / 1024)))} ${kilo}`;
  return `${persian((bytes / 1024 / 1024).toFixed(1)).replace(".", "٫")} ${mega}`;
}

// The sentence of a finding: numbers in Persian, a draw's name as it is.
export const sentence = (texts, { code, seq, draw, monday }) =>
  (texts[code] || code).replace("{seq}", persian(seq || "")).replace("{draw}", draw || monday || "");
