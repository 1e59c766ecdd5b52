#!/usr/bin/env python3
"""Checks published draws of Tehran's public meetings, offline: Python 3.8 or newer, nothing else.

    python3 verify_draw.py PATH… [--log FILE]… [--checkpoint FILE] [--ticket TICKET] [--lang fa]

PATH is a draw file, a page of the public log, or a folder of both; a log may also follow --log.
With it, files are compared with what was announced, and every row's weeks and debts counted again;
with a checkpoint (https://CITY/log/checkpoint) also whether the log is the one that was signed.
Exit code: 0 fine, 1 wrong, 2 unreadable. Shares no code with the site; rule: its docs/turns.md.
"""

import argparse
import json
import re
import sys
from base64 import b64encode
from collections import Counter, defaultdict
from hashlib import sha256
from itertools import chain
from pathlib import Path

WORDS = """
not_a_file: This is not a draw file. / این پروندهٔ قرعه نیست.
key_missing: The key {} is missing. / کلید {} نیست.
key_too_many: The key {} does not belong here. / کلید {} جایش این‌جا نیست.
malformed: What stands at {} is not in its right form. / آنچه در {} آمده شکل درستی ندارد.
differs: What stands at {} does not follow from the rest. / {} از بقیهٔ پرونده به دست نمی‌آید.
city_commitment_missing: The city had committed to nothing. / شهرداری رمزی نسپرده بود.
pool_not_sorted: The rows are not in their order. / ردیف‌ها به ترتیب نیست.
ticket_twice: One ticket is in the list twice: {} / یک نشان دو بار در فهرست است: {}
seq_broken: The log has a gap or a repetition at entry {}. / دفتر در ثبت {} پیوسته نیست.
root_differs: The log is not the one that was signed. / دفتر همان نیست که امضا شده است.
time_goes_back: Entry {} is dated before the one before it. / ثبت {} زمانی پیش از ثبت قبلی دارد.
not_in_log: The log knows no such draw. / دفتر چنین قرعه‌ای را نمی‌شناسد.
told_otherwise: The log tells otherwise of {}. / دفتر دربارهٔ {} چیز دیگری گفته است.
revealed_early: A value was shown before the list was fixed. / رمزی پیش از بستن فهرست نشان داده شد.
never_filed: The log knows no such request: {} / دفتر چنین درخواستی را نمی‌شناسد: {}
waited_differs: The weeks are not those counted: {} / هفته‌های انتظار همان شمارش نیست: {}
debt_differs: The log tells otherwise of this debt: {} / بدهی شهرداری با دفتر نمی‌خواند: {}
lane_differs: The log tells of another lane: {} / دفتر سهمیهٔ دیگری گفته است: {}
not_counted: Later weeks not counted: the file of {} is missing. / پروندهٔ {} نیست؛ هفته‌ها شمرده نشد.
unreadable: This cannot be read; is it cut off? / این خوانده نمی‌شود؛ شاید نیمه‌کاره است.
nothing: There is neither a draw nor a log here. / این‌جا نه قرعه‌ای هست و نه دفتری.
unknown: In no list here; of another district? / در هیچ فهرستی نیست؛ شاید از منطقهٔ دیگری است.
elsewhere: It is of district {}; no list here has it. / از منطقهٔ {} است و در فهرستی از این‌ها نیست.
row: row {} of {}, waited {} weeks; / ردیف {} از {}، با {} هفته انتظار؛
seat: number {} in the draw's order, a seat at {} / نفر {} به ترتیب قرعه، نوبت ساعت {}
standby: number {} of the standby / نفر {} فهرست ذخیره
listed: in the list, not drawn yet / در فهرست است و هنوز قرعه نشده
total: {} files, {} log entries / {} پرونده، {} ثبت دفتر
"""

LOT = "publicmeeting/lot/v1"
LATE_KEYS = ("day", "value")


def many(item, ends="[]"):
    return rf"\{ends[0]}({item}(,{item})*)?\{ends[1]}"


