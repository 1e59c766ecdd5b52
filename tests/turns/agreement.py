"""Compare the three auditors (product, browser, offline program) on random logs and files.

    PYTHONPATH=tests:tests/turns python tests/turns/agreement.py --logs 10000 --files 10000 --seed 1

A log is an honest small city, or one with a single change that its owner could make. All auditors
must find it fine, or name the same first entry (or draw) with the same faults. A file is a sample
draw, or one with a single change. All must find exactly the same codes and places in it.
"""

import argparse
import copy
import json
import sys
import tempfile
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from random import Random

from auditor import program
from city_books import canonical
from small_city import honest
from support.audited import LOG, audit
from support.browser_scripts import Scripts
from tampering import a_lie

from publicmeeting.turns.machine.audit import Auditor
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.simulation import sample_draw
from publicmeeting.turns.verification import verify

MODULES = ("public/verify/check/audit.js", "public/verify/check/verify.js")
OF_ONE_CITY = 10
"""How many changed logs are made of one honest city before the next city."""
_SECONDS = (-259_200, -3_600, -1, 1, 900, 18_000, 172_800)
ORIGIN = "example.ir/log"
_READ = """(origin, texts) => {
  const encoder = new TextEncoder();
  const found = auditLog(origin, texts.map((text) => encoder.encode(text)));
  return found.map(({ code, seq, draw }) => [code, seq, draw || ""]);
}"""
_VERIFY = "(text) => verifyDraw(read(text)).findings.map((one) => [one.finding, one.place])"


def changed_log(rng, entries):
    """Return these entries with one change, and how it was made; references follow entries."""
    at = rng.randrange(1, len(entries))
    how = rng.choice((_drop, _repeat, _exchange, _move, _redate, _alter, _rename))
    entries = how(rng, entries, at)
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
    others = [
        entry["body"][key] for entry in entries if entry["body"].get(key, body[key]) != body[key]
    ]
    if others and rng.random() < 0.8:
        body[key] = copy.deepcopy(rng.choice(others))
    elif isinstance(body[key], int):
        body[key] += 1
    elif isinstance(body[key], dict):
        body[key] = dict(sorted(body[key].items())[1:])
    else:
        body[key] = body[key][:-1]
    return entries


def _rename(rng, entries, at):
    entries[at]["kind"] = rng.choice(entries)["kind"]
    return entries


def product_found(entries, origin=ORIGIN):
    return _of_product(audit(origin, _bytes(entries)))


def _of_product(found):
    return _places((one.code.value, one.seq, one.draw) for one in found)


def browser_found(scripts, entries, origin=ORIGIN):
    return _places(scripts.run(_READ, origin, [canonical(entry) for entry in entries]))


def offline_found(entries):
    found = program.Audit(list(_bytes(entries)), {}, ORIGIN).found
    return _places((one.code, one.seq, one.draw) for one in found)


def _bytes(entries):
    return (canonical(entry).encode() for entry in entries)


def _places(found):
    """Return (code, place) of each fault: its entry, else its draw.

    No notes are read, so their findings are left out; so is what is only worth saying.
    """
    return {
        (code, str(seq) if seq else draw or LOG)
        for code, seq, draw in found
        if not Break(code).is_note and code != Break.NOT_COSIGNED
    }


def first_faults(found):
    """Return everything that is wrong with the first faulty entry.

    After it, auditors may go on from what is written or from what should be, so later faults
    differ. An entry dated before the entry before it has two moments, and each auditor may judge
    its step by either. Therefore only its date counts.
    """
    places = sorted((int(place) for _, place in found if place.isdecimal()))
    first = str(places[0]) if places else None
    faults = {(code, place) for code, place in found if first is None or place == first}
    return {(Break.TIME_BACK.value, first)} & faults or faults


def first_of_each(scripts, entries):
    """Return what each of the three names first.

    Earlier entries decide about an entry, so nothing is read after the product's first faulty
    entry.
    """
    auditor = Auditor(ORIGIN)
    for at, entry in enumerate(_bytes(entries), 1):
        auditor.read(entry)
        if auditor.found and first_faults(_of_product(auditor.found)):
            entries = entries[:at]
            break
    mine = _of_product(auditor.finish())
    return [*map(first_faults, (mine, browser_found(scripts, entries), offline_found(entries)))]


def log_disagreements(scripts, rng, count, **sizes):
    """Yield (number of the city, change, what each of the three found first).

    `sizes` are those of the cities (`honest`).
    """
    number = 0
    for at in range(count):
        number = rng.randrange(1 << 20) if at % OF_ONE_CITY == 0 else number
        how, entries = "honest", decoded(number, **sizes)
        if at % OF_ONE_CITY:
            how, entries = changed_log(rng, entries)
        first = first_of_each(scripts, entries)
        if any(one != first[0] for one in first) or (how == "honest" and first[0]):
            yield number, how, *map(sorted, first)


def file_disagreements(scripts, rng, count):
    """Yield (what was changed, what not all three found)."""
    for _ in range(count):
        file, how = sample_draw(rng, rng.randrange(0, 12), rng.randrange(0, 5)), ("honest",)
        if rng.random() < 0.8:
            how, file = a_lie(rng, file)
        mine = {(finding.code.value, finding.place) for finding in verify(file)}
        text = json.dumps(file, ensure_ascii=False)
        theirs = {tuple(one) for one in scripts.run(_VERIFY, text)}
        offline = set(program.check_file(program.read_json(text.encode, "draw")))
        if not mine == theirs == offline:
            yield how, (mine | theirs | offline) - (mine & theirs & offline)


def decoded(city, **sizes):
    """Return the entries of the honest city of this number."""
    return honest(city, **sizes).decoded()


def names_alike(scripts, entries):
    """Return what all three name first, and check that it is the same."""
    three = product_found(entries), offline_found(entries), browser_found(scripts, entries)
    first = [first_faults(found) for found in three]
    assert first[0] == first[1] == first[2]
    return first[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Scripts(Path(folder) / "x", *MODULES) as scripts:
        rng = Random(asked.seed)
        found = 0
        for one in chain(
            file_disagreements(scripts, rng, asked.files),
            log_disagreements(scripts, rng, asked.logs),
        ):
            found += 1
            sys.stdout.write(f"{one}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{asked.files} files, {asked.logs} logs: {found} disagreements\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
