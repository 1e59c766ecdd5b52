// What has just changed, for a voice. Its sentence comes a moment after the change it tells of: what
// reads a page that is being drawn anew passes over what comes in the same instant, and of a sentence
// that takes another's place some read only the letters in which the two differ. A press that is
// answered as the one before has its sentence again: `answers` has grown.

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
