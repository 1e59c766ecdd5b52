#!/usr/bin/env python3
"""A witness of the weekly draw: Python 3.8 or newer and the package `cryptography`, nothing else.

    witness.py keygen --dir DIR --party council --name example.ir/council --city-key KEY...
    witness.py run --city https://HOST --dir DIR [--once] [--value 2185979]
    witness.py serve --dir DIR [--port 8464]     answers add-checkpoint too (C2SP tlog-witness)
    witness.py mirror --dir DIR [--port 8464]    serves its copy of the log to anybody
    witness.py rules --city https://HOST --dir DIR [--sign HASH]    shows proposed rules; signs one
    witness.py page --city https://HOST          the hash of the code of the city's /witness/

An organisation outside the city runs this program, so that the city cannot change its public log
unseen. docs/witnesses.md explains how to set it up, docs/turns.md the rule behind it; sections in
parentheses, such as (section 5), are those of docs/turns.md.

`run` does one round each minute:

1. It fetches the city's newest checkpoint and the entries up to it. It appends them to its own copy
   only if the checkpoint's root follows from the copy and the new entries.
2. If the log was rewritten, it stores the evidence, prints a warning, and signs nothing any more.
3. Otherwise it signs the checkpoint and sends its signature to the city. 4. It commits to a random
value before the freeze of each Monday, and reveals it afterwards. 5. It asks the person at the
terminal for the late value, and enters and signs it.

The city's keys are those on the poster. Keys from the city's own site would prove nothing. The exit
code is 0 if everything is fine, 1 if something was refused, 2 if it did not work now and can be
tried again. The program shares no code with the city's service.
"""

import argparse
import base64
import binascii
import fcntl
import http.client
import json
import os
import re
import secrets
import struct
import sys
import time
import urllib.error
import urllib.request
import zlib
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# Key → sentence that the program prints, in Persian.
SAYS = {
    "made": "کلید ساخته شد. پوشهٔ {} را جای امنی نگه دارید و از seed یک نسخهٔ کاغذی بردارید.",
    "key": "این کلید را به شهرداری و روزنامه بدهید:",
    "exists": "در {} کلیدی هست. کلید تازه جای دیگری بسازید.",
    "no_key": "در {} کلیدی نیست. نخست keygen را اجرا کنید.",
    "bad_key": "این کلید خوانده نشد: {}",
    "two_logs": "همهٔ کلیدهای شهرداری باید از یک دفتر باشند.",
    "party": "نام شاهد با حرف کوچک لاتین آغاز می‌شود و حرف، رقم و خط تیره دارد؛ city نیست.",
    "away": "به شهرداری نرسیدیم: {}. یک دقیقه دیگر دوباره می‌پرسیم.",
    "cut_off": "آنچه رسید خوانده نشد: {}. چیزی امضا نشد.",
    "stranger": "این دفتر را کلیدی که می‌شناسید امضا نکرده است. چیزی امضا نشد.",
    "rewritten": "دفتر بازنویسی شده است. چیزی امضا نشد.\nهر دو برگ و ثبت‌های ما در {} است؛ "
    "آن‌ها را به روزنامه و شاهدان دیگر بدهید.",
    "refuses": "این دفتر یک بار بازنویسی شده است ({}). تا این پوشه هست چیزی امضا نمی‌کنیم.",
    "shorter": "شهرداری دفتری کوتاه‌تر نشان می‌دهد: {} ثبت، ما {} ثبت داریم. چیزی امضا نشد.",
    "ahead": "ثبت {} زمانی دارد که هنوز نرسیده است. چیزی امضا نشد.",
    "malformed": "ثبت {} شکل درستی ندارد. چیزی امضا نشد.",
    "copied": "نسخهٔ دفتر: {} ثبت، همه به هم پیوسته.",
    "signed": "امضا شد: {} ثبت.",
    "committed": "تعهد برای دوشنبهٔ {} داده شد.",
    "revealed": "رمز دوشنبهٔ {} آشکار شد.",
    "valued": "عدد {} برای دوشنبهٔ {} ثبت شد.",
    "ask": "عدد روز {} برای دوشنبهٔ {} (بدون اعشار؛ اگر منتشر نشد none): ",
    "no_day": "اکنون هنگام ثبت عدد نیست.",
    "decimals": "فقط بخش درست عدد را بنویسید، بدون اعشار.",
    "space": "میان رقم‌ها فاصله نگذارید.",
    "number": "عدد را با رقم بنویسید، بدون صفر آغاز؛ اگر منتشر نشد none.",
    "dice": "ده رقم از ۱ تا ۶ بنویسید.",
    "lost": "رمز دوشنبهٔ {} در این پوشه نیست؛ تعهد را جای دیگری داده‌اید.",
    "refused": "شهرداری نپذیرفت ({}): {}",
    "not_written": "شهرداری پذیرفت ولی در دفتر ننوشت: {}. آن را به روزنامه بگویید.",
    "page": "اثر برنامهٔ صفحهٔ شاهد: {}",
    "no_page": "صفحهٔ شاهد پیدا نشد.",
    "serving": "آماده در درگاه {}.",
    "no_rules": "پیشنهادی برای قاعده‌ها نیست که امضای ما را بخواهد.",
    "rules": "ثبت {}: از دوشنبهٔ {} این قاعده‌ها پیشنهاد شده است. آنچه عوض می‌شود:",
    "rules_wait": "ثبت {}: از دوشنبهٔ {} قاعده‌هایی پیشنهاد شده است. با rules ببینید.",
    "sign_rules": "اگر با آن موافقید: --sign {}",
    "signed_rules": "پیشنهاد قاعده‌ها امضا شد: {}",
    "missing": "دوشنبهٔ {}: این هفته را از دست دادیم؛ از هفتهٔ بعد ادامه می‌دهیم.",
}
TEHRAN = timezone(timedelta(hours=3, minutes=30))
# AHEAD: how far an entry may be dated in the future. LATE: how late a freeze may be without moving
# the reveals. ROUND: seconds between rounds. HOURLY: seconds after which the log is signed again.
AHEAD, LATE, ROUND, HOURLY = timedelta(seconds=300), timedelta(minutes=10), 60, 3600
STANDS = timedelta(days=7)  # how long a proposal of rules can be announced
# Types of keys (section 5), entries of a full tile, and the unit of limits in bytes (1 MiB).
NOTE, COSIGNATURE, WIDTH, MOST = 1, 4, 256, 1 << 20
# Kinds of entries after which a signature is needed soon, not only once an hour (section 6).
MOMENTS = {"line_closed", "freeze", "reveals_closed", "value_stands", "draw"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What a person may type as digits: Persian and Arabic digits; separators of thousands are dropped.
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2, ",٬")


