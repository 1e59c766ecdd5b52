// The ticks for what a telephone has checked, each with its meaning and only for checks that were
// really made. {ticks: [{holds, title, text}], broken, facts, log, row}; `broken` is a finding's
// code.

import { asPrinted, fill } from "./words.js";
import { Break, Log } from "./phone.js";
import { NoteError } from "../../../shell/proofs/note.js";
import { dayNumber, instant } from "./week.js";

const SESSION = "09:00"; // time on the value's day, if the rules are not available

// `wanted`: {receipt, draw, ticket}, each optional. Throws TypeError if the network fails.
export async function prove(wanted, fetcher, storage, texts, kinds) {
  const result = { ticks: [], broken: "", facts: {}, log: null, row: null, entry: null };
  const tick = (holds, title, text) => result.ticks.push({ holds, title, text });
  try {
    const log = await Log.open(fetcher, storage);
    result.log = log;
    sealed(log, texts, tick);
    if (wanted.receipt) await receipt(result, wanted.receipt, texts, kinds, tick);
    if (wanted.draw && wanted.ticket) await row(result, wanted, texts, tick);
  } catch (fault) {
    if (!(fault instanceof Break || fault instanceof NoteError)) throw fault;
    result.broken = fault.code;
    result.facts = fault.facts || {};
  }
  return result;
}

function sealed({ checkpoint, keys, before, isOtherWitnesses }, texts, tick) {
  const { size } = checkpoint;
  if (isOtherWitnesses) tick(null, texts.witnessesOther, texts.witnessesOtherWhy);
  const sealWhy = texts.sealWhy.replace("{key}", asPrinted(keys[0].id));
  tick(true, texts.seal, fill(sealWhy, { size }));
  if (before) tick(true, texts.keptOn, fill(texts.keptOnWhy, { before: before.size, size }));
  else tick(null, texts.keptFirst, texts.keptFirstWhy);
}

async function receipt(result, note, texts, kinds, tick) {
  const { entry, since } = await result.log.receipt(note);
  result.entry = entry;
  const facts = { seq: entry.seq, what: kinds[entry.kind] || entry.kind, since };
  tick(true, texts.receipt, fill(since ? texts.receiptWhy : texts.receiptNewest, facts));
}

async function row(result, { draw, ticket }, texts, tick) {
  const { log } = result;
  const found = await log.row(draw, ticket);
  result.row = found;
  if (!found) return tick(null, texts.notListed, texts.inNo);
  const { row: mine, rows, freeze, value_stands: stands } = found;
  const debt = mine.debt ? ` ${texts.rowDebt}` : "";
  tick(true, texts.row, fill(texts.rowWhy, { weeks: mine.waited, rows }) + debt);
  tick(true, texts.rootLogged, fill(texts.rootLoggedWhy, { seq: freeze.seq }));
  await signed(log, found, texts, tick);
  if (!stands) return;
  const { day, value } = stands.body;
  if (value === "none") tick(null, texts.valueNone, "");
  else tick(true, texts.value, fill(texts.valueWhy, { day: day.replaceAll("-", "/"), value }));
}

async function signed(log, { freeze, reveals_closed: closed, value_stands: stands }, texts, tick) {
  const { signed: all, of } = await log.signatures((closed || freeze).seq);
  const until = stands ? instant(dayNumber(stands.body.day), SESSION) : Infinity;
  const inTime = all.filter(({ time }) => time <= until).length;
  const quorum = Math.floor(of / 2) + 1;
  const facts = { signed: inTime, of, quorum };
  if (of && inTime >= quorum) return tick(true, fill(texts.signed, facts), texts.signedWhy);
  if (of && !stands) return tick(null, texts.signedWaits, fill(texts.signedWaitsWhy, facts));
  tick(false, texts.signedFew, of ? fill(texts.signedFewWhy, facts) : texts.signedNoneWhy);
}