# What may stand where, as patterns of canonical JSON.
HASH, COUNT, NAME = '"[0-9a-f]{64}"', "(0|[1-9][0-9]*)", '"[a-z][a-z0-9_-]*"'
PARTY, PLAIN = '"[a-z][a-z0-9-]*"', r'"([^"\\]|\\[^n])*"'
TIME, DRAW = '"([01][0-9]|2[0-3]):[0-5][0-9]"', '"d[0-9]{2}-[0-9]{4}-[0-9]{2}-[0-9]{2}"'
ROW = f'{{"debt":[01],"lane":{NAME},"prefers":{NAME},"ticket":{HASH},"waited":{COUNT}}}'
SEAT = f'{{"ticket":{PLAIN},"time":{PLAIN},"why":{PLAIN}}}'
OPEN = {"draw": DRAW, "district": COUNT, "rules": "{.*}", "rules_hash": HASH, "seats": many(TIME)}
OPEN["commitments"] = many(f"{PARTY}:{HASH}", "{}")
FROZEN = {**OPEN, "pool": many(ROW), "pool_root": HASH}
DAY, LATE = DRAW.replace("d[0-9]{2}-", ""), '"(0|[1-9][0-9]{0,14}|none)"'
DRAWN = {**FROZEN, "reveals": many(f"{PARTY}:{PLAIN}", "{}"), "late_day": DAY, "late_value": LATE}
DRAWN.update(seed=HASH, seated=many(SEAT), standby=many(HASH))
WINDOW = rf'{NAME}:\[({TIME}|"24:00"),({TIME}|"24:00")\]'
RULES = {"version": COUNT, "lanes": many(f"{NAME}:{COUNT}", "{}"), "windows": many(WINDOW, "{}")}
MOMENT = '"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z"'
ENTRY = {"seq": COUNT, "at": MOMENT, "kind": NAME, "body": "{.*}"}


def sha(*parts):
    return sha256("\n".join(parts).encode()).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fits(pattern, value):
    try:
        return re.fullmatch(pattern, canonical(value).encode().decode()) is not None
    except (TypeError, ValueError, RecursionError):
        return False


def check_file(file):
    """(finding, place) of one file in itself; one out of its shape is not computed again."""
    if not isinstance(file, dict):
        return [("not_a_file", "")]
    return list(wrong_shape(file)) or list(recomputed(file))


def wrong_shape(file):
    state = OPEN
    for further in (FROZEN, DRAWN):
        state = further if set(file) & (set(further) - set(state)) else state
    yield from (("key_missing", key) for key in state if key not in file)
    yield from (("key_too_many", key) for key in file if key not in state)
    wrong = [key for key in state if key in file and not fits(state[key], file[key])]
    if "rules" in file and "rules" not in wrong:
        wrong += [f"rules.{one}" for one in RULES if not fits(RULES[one], file["rules"].get(one))]
    if "seats" in file and "seats" not in wrong and file["seats"] != sorted(set(file["seats"])):
        wrong.append("seats")
    yield from (("malformed", place) for place in wrong)


def tree_hash(entries):  # RFC 9162, section 2.1.1
    if len(entries) == 1:
        return sha256(b"\0" + entries[0].encode()).digest()
    split = 1 << (len(entries) - 1).bit_length() - 1
    return sha256(b"\1" + tree_hash(entries[:split]) + tree_hash(entries[split:])).digest()


def give(file):
    """The rule: debts by lot, each lane by lot up to its quota, then the line by weeks and lot."""
    rows, rules, seed, free = file["pool"], file["rules"], file["seed"], list(file["seats"])

    def by_lot(stage, some):
        return sorted(some, key=lambda row: sha(LOT, seed, stage, row["ticket"]) + row["ticket"])

    steps = [("debt", by_lot("debt", [row for row in rows if row["debt"]]), len(free))]
    for lane, quota in sorted(rules["lanes"].items()):
        mine = [row for row in rows if row["lane"] == lane]
        steps.append((f"lane:{lane}", by_lot(f"lane:{lane}", mine), quota))
    line = sorted(by_lot("line", rows), key=lambda row: -row["waited"])
    seated, done = [], set()
    for why, some, quota in [*steps, ("line", line, len(free))]:
        left = [row for row in some if row["ticket"] not in done]
        for row in left[: min(quota, len(free))]:
            windows = {} if row["prefers"] == "any" else rules["windows"]
            start, end = windows.get(row["prefers"], ("00:00", "24:00"))
            time = next((seat for seat in free if start <= seat < end), free[0])
            free.remove(time)
            done.add(row["ticket"])
            seated.append({"ticket": row["ticket"], "time": time, "why": why})
    standby = [row["ticket"] for row in line if row["ticket"] not in done]
    return {"seated": seated, "standby": standby}


