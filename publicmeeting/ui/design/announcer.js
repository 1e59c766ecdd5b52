// Announces to screen readers what has just changed. The sentence comes a moment after the change
// itself: a screen reader ignores it while the page is being drawn again, and some read only the
// letters in which a new sentence differs from the old one. If a press has the same answer as the
// one before, `answers` has grown and the sentence is announced again.

import { useEffect, useState } from "react";

const MOMENT = 500; // ms

export function Announcer({ text, answers }) {
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    setSpoken("");
    const late = setTimeout(() => setSpoken(text), MOMENT);
    return () => clearTimeout(late);
  }, [text, answers]);
  return spoken;
}