class Refused(Exception):
    """Something is wrong, and nothing was signed. The message is in Persian."""


class NotNow(Exception):
    """Nobody is to blame yet: the network failed, or an answer was cut off. Try again later."""


def plain(text):
    """Return a text from the city that is safe to print.

    Characters that steer a terminal, delete a line or change the order of writing are escaped.
    """
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in str(text))


def say(name, *facts):
    """Print a sentence of `SAYS` with its facts."""
    print(SAYS[name].format(*map(plain, facts)), flush=True)


# --- signed notes (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature)


def b64(data):
    """Return bytes as standard base64."""
    return base64.b64encode(data).decode()


def unb64(text):
    """Return the bytes of base64 in its one canonical spelling; raise ValueError for any other."""
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError(text) from None
    if b64(data) != text:
        raise ValueError(text)
    return data


def key_id(name, kind, public):
    """Return the four bytes that identify a key in notes."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name, kind, public):
    """Return a public key as text, `name+id+base64`."""
    return f"{name}+{key_id(name, kind, public).hex()}+{b64(bytes([kind]) + public)}"


def read_vkey(text, kind):
    """Return name, id and public key of a text `name+id+base64`, whose type must be `kind`."""
    try:
        name, number, packed = text.strip().split("+", 2)
        data = unb64(packed)
        fits = data[0] == kind and len(data) == 33 and key_id(name, kind, data[1:]).hex() == number
    except (ValueError, IndexError):
        fits = False
    if not fits:
        raise Refused(SAYS["bad_key"].format(text))
    return name, bytes.fromhex(number), data[1:]


def is_signed(public, signature, text):
    """Return whether an Ed25519 signature over a text is by this public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


class Note:
    """A signed checkpoint: origin, size and root of the log, and the signatures below them.

    `signatures` has (name, key id, signature) for each line. A text out of its form raises
    `NotNow`, because it may have been cut off on its way.
    """

    def __init__(self, raw):
        try:
            text, _, tail = raw.decode().rpartition("\n\n")
            self.raw, self.text = raw, text + "\n"
            origin, size, root = text.split("\n")
            if not tail.endswith("\n") or not re.fullmatch("0|[1-9][0-9]{0,15}", size):
                raise ValueError(size)
            self.origin, self.size, self.root = origin, int(size), unb64(root)
            self.signatures = []
            for line in tail[:-1].split("\n"):
                dash, name, packed = line.split(" ")
                if dash != "—" or len(unb64(packed)) < 5 or len(self.root) != 32:
                    raise ValueError(line)
                self.signatures.append((name, unb64(packed)[:4], unb64(packed)[4:]))
        except ValueError as error:
            raise NotNow(SAYS["cut_off"].format("checkpoint")) from error

    def is_of(self, keys):
        """Return whether one of these keys signed the note.

        A wrong signature by any of them refuses the whole note.
        """
        found = False
        for name, number, public in keys:
            for its_name, its_number, signature in self.signatures:
                if (its_name, its_number) == (name, number):
                    if not is_signed(public, signature, self.text.encode()):
                        return False
                    found = found or self.origin == name
        return found


# --- the tree (RFC 6962, RFC 9162, c2sp.org/tlog-tiles)


def leaf(data):
    """Return the hash of one entry as a leaf of the tree."""
    return sha256(b"\0" + data).digest()


def node(left, right):
    """Return the hash of two nodes of the tree."""
    return sha256(b"\1" + left + right).digest()


def hash_of(leaves, low, high, known=None):
    """Return the tree's hash over the leaves from `low` to before `high`.

    `known` caches hashes of complete subtrees of whole tiles: (low, high) → hash.
    """
    count = high - low
    if count <= 1:
        return leaves[low] if count else sha256().digest()
    place = (low, high) if known is not None and count % WIDTH == 0 else None
    if place and place in known:
        return known[place]
    middle = low + (1 << (count - 1).bit_length() - 1)
    found = node(hash_of(leaves, low, middle, known), hash_of(leaves, middle, high, known))
    if place and count & (count - 1) == 0:
        known[place] = found
    return found