def recomputed(file):
    draw, sealed, pool = file["draw"], file["commitments"], file.get("pool", [])
    follows = {"district": int(draw[1:3]), "rules_hash": sha(canonical(file["rules"]))}
    rows = ["{ticket}|{lane}|{waited}|{debt}|{prefers}".format(**row) for row in pool]
    twice = [ticket for ticket, times in Counter(row[:64] for row in rows).items() if times > 1]
    yield from (("ticket_twice", f"pool.{ticket}") for ticket in twice)
    if "city" not in sealed:
        yield "city_commitment_missing", "commitments"
    if rows != sorted(rows):
        yield "pool_not_sorted", "pool"
    if "pool" in file:
        head = "|".join([draw, file["rules_hash"], ",".join(file["seats"])])
        follows["pool_root"] = tree_hash([head, *sorted(rows)]).hex()
    shown = file.get("reveals", {})
    for party in shown:
        if sealed.get(party) != sha("publicmeeting/commit/v1", party, shown[party]):
            finding = "reveal_differs" if party in sealed else "reveal_uncommitted"
            yield finding, f"reveals.{party}"
    if "seed" in file:
        words = [sorted(f"{party}:{some[party]}" for party in some) for some in (sealed, shown)]
        parts = [draw, file["pool_root"], *(x for some in words for x in (str(len(some)), *some))]
        parts += [file["late_day"], file["late_value"]]
        follows["seed"] = sha("publicmeeting/seed/v2", *parts)
        follows.update({} if twice else give(file))
    yield from ((f"{key}_differs", key) for key in follows if file[key] != follows[key])


def check_log(entries):
    seq, since = 1, ""
    for entry in entries:
        wrong = [k for k in {**ENTRY, **entry} if not fits(ENTRY.get(k, "(?!)"), entry.get(k))]
        if wrong:
            yield "malformed", f"{seq}.{wrong[0]}"
            return
        broken = "seq_broken" if entry["seq"] != seq else "time_goes_back" * (entry["at"] < since)
        yield from [(broken, str(entry["seq"]))] * bool(broken)
        seq, since = entry["seq"] + 1, entry["at"]


def check_root(entries, note):
    """Whether the log begins with what a checkpoint was signed for."""
    size, root = int(note.split("\n")[1]), note.split("\n")[2]
    texts = [canonical(entry) for entry in entries[:size]]
    if len(texts) < size or b64encode(tree_hash(texts)).decode() != root:
        yield "root_differs", str(size)


