"""Whether the product's auditor and the browser's say the same of random logs and random files.

    PYTHONPATH=tests:tests/turns python tests/turns/agreement.py --logs 10000 --files 10000 --seed 1

A log is an honest small city, or one with a single change that its owner could make. Both must name
the same break first (code and entry), and both or neither must name one at all. A file is a sample
draw, or one with a single change; both must find exactly the same in it.
"""

import argparse
import copy
import json
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from city_books import canonical
from small_city import honest
from support.browser_scripts import Scripts
from tampering import lies

from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.machine.replay import replay
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.sample import sample_draw
from publicmeeting.turns.verification import verify

MODULES = ("public/verify/check/audit.js", "public/verify/check/verify.js")
OF_ONE_CITY = 20
"""Changed logs made of one honest city before the next is invented."""
_SECONDS = (-259_200, -3_600, -1, 1, 900, 18_000, 172_800)
_READ = """(origin, texts) => {
  const audit = new Audit(origin);
  const encoder = new TextEncoder();
  for (const text of texts) audit.read(encoder.encode(text));
  return audit.found.map(({ code, seq }) => [code, seq]);
}"""
_VERIFY = "(text) => verifyDraw(read(text)).findings.map((one) => [one.finding, one.place])"


def changed_log(rng, number):
    """An honest log with one change, and how it was made; what refers to an entry follows it."""
    entries = honest(number).decoded()
    at = rng.randrange(1, len(entries))
    how = rng.choice((_drop, _repeat, _exchange, _move, _redate, _alter, _rename))
    entries = how(rng, copy.deepcopy(entries), at)
    places = {}
    for seq, entry in enumerate(entries, 1):
        places.setdefault(entry["seq"], seq)
    for seq, entry in enumerate(entries, 1):
        because = entry["body"].get("because")
        if isinstance(because, list) and all(isinstance(one, int) for one in because):
            entry["body"]["because"] = sorted({places.get(one, one) for one in because})
        entry["seq"] = seq
    return how.__name__.strip("_"), entries


def _drop(_, entries, at):
    return entries[:at] + entries[at + 1 :]


def _repeat(_, entries, at):
    return [*entries[: at + 1], copy.deepcopy(entries[at]), *entries[at + 1 :]]


def _exchange(_, entries, at):
    one, other = entries[at - 1], entries[at]
    for key in ("body", "kind"):
        one[key], other[key] = other[key], one[key]
    return entries


def _move(rng, entries, at):
    entry = entries.pop(at)
    to = rng.randrange(1, len(entries))
    entry["at"] = entries[to]["at"]
    return [*entries[:to], entry, *entries[to:]]


def _redate(rng, entries, at):
    moment = datetime.fromisoformat(entries[at]["at"]) + timedelta(seconds=rng.choice(_SECONDS))
    entries[at]["at"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return entries


def _alter(rng, entries, at):
    body = entries[at]["body"]
    key = rng.choice(sorted(body))
    others = [one["body"][key] for one in entries if one["body"].get(key, body[key]) != body[key]]
    if others and rng.random() < 0.8:
        body[key] = copy.deepcopy(rng.choice(others))
    elif isinstance(body[key], int):
        body[key] += 1
    else:
        body[key] = body[key][:-1]
    return entries


def _rename(rng, entries, at):
    entries[at]["kind"] = rng.choice(entries)["kind"]
    return entries


def product_found(entries):
    return [(one.code.value, one.seq) for one in replay(entries, Book())[1]]


def browser_found(scripts, entries, origin="example.ir/log"):
    answer = scripts.run(_READ, origin, [canonical(entry) for entry in entries])
    return [tuple(one) for one in answer]


def first_fault(found):
    return next((one for one in found if not Break(one[0]).is_note), None)


def log_disagreements(scripts, rng, count):
    """(number of the city, change, what the product found first, what the browser did)."""
    number = 0
    for at in range(count):
        number = rng.randrange(1 << 20) if at % OF_ONE_CITY == 0 else number
        how, entries = "honest", honest(number).decoded()
        if at % OF_ONE_CITY:
            how, entries = changed_log(rng, number)
        mine, theirs = product_found(entries), browser_found(scripts, entries)
        if first_fault(mine) != first_fault(theirs) or bool(mine) != bool(theirs):
            yield number, how, first_fault(mine), first_fault(theirs)
        if how == "honest" and first_fault(mine):
            yield number, how, first_fault(mine), first_fault(theirs)


def file_disagreements(scripts, rng, count):
    """(what was changed, what only one of the two found)."""
    for _ in range(count):
        file, how = sample_draw(rng, rng.randrange(0, 12), rng.randrange(0, 5)), ("honest",)
        if rng.random() < 0.8:
            how, file = rng.choice(list(lies(file)))
        mine = {(one.code.value, one.place) for one in verify(file)}
        text = json.dumps(file, ensure_ascii=False)
        theirs = {tuple(one) for one in scripts.run(_VERIFY, text)}
        if mine != theirs:
            yield how, mine ^ theirs


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Scripts(Path(folder) / "x", *MODULES) as scripts:
        rng = Random(asked.seed)
        found = [
            *file_disagreements(scripts, rng, asked.files),
            *log_disagreements(scripts, rng, asked.logs),
        ]
    told = [*map(str, found), f"{asked.files} files, {asked.logs} logs: {len(found)} disagreements"]
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