def is_consistent(old, new, old_root, new_root, proof):
    """Return whether a proof shows that the new tree continues the old one (RFC 9162, 2.1.4.2)."""
    if old == 0:
        return not proof
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    one, two = old - 1, new - 1
    while one & 1:
        one, two = one >> 1, two >> 1
    first = second = path[0]
    for step in path[1:]:
        if two == 0:
            return False
        if one & 1 or one == two:
            first, second = node(step, first), node(step, second)
            while not one & 1 and one:
                one, two = one >> 1, two >> 1
        else:
            second = node(second, step)
        one, two = one >> 1, two >> 1
    return two == 0 and first == old_root and second == new_root


def tile_path(number):
    """Return the number of a tile as path: `x001/234` (C2SP tlog-tiles)."""
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts)


def bundle_of(raw):
    """Return the entries of one bundle; raise an error if it was cut off."""
    entries, at = [], 0
    while at < len(raw):
        (length,) = struct.unpack_from(">H", raw, at)
        entries.append(raw[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(raw):
        raise ValueError("cut off")
    return entries


def packed(entries):
    """Return entries as a bundle, each behind its length in two bytes."""
    return b"".join(struct.pack(">H", len(one)) + one for one in entries)


def canonical(value):
    """Return a value as canonical JSON: sorted keys, no spaces, no ASCII escaping (section 3)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def instant(text):
    """Return the moment of a text such as `2026-11-28T20:30:00Z`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


# --- the days


def gregorian(jalali):
    """Return the date of a Jalali date such as `1405-09-16`.

    It counts days since Nowruz of 1200 (21 March 1821) in leap cycles of 33 years.
    """
    year, month, day = map(int, jalali.split("-"))
    leaps = {1, 5, 9, 13, 17, 22, 26, 30}
    days = sum(366 if one % 33 in leaps else 365 for one in range(1200, year))
    days += 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return date(1821, 3, 21) + timedelta(days=days)


def tehran(day, clock):
    """Return the moment at which clocks in Tehran show `clock` on a day; it may be 24:00."""
    hours, minutes = map(int, clock.split(":"))
    start = datetime(day.year, day.month, day.day, tzinfo=TEHRAN)
    return start + timedelta(hours=hours, minutes=minutes)


class Week:
    """One Monday of the city, as far as the copy of the log has it.

    - `draws`: its draws. `frozen`: those with a list. `changed`: those that wait for a second list.
    - `late`: by how much a late freeze moves the reveals (section 2, "Late city").
    - `closed_at`: when the reveals were closed. `value`: the late value that stands.
    - `mine`: kind → body of what this witness has in the log for this Monday.
    """

    def __init__(self, jalali, rules):
        self.jalali, self.rules, self.on = jalali, rules, gregorian(jalali)
        self.draws, self.frozen, self.changed, self.late = set(), set(), set(), timedelta()
        self.closed_at = self.value = None
        self.mine = {}

    def at(self, name):
        """Return a moment of the week's rules, such as `freeze`."""
        moment = self.rules["week"][name]
        return tehran(self.on - timedelta(days=moment["days_before"]), moment["at"])

    def day(self, now):
        """Return the day whose late value can be entered now, or None.

        Only days count whose session begins after the reveals were closed.
        """
        if self.closed_at is None or self.value not in (None, "none"):
            return None
        late, times = self.rules["late_value"], self.rules["week"]
        for name in late["days"]:
            back = (7 - DAYS.index(name)) % 7 or 7
            on = self.on - timedelta(days=back)
            begins = tehran(on, late["session"]) > self.closed_at
            opens, ends = (tehran(on, times[one]["at"]) for one in ("value_from", "value_until"))
            if begins and opens <= now < ends:
                return on
        return None


# --- the copy


class Copy:
    """One folder of the witness: settings, secret key, values, copy of the log, last signature.

    - `settings.json` and `seed`: written by keygen. `values/MONDAY`: the secret value of each
      Monday.
    - `entries`: the log, as one bundle. `checkpoint`: the city's newest note that it follows.
    - `cosigned`: the newest note that this witness signed.
    - `rewritten-...`: the evidence of a rewritten log. While it exists, nothing is signed.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            settings = json.loads((self.folder / "settings.json").read_text())
            seed = unb64((self.folder / "seed").read_text().strip())
        except FileNotFoundError:
            raise Refused(SAYS["no_key"].format(folder)) from None
        self.party, self.name = settings["party"], settings["name"]
        self.cities = [read_vkey(one, NOTE) for one in settings["city_keys"]]
        self.origin = self.cities[0][0]
        self.secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.read()

    def read(self):
        """Read the copy from the disk again, and check that its root is the checkpoint's."""
        self.note = self.kept("checkpoint")
        self.entries, self.leaves, self.known = [], [], {}
        self.rules, self.weeks, self.moment, self.last = {}, {}, 0, ""
        self.newest, self.proposed = {}, {}
        if self.note is None:
            return
        raw = (self.folder / "entries").read_bytes()
        at = 0
        for _ in range(self.note.size):
            (length,) = struct.unpack_from(">H", raw, at)
            self.take(raw[at + 2 : at + 2 + length])
            at += 2 + length
        # After a power failure there may be entries without their checkpoint.
        if at != len(raw):
            with (self.folder / "entries").open("r+b") as file:
                file.truncate(at)
        if hash_of(self.leaves, 0, self.note.size, self.known) != self.note.root:
            raise Refused(SAYS["malformed"].format(self.folder / "entries"))

    def kept(self, name):
        """Return a stored note by its name, or None."""
        path = self.folder / name
        return Note(path.read_bytes()) if path.exists() else None

    def keep(self, name, data):
        """Write a file as a whole or not at all, readable by its owner only."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)

    @contextmanager
    def lock(self):
        """Hold the folder for this process, so that two of them never write at once."""
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def take(self, raw):
        """Append one entry in memory; refuse one that is out of its form, order or time."""
        seq = len(self.entries) + 1
        try:
            entry = json.loads(raw)
            body, kind, at = entry["body"], entry["kind"], entry["at"]
            fits = canonical(entry).encode() == raw and set(entry) == {"at", "body", "kind", "seq"}
            if not fits or not raw.isascii() or entry["seq"] != seq or at < self.last:
                raise ValueError(seq)
            self.learn(kind, body, instant(at), seq)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refused(SAYS["malformed"].format(seq)) from None
        self.last = at
        self.entries.append(raw)
        self.leaves.append(leaf(raw))

    def learn(self, kind, body, at, seq):
        """Note what an entry means for this witness: rules, Mondays, its own statements."""
        if kind in MOMENTS:
            self.moment = seq
        if kind == "rules_announced" and "rules" in body:
            self.rules[body["hash"]] = self.newest = body["rules"]
            self.proposed.clear()
        elif kind == "rules_proposed":
            self.proposed = {seq: (at, body)}  # a new proposal ends the one before it
        elif kind == "rules_signed" and body["party"] == self.party:
            self.proposed.pop(body["because"][0], None)
        elif kind == "monday_opened":
            jalali = body["draw"][4:]
            rules = self.rules.get(body["rules_hash"])  # without known rules nothing is due
            if rules is not None:
                week = self.weeks.setdefault(jalali, Week(jalali, rules))
                week.draws.add(body["draw"])
        elif kind == "freeze" and body["draw"][4:] in self.weeks:
            week = self.weeks[body["draw"][4:]]
            if body["draw"] not in week.frozen:
                week.frozen.add(body["draw"])
                if at - week.at("freeze") > LATE:
                    week.late = max(week.late, at - week.at("freeze"))
            week.changed.discard(body["draw"])
        elif kind == "objection" and body["outcome"] == "changed":
            if body["draw"][4:] in self.weeks:
                self.weeks[body["draw"][4:]].changed.add(body["draw"])
        elif "monday" in body and body["monday"] in self.weeks:
            week = self.weeks[body["monday"]]
            if kind == "reveals_closed":
                week.closed_at = at
            elif kind == "value_stands":
                week.value = body["value"]
            elif body.get("party") == self.party:
                week.mine[kind] = body

    def cosign(self, note, now):
        """Return this witness's signature line for a checkpoint (C2SP tlog-cosignature v1)."""
        at = int(now.timestamp())
        text = f"cosignature/v1\ntime {at}\n{note.text}".encode()
        number = key_id(self.name, COSIGNATURE, self.public)
        line = b64(number + struct.pack(">Q", at) + self.secret.sign(text))
        return f"— {self.name} {line}\n"

    def proposals(self, now):
        """Return the proposed rules that this witness may sign: entry → body.

        The newest rules must name the witness, and the proposal must be less than a week old.
        """
        ours = vkey(self.name, COSIGNATURE, self.public)
        named = [one for one in self.newest.get("witnesses", []) if one["vkey"] == ours]
        waiting = self.proposed.items() if named else ()
        return {seq: body for seq, (at, body) in waiting if now < at + STANDS}

    def sign_words(self, kind, monday, *words):
        """Return the signature of a statement by this witness, in base64 (section 5)."""
        lines = ("publicmeeting/said/v1", self.origin, kind, monday, self.party, *words)
        return b64(self.secret.sign("".join(line + "\n" for line in lines).encode()))

    def refuse_rewritten(self, new, theirs):
        """Store the evidence that the log was rewritten, and raise `Refused`.

        Both signed notes and both versions of the entries are in the folder. Anybody can check them
        without trusting this witness.
        """
        place = self.folder / f"rewritten-{new.size}-{sha256(new.raw).hexdigest()[:8]}"
        for name, data in (
            ("old.note", self.note.raw if self.note else b""),
            ("cosigned.note", getattr(self.kept("cosigned"), "raw", b"")),
            ("new.note", new.raw),
            ("our-entries", packed(self.entries)),
            ("their-entries", packed(theirs)),
        ):
            self.keep(f"{place.name}/{name}", data)
        raise Refused(SAYS["rewritten"].format(place))

    def refuse_if_refused(self):
        """Raise `Refused` while there is evidence of a rewritten log."""
        for place in self.folder.glob("rewritten-*"):
            raise Refused(SAYS["refuses"].format(place))

    def grow(self, note, fetch):
        """Append all entries up to a checkpoint, or refuse it.

        Its root must follow from the copy and the new entries. `fetch(start, end)` gets entries of
        the city.

        - Signed by no key of the city, or shorter than the copy: `Refused`.
        - Another history, which the city's own entries prove: the evidence is stored, and
          `Refused`.
        - Entries that do not fit the checkpoint at all: `NotNow`, they may have been damaged.
        """
        if not note.is_of(self.cities):
            raise Refused(SAYS["stranger"])
        size = len(self.entries)
        if note.size <= size:
            if hash_of(self.leaves, 0, note.size, self.known) != note.root:
                first = note.size // WIDTH * WIDTH
                self.refuse_rewritten(note, fetch(first, note.size) if note.size else [])
            if note.size < size:
                raise Refused(SAYS["shorter"].format(note.size, size))
            return
        theirs = fetch(size, note.size)
        leaves = self.leaves + [leaf(one) for one in theirs]
        if hash_of(leaves, 0, note.size) != note.root:
            whole = fetch(0, note.size)
            if hash_of([leaf(one) for one in whole], 0, note.size) == note.root:
                self.refuse_rewritten(note, whole)
            raise NotNow(SAYS["cut_off"].format("tile/entries"))
        before = size
        try:
            for one in theirs:
                self.take(one)
        except Refused:
            self.read()
            raise
        with (self.folder / "entries").open("ab") as file:
            file.write(packed(self.entries[before:]))
            file.flush()
            os.fsync(file.fileno())
        self.keep("checkpoint", note.raw)
        self.note = note


# --- one round


BROKEN = (OSError, EOFError, ValueError, zlib.error, http.client.HTTPException)
"""Errors of an answer that is cut off, damaged or missing."""


def unpacked(raw):
    """Return gzip unpacked, up to 64 MiB: a small answer could fill any memory."""
    packed = zlib.decompressobj(31)
    whole = packed.decompress(raw, 64 * MOST)
    if not packed.eof:
        raise ValueError("gzip")
    return whole


class City:
    """The addresses of the city's log, under `/log/`."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def get(self, path):
        """Return what is at a path; raise `NotNow` if that fails."""
        try:
            request = urllib.request.Request(  # noqa: S310  (whoever runs it names the city)
                f"{self.url}/log/{path}", headers={"Accept-Encoding": "gzip"}
            )
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                raw = answer.read(64 * MOST)
                is_packed = answer.headers.get("Content-Encoding") == "gzip"
            return unpacked(raw) if is_packed else raw
        except BROKEN as error:
            raise NotNow(SAYS["away"].format(plain(f"{path}: {error}"))) from None

    def post(self, path, data, kind):
        """Send data to a path; return the answer, or None if the city refused it."""
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}/log/{path}", data=data, headers={"Content-Type": kind}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return answer.read(MOST)
        except urllib.error.HTTPError as error:
            words = error.read(2000).decode(errors="replace").strip()
            say("refused", error.code, words)
            return None
        except BROKEN as error:
            raise NotNow(SAYS["away"].format(plain(f"{path}: {error}"))) from None

    def entries(self, start, end):
        """Return the entries from `start` to before `end`, counted from 0."""
        found = []
        for number in range(start // WIDTH, (end + WIDTH - 1) // WIDTH):
            width = min(WIDTH, end - number * WIDTH)
            part = "" if width == WIDTH else f".p/{width}"
            try:
                raw = self.get(f"tile/entries/{tile_path(number)}{part}")
            except NotNow:
                if not part:
                    raise
                raw = self.get(f"tile/entries/{tile_path(number)}")  # it has become full meanwhile
            try:
                bundle = bundle_of(raw)[:width]
            except (ValueError, struct.error):
                bundle = []
            if len(bundle) < width:
                raise NotNow(SAYS["cut_off"].format(f"tile/entries/{tile_path(number)}"))
            found += bundle[max(start - number * WIDTH, 0) :]
        return found


def typed_value(text, kind):
    """Return a late value as the log writes it, or raise `Refused` with what is wrong with it."""
    value = text.strip().translate(DIGITS)
    if kind == "dice":
        if not re.fullmatch("[1-6]{10}", value):
            raise Refused(SAYS["dice"])
        return value
    if re.search(r"[0-9][./٫][0-9]", value):
        raise Refused(SAYS["decimals"])
    if re.search(r"[0-9]\s+[0-9]", value):
        raise Refused(SAYS["space"])
    if value.lower() == "none":
        return "none"
    if not re.fullmatch("0|[1-9][0-9]{0,14}", value):
        raise Refused(SAYS["number"])
    return value


class Rounds:
    """What a witness does each minute.

    Everything that must survive a restart is in the folder. The attributes only avoid repeating a
    message or a question: `sent` when something was sent, `told` weeks already reported, `asked`
    values already asked for, `joined` sizes of other witnesses' notes already signed.
    """

    def __init__(self, copy, city, now):
        self.copy, self.city, self.clock = copy, city, now
        self.sent, self.told, self.asked, self.joined = {}, set(), set(), set()

    def once(self, value=None):
        """Do one round: copy the log, sign it, and do what is due for each Monday."""
        with self.copy.lock():
            copy, now = self.copy, self.clock()
            copy.refuse_if_refused()
            on_disk = copy.kept("checkpoint")
            if on_disk and (copy.note is None or on_disk.size != copy.note.size):
                copy.read()  # another process with this folder has copied more
            note = Note(self.city.get("checkpoint"))
            before = len(copy.entries)
            copy.grow(note, self.city.entries)
            if len(copy.entries) > before:
                say("copied", len(copy.entries))
            if copy.last and instant(copy.last) > now + AHEAD:
                raise Refused(SAYS["ahead"].format(len(copy.entries)))
            self.cosign(note, now)
            for week in list(copy.weeks.values()):
                self.attend(week, now)
            self.tell_rules(now)
            self.value(value, now)

    def tell_rules(self, now):
        """Print once that rules are proposed; a person must decide whether to sign them."""
        path = self.copy.folder / "rules-told"
        told = int(path.read_text()) if path.exists() else 0
        for seq, body in self.copy.proposals(now).items():
            if seq > told:
                say("rules_wait", seq, body["from"])
                self.copy.keep("rules-told", str(seq).encode())

    def cosign(self, note, now):
        """Sign the newest checkpoint if that is due, and send the signature.

        It is due if the log has grown, and either an hour has passed or an entry of `MOMENTS` is
        not signed yet. A checkpoint that another witness signed first is signed too.
        """
        last = self.copy.kept("cosigned")
        if last is not None and last.size > note.size:
            raise Refused(SAYS["shorter"].format(note.size, last.size))
        size = last.size if last is not None else 0
        if size and hash_of(self.copy.leaves, 0, size, self.copy.known) != last.root:
            self.copy.refuse_rewritten(note, self.copy.entries)
        theirs = self.first_signed()
        if theirs is not None and self.send_line(theirs, now):
            return
        if size:
            stamps = [one[2] for one in last.signatures if one[0] == self.copy.name]
            fresh = any(now.timestamp() - int.from_bytes(one[:8], "big") < HOURLY for one in stamps)
            if last.size == note.size or (fresh and last.size >= self.copy.moment):
                return
        self.send_line(note, now)

    def first_signed(self):
        """Return the first note after the newest moment that another witness signed, or None.

        If this witness signs the same note, a quorum stands under one note.
        """
        copy = self.copy
        try:
            sizes = json.loads(self.city.get("notes"))
            later = [one for one in sizes if copy.moment <= int(one) <= len(copy.entries)]
            if not copy.moment or not later or min(later) in self.joined:
                return None
            note = Note(self.city.get(f"note/{min(later)}"))
        except (NotNow, TypeError, ValueError, RecursionError):
            return None
        if not note.is_of(copy.cities):
            return None
        if hash_of(copy.leaves, 0, note.size, copy.known) != note.root:
            copy.refuse_rewritten(note, copy.entries)
        self.joined.add(note.size)
        return None if any(name == copy.name for name, _, _ in note.signatures) else note

    def send_line(self, note, now):
        """Send the signature of a note; return whether the city took it."""
        signed = note.raw + self.copy.cosign(note, now).encode()
        if self.city.post("cosignature", signed, "text/plain; charset=utf-8") is None:
            return False
        last = self.copy.kept("cosigned")
        if last is None or last.size <= note.size:
            self.copy.keep("cosigned", signed)
        say("signed", note.size)
        return True

    def attend(self, week, now):
        """Do what is due for one Monday: commit until the freeze, reveal once every list is fixed.

        It also prints what the city accepted but did not write into its log.
        """
        mine, path = week.mine, self.copy.folder / "values" / week.jalali
        for kind in ("commitment", "reveal", "value"):
            sent = self.sent.get((week.jalali, kind))
            if sent and kind not in mine and now > sent + timedelta(seconds=2 * ROUND):
                say("not_written", f"{kind} {week.jalali}")
                del self.sent[week.jalali, kind]
        if "commitment" not in mine:
            if now < week.at("freeze"):
                self.commit(week, path, now)
            elif now < week.at("standby_until") and week.jalali not in self.told:
                self.told.add(week.jalali)
                say("missing", week.jalali)
            return
        starts = week.at("reveals_from") + week.late
        ends = week.at("reveals_until") + week.late
        fixed = week.draws <= week.frozen and not week.changed
        if "reveal" not in mine and week.closed_at is None and fixed and starts <= now < ends:
            value = path.read_text().strip() if path.exists() else ""
            if commitment(self.copy.party, value) != mine["commitment"]["commitment"]:
                if week.jalali not in self.told:
                    self.told.add(week.jalali)
                    say("lost", week.jalali)
            elif self.send("reveal", week, now, value=value):
                say("revealed", week.jalali)

    def commit(self, week, path, now):
        """Commit to this Monday's value; the value is stored before its hash leaves the machine."""
        if not path.exists():
            self.copy.keep(f"values/{week.jalali}", secrets.token_hex(32).encode())
        promised = commitment(self.copy.party, path.read_text().strip())
        sig = self.copy.sign_words("commitment", week.jalali, promised)
        if self.send("commitment", week, now, commitment=promised, sig=sig):
            say("committed", week.jalali)

    def value(self, typed, now):
        """Enter the late value of each Monday that waits for one; ask for it if none is typed."""
        waiting = [(one, one.day(now)) for one in self.copy.weeks.values() if one.day(now)]
        if typed is not None and not waiting:
            raise Refused(SAYS["no_day"])
        for week, on in waiting:
            day, entered = jalali_of(on), week.mine.get("value")
            is_done = (entered and entered["day"] == day) or (week.jalali, day) in self.asked
            if typed is None and (is_done or not sys.stdin.isatty()):
                continue
            self.asked.add((week.jalali, day))
            text = typed if typed is not None else input(SAYS["ask"].format(day, week.jalali))
            value = typed_value(text, week.rules["late_value"]["kind"])
            sig = self.copy.sign_words("value", week.jalali, day, value)
            if self.send("value", week, now, day=day, value=value, sig=sig):
                say("valued", value, week.jalali)

    def send(self, kind, week, now, **words):
        """Send a statement about a Monday; return whether the city took it."""
        body = {"monday": week.jalali, "party": self.copy.party, **words}
        if self.city.post(kind, canonical(body).encode(), "application/json") is None:
            return False
        self.sent[week.jalali, kind] = now
        return True


def rules(copy, city, clock, wanted):
    """Print the proposed rules of the copy, and sign those whose hash is `wanted`."""
    Rounds(copy, city, clock).once()
    found = copy.proposals(clock())
    for seq, body in found.items():
        say("rules", seq, body["from"])
        for line in differences(copy.newest, body["rules"]):
            print(f"  {plain(line)}")
        if sha256(canonical(body["rules"]).encode()).hexdigest() != body["hash"]:
            raise Refused(SAYS["malformed"].format(seq))
        if wanted != body["hash"]:
            say("sign_rules", body["hash"])
            continue
        sig = copy.sign_words("rules_signed", body["from"], body["hash"])
        word = {"monday": body["from"], "party": copy.party, "hash": body["hash"], "sig": sig}
        if city.post("rules", canonical(word).encode(), "application/json") is None:
            return 1
        say("signed_rules", body["hash"])
    if not found:
        say("no_rules")
    return 1 if wanted and wanted not in [one["hash"] for one in found.values()] else 0


def differences(before, after, path=""):
    """Yield a line for each change between two versions: `week.freeze.at: "12:00" → "13:00"`."""
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict):
            yield from differences(was, now, f"{path}{key}.")
        else:
            yield f"{path}{key}: {canonical(was)} → {canonical(now)}"


def commitment(party, value):
    """Return the hash by which a party commits to a value (section 3)."""
    return sha256(f"publicmeeting/commit/v1\n{party}\n{value}".encode()).hexdigest()


def jalali_of(on):
    """Return a date as Jalali date, the inverse of `gregorian`."""
    year = on.year - 622
    if on >= gregorian(f"{year + 1}-01-01"):
        year += 1
    days = (on - gregorian(f"{year}-01-01")).days
    month = days // 31 + 1 if days < 186 else (days - 186) // 30 + 7
    return f"{year}-{month:02d}-{(on - gregorian(f'{year}-{month:02d}-01')).days + 1:02d}"


# --- for other people's programs


class Server(BaseHTTPRequestHandler):
    """HTTP server of the copy: a mirror under /log/, and add-checkpoint if the server cosigns."""

    protocol_version, timeout, server_version, sys_version = "HTTP/1.1", 30, "witness", ""

    def do_GET(self):
        """Answer with the checkpoint or a tile of the copy."""
        path = self.path.split("?")[0]
        path = path[4:] if path.startswith("/log/") else path
        copy = self.server.copy
        with self.server.turn():
            try:
                found = self.tile(copy, path)
            except (ValueError, IndexError):
                found = None
        self.answer(*((200, found) if found is not None else (404, b"")))

    def tile(self, copy, path):
        """Return the bytes of a path, or None if the copy does not have it."""
        size = len(copy.entries)
        if path == "/checkpoint":
            signed = copy.kept("cosigned")
            best = signed if signed and copy.note and signed.size == copy.note.size else copy.note
            return best.raw if best else None
        found = re.fullmatch(
            r"/tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]+))?",
            path,
        )
        if not found:
            return None
        level, number = found[1], int(found[2].replace("x", "").replace("/", ""))
        width = int(found[3] or WIDTH)
        if tile_path(number) != found[2] or not 0 < width <= WIDTH - bool(found[3]):
            return None
        start = number * WIDTH
        if level == "entries":
            return packed(copy.entries[start : start + width]) if start + width <= size else None
        span = WIDTH ** int(level)
        if (start + width) * span > size:
            return None
        places = range(start, start + width)
        parts = (hash_of(copy.leaves, one * span, (one + 1) * span, copy.known) for one in places)
        return b"".join(parts)

    def do_POST(self):
        """Answer add-checkpoint."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint" or not self.server.cosigns:
            self.close_connection = True
            self.answer(404, b"")
        elif not length.isdecimal() or int(length) > MOST:
            self.close_connection = True
            self.answer(400, b"")
        else:
            raw = self.rfile.read(int(length))
            with self.server.turn():
                self.answer(*add_checkpoint(self.server.copy, raw, self.server.clock()))

    def answer(self, status, data, kind="text/plain; charset=utf-8"):
        """Send one answer; any web page may read it."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Log nothing: who reads a copy is private."""


def add_checkpoint(copy, raw, now):
    """Answer C2SP tlog-witness: cosign a checkpoint that continues the last one.

    Return the HTTP status, the body and, if it is no plain text, its content type.
    """
    head, _, rest = raw.partition(b"\n\n")
    try:
        old, *lines = head.decode().split("\n")
        if not re.fullmatch("old (0|[1-9][0-9]{0,15})", old) or len(lines) > 63:
            raise ValueError(old)
        size, proof, note = int(old[4:]), [unb64(line) for line in lines], Note(rest)
        if any(len(one) != 32 for one in proof):
            raise ValueError(size)
    except (ValueError, NotNow):
        return 400, b""
    if note.origin != copy.origin:
        return 404, b""
    if not note.is_of(copy.cities):
        return 403, b""
    if size > note.size:
        return 400, b""
    if any(copy.folder.glob("rewritten-*")):
        return 403, SAYS["refuses"].format("rewritten").encode()
    last = copy.kept("cosigned")
    known = last.size if last else 0
    if size != known:
        return 409, f"{known}\n".encode(), "text/x.tlog.size"
    try:
        ours = len(copy.entries)
        if note.size <= ours and hash_of(copy.leaves, 0, note.size, copy.known) != note.root:
            copy.refuse_rewritten(note, [])
        if last and size == note.size and note.root != last.root:
            copy.refuse_rewritten(note, [])
    except Refused as refused:
        print(refused, flush=True)
        return 409, f"{known}\n".encode(), "text/x.tlog.size"
    if not is_consistent(size, note.size, last.root if last else b"", note.root, proof):
        return 422, b""
    line = copy.cosign(note, now).encode()
    copy.keep("cosigned", note.raw + line)
    return 200, line


def serve(copy, port, cosigns, clock):
    """Serve the copy until the process ends; each request reads the copy again if it has grown."""
    server = ThreadingHTTPServer(("", port), Server)
    server.daemon_threads = True
    server.copy, server.cosigns, server.clock = copy, cosigns, clock

    @contextmanager
    def turn():
        with copy.lock():
            on_disk = copy.kept("checkpoint")
            if on_disk and (copy.note is None or on_disk.size != copy.note.size):
                copy.read()
            yield

    server.turn = turn
    say("serving", server.server_address[1])
    server.serve_forever()


def keygen(options):
    """Make a folder with a new key, and print the public key for the city and the press."""
    folder = Path(options.dir)
    if (folder / "seed").exists():
        raise Refused(SAYS["exists"].format(folder))
    if not re.fullmatch("[a-z][a-z0-9-]{0,31}", options.party) or options.party == "city":
        raise Refused(SAYS["party"])
    if not re.fullmatch(r"[\x21-\x2a\x2c-\x7e]+", options.name):
        raise Refused(SAYS["bad_key"].format(options.name))
    names = {read_vkey(one, NOTE)[0] for one in options.city_key}
    if len(names) != 1:
        raise Refused(SAYS["two_logs"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = {"party": options.party, "name": options.name, "city_keys": options.city_key}
    (folder / "settings.json").write_text(json.dumps(settings, indent=1) + "\n")
    with open(os.open(folder / "seed", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(b64(secrets.token_bytes(32)) + "\n")
    copy = Copy(folder)
    say("made", folder)
    say("key")
    print(vkey(copy.name, COSIGNATURE, copy.public))


def page(options):
    """Print the hash of the code of the city's page /witness/, as this machine receives it.

    Witnesses compare it by telephone: a page made for one of them would have another hash.
    """
    try:
        request = urllib.request.Request(f"{options.city.rstrip('/')}/witness/")  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            text = answer.read(4 * MOST).decode()
    except BROKEN as error:
        raise NotNow(SAYS["away"].format(plain(error))) from None
    found = re.findall(r'<script type="module">(.*?)</script>', text, re.DOTALL)
    if len(found) != 1:
        raise Refused(SAYS["no_page"])
    say("page", sha256(found[0].encode()).hexdigest())


def run(options, clock):
    """Do rounds until the process is stopped, or one round with --once."""
    copy = Copy(options.dir)
    rounds = Rounds(copy, City(options.city), clock)
    while True:
        try:
            rounds.once(options.value)
        except NotNow as error:
            print(error, flush=True)
            if options.once:
                return 2
        else:
            options.value = None
        if options.once:
            return 0
        time.sleep(ROUND)


def main(words=None):
    """Run the command line, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("keygen", "run", "serve", "mirror", "rules", "page"):
        command = commands.add_parser(name)
        if name != "page":
            command.add_argument("--dir", required=True)
        if name == "keygen":
            command.add_argument("--party", required=True)
            command.add_argument("--name", required=True)
            command.add_argument("--city-key", action="append", required=True)
        if name in {"run", "rules", "page"}:
            command.add_argument("--city", required=True)
        if name == "rules":
            command.add_argument("--sign", default="")
        if name == "run":
            command.add_argument("--once", action="store_true")
            command.add_argument("--value")
        if name in {"serve", "mirror"}:
            command.add_argument("--port", type=int, default=8464)
        command.add_argument("--pretend-now", help=argparse.SUPPRESS)  # the clock of a demo city
    options = parser.parse_args(words)
    ahead = timedelta()
    if options.pretend_now:
        ahead = instant(options.pretend_now) - datetime.now(timezone.utc)
    try:
        if options.command == "keygen":
            keygen(options)
        elif options.command == "page":
            page(options)
        elif options.command in {"run", "rules"}:
            clock = lambda: datetime.now(timezone.utc) + ahead  # noqa: E731
            if options.command == "run":
                return run(options, clock)
            return rules(Copy(options.dir), City(options.city), clock, options.sign)
        else:
            clock = lambda: datetime.now(timezone.utc) + ahead  # noqa: E731
            serve(Copy(options.dir), options.port, options.command == "serve", clock)
    except Refused as refused:
        print(refused, file=sys.stderr, flush=True)
        return 1
    except NotNow as error:
        print(error, file=sys.stderr, flush=True)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