def compare(files, entries):
    """(draw or "log", finding, place): the log is read once, weeks and debts counted on the way."""
    pools = {file["draw"]: file for file in sorted(files, key=len) if "pool" in file}
    told, waited, lost, known, board = {}, Counter(), Counter(), {}, defaultdict(dict)
    away, closed = {}, {}
    rules, behind, ours = set(), set(), {file["draw"][:3] for file in files}
    for entry in entries:
        kind, body = entry["kind"], entry["body"]
        texts = {key: body[key] for key in body if isinstance(body[key], str)}
        draw, ticket, party = (texts.get(key, "") for key in ("draw", "ticket", "party"))
        of, file, day = told.get(draw), pools.get(draw), texts.get("monday", draw[4:])
        if kind == "rules_announced":
            rules.add(texts.get("hash"))
        elif kind == "monday_opened":
            told[draw] = {key: body.get(key) for key in ("seats", "rules_hash")}
            told[draw]["opened"] = body.get("seats")
        elif kind == "monday_closed" and of and "pool_root" not in of:
            of["seats"] = []
        elif kind in ("commitment", "reveal"):
            board[kind, day].setdefault(party, body.get("commitment", body.get("value")))
        elif kind == "value_stands":
            board[kind, day] = board[kind, day] or body
        elif kind in ("freeze", "objection") and "pool_root" in body and of:
            if board["reveal", day]:
                yield draw, "revealed_early", "pool_root"
            if "pool_root" not in of:
                of["commitments"] = dict(board["commitment", day])
                for row in file["pool"] if file else []:
                    mine = row["ticket"]
                    right = {"debt_differs": row["debt"] == known.get(("debt", mine), 0)}
                    right["waited_differs"] = draw[:3] in behind or row["waited"] == waited[mine]
                    lane = known.get(("lane_granted", mine), "general")
                    right["lane_differs"] = row["lane"] == lane
                    right["never_filed"] = file["district"] == known.get(("filed", mine))
                    yield from ((draw, one, f"pool.{mine}") for one in right if not right[one])
            of.update(pool_root=body["pool_root"], pool=body.get("rows"))
            for mine in away if kind == "freeze" else ():
                home, filed = known.get(("filed", mine)), known.get(("seq", mine), 0)
                away[mine] |= draw[:3] == f"d{str(home).zfill(2)}" and filed < closed.get(
                    day, 2**53
                )
        elif kind == "draw":
            if of and "seed" not in of:
                late = {f"late_{key}": board["value_stands", day].get(key) for key in LATE_KEYS}
                of.update({key: body.get(key) for key in ("seed", "seated", "standby", "file")})
                of.update(reveals=dict(board["reveal", day]), **late)
            if file is None or "seated" not in file:
                behind.add(draw[:3])
                yield from [(draw, "not_counted", draw)] * (draw[:3] in ours)
                continue
            waited.update(file["standby"])
        elif kind == "redirected":
            old, new = texts.get("old"), texts.get("new")
            for one in ("debt", "lane_granted", "seq"):
                known[one, new] = known.pop((one, old), 0 if one != "lane_granted" else "general")
            for one in (waited, lost):
                one[new] = one.pop(old, 0)
            known["filed", new] = body.get("district")
        elif kind == "line_closed":
            closed[day] = entry["seq"]
        elif kind in ("taken_out", "taken_in"):
            waited[ticket] += away.pop(ticket, False)
            away.update({ticket: False} if body.get("why") == "declined" else {})
        elif kind in ("filed", "debt", "lane_granted"):
            known[kind, ticket] = body.get("lane", body.get("district", body.get("debt")))
            known.update({("seq", ticket): entry["seq"]} if kind == "filed" else {})
        elif kind == "waited_reset":
            lost[ticket] = waited[ticket] if body.get("reason") == "no_show" else lost[ticket]
            waited[ticket] = 0
        elif kind == "present":
            known[kind, ticket, draw] = True
        elif kind == "no_show":
            lost[ticket] = 0
        elif kind == "came_late":
            waited[ticket] += lost.pop(ticket, 0)
        elif kind == "not_called" and known.get(("present", ticket, draw)):
            won = (file or {}).get("seated", [])
            waited[ticket] += any(one["ticket"] == ticket for one in won)
    for file in files:
        name, of = file["draw"], told.get(file["draw"])
        sealed = board["commitment", name[4:]]
        if of is None:
            yield name, "not_in_log", "draw"
        elif file["rules_hash"] not in rules or file["rules_hash"] != of["rules_hash"]:
            yield name, "told_otherwise", "rules_hash"
        else:
            if "pool" not in file:  # it may be older than a commitment, or than the closing
                mine = {party: sealed.get(party) for party in file["commitments"]}
                seats = of["opened"] if file["seats"] == of["opened"] else of["seats"]
                of = {"rules_hash": of["rules_hash"], "seats": seats, "commitments": mine}
            facts = {key: file[key] for key in file if key not in ("draw", "district", "rules")}
            facts.update({key: len(file[key]) for key in {"pool", "seated", "standby"} & set(file)})
            facts["file"] = sha(canonical(file)) if "seed" in file else of.get("file")
            yield from ((name, "told_otherwise", key) for key in facts if facts[key] != of.get(key))


def stand(ticket, files, entries):
    """(draw or ticket, word, facts): where it stands in each list that has it, or whose it is."""
    lists = [file for file in files if ticket in [row["ticket"] for row in file.get("pool", [])]]
    for file in sorted(lists, key=lambda file: file["draw"]):
        rows, seats = file["pool"], [one["ticket"] for one in file.get("seated", [])]
        at = [row["ticket"] for row in rows].index(ticket)
        yield file["draw"], "row", [at + 1, len(rows), rows[at]["waited"]]
        if ticket in seats:
            at = seats.index(ticket)
            yield file["draw"], "seat", [at + 1, file["seated"][at]["time"]]
        elif "standby" in file:
            yield file["draw"], "standby", [file["standby"].index(ticket) + 1]
        else:
            yield file["draw"], "listed", []
    filed = [one["body"] for one in entries if one["kind"] == "filed"]
    homes = [json.dumps(body.get("district")) for body in filed if body.get("ticket") == ticket]
    if not lists:
        yield ticket, "elsewhere" if homes else "unknown", homes[-1:]


def read(paths, cut_off):
    files, pages, careful = {}, [], {"parse_float": complex, "parse_constant": complex}
    careful["parse_int"] = lambda text: int(text) if abs(float(text)) < 2**53 else complex(0)
    for path in chain(*(sorted(one.rglob("*.json")) if one.is_dir() else [one] for one in paths)):
        try:  # numbers that two languages may read in two ways have no canonical form here
            value = json.loads(path.read_text("utf-8"), **careful)
        except (OSError, ValueError, RecursionError):
            print(f"{path}: {cut_off}")
            sys.exit(2)
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            pages.append(value)
        else:
            files[str(path)] = value
    pages.sort(key=lambda page: str(page[0].get("seq")).zfill(16) if page else "")
    return files, list(chain(*pages)), bool(pages)


def main():
    parser = argparse.ArgumentParser(description="Check published draws.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--log", action="append", type=Path, default=[])
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--ticket", default="", type=str.lower)
    parser.add_argument("--lang", choices=["en", "fa"], default="en")
    asked = parser.parse_args()
    sys.stdout.reconfigure(errors="replace")
    lines = (line.split(": ", 1) for line in WORDS.strip().split("\n"))
    words = {name: said.split(" / ")[asked.lang == "fa"] for name, said in lines}
    digits = dict(zip(range(48, 58), "۰۱۲۳۴۵۶۷۸۹")) if asked.lang == "fa" else {}
    files, entries, has_log = read([*asked.paths, *asked.log], words["unreadable"])
    if not files and not entries:
        print(words["nothing"])
        return 2
    found = [(name, *wrong) for name in files for wrong in check_file(files[name])]
    whole = [files[name] for name in files if name not in {one[0] for one in found}]
    broken = [("log", *wrong) for wrong in check_log(entries)]
    if asked.checkpoint and not broken:
        try:
            note = asked.checkpoint.read_text("utf-8")
            broken = [("log", *wrong) for wrong in check_root(entries, note)]
        except (OSError, ValueError, IndexError):
            print(f"{asked.checkpoint}: {words['unreadable']}")
            return 2
    found += broken or (compare(whole, entries) if has_log else [])
    places = list(stand(asked.ticket, whole, [] if broken else entries)) if asked.ticket else []
    for name, word, facts in [(*one[:2], one[2:]) for one in found] + places:
        shown = [json.dumps(str(fact))[1:-1] for fact in facts]
        shown = [fact.translate(digits if re.fullmatch("[0-9:]+", fact) else {}) for fact in shown]
        print(f"{name}:", words.get(word, words["differs"]).format(*shown))
    wrong = {one[1] for one in found + places} - {"not_counted", "row", "seat", "standby", "listed"}
    read_here = [str(len(some)).translate(digits) for some in (files, entries)]
    print("WRONG · نادرست:" if wrong else "FINE · درست:", words["total"].format(*read_here))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
