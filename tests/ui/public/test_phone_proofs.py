"""What a phone proves of a published log with few files, and how it names a forged log."""

import base64
import json
import re
from urllib.parse import urlsplit

import pytest
from city_books import Note, altered, forged, tree_root, without
from small_city import honest
from support.browser_scripts import ScriptError, Scripts

from publicmeeting.kit.digits import persian
from publicmeeting.text.public_record.verify_text import SEAL_WHY
from publicmeeting.turns.machine.breaks import Break

TEXTS = """new Proxy({}, { get: (_, name) => String(name) })"""
PROVE = f"""async (files, wanted, before) => {{
  globalThis.held = before ?? globalThis.held;
  const storage = {{ getItem: () => globalThis.held || null,
    setItem: (_, text) => {{ globalThis.held = text; }} }};
  const fetcher = new Fetcher(async (path) => files[path] === undefined
    ? new Response("", {{ status: 404 }}) : new Response(unhex(files[path])));
  const {{ ticks, broken, facts, row, entry }} =
    await prove(wanted, fetcher, storage, {TEXTS}, {{}});
  return {{ ticks: ticks.map((one) => [one.holds, one.title]), broken, facts, row, entry,
    bytes: fetcher.bytes, held: globalThis.held }};
}}"""
WHOLE = """async (files, before) => {
  globalThis.fetch = async (path) => files[path] === undefined
    ? new Response("", { status: 404 }) : new Response(unhex(files[path]));
  const now = JSON.parse(new TextDecoder().decode(unhex(files["/verify/now.json"])));
  const note = new TextDecoder().decode(unhex(files["/log/checkpoint"]));
  const told = [];
  const report = await auditSite(now, note, before, (done, size) => told.push([done, size]));
  return { ...report, told };
}"""
BELIEVE = """(held, witnesses) => {
  const storage = { getItem: () => held, setItem: (_, text) => { held = text; } };
  believe(storage, witnesses);
  return held;
}"""
SEED = 3
PHONE = "public/verify/check/phone.js"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = "public/verify/check"
    modules = [f"{folder}/{name}.js" for name in ("prove", "phone", "whole", "canonical")]
    with Scripts(tmp_path_factory.mktemp("scripts"), *modules) as running:
        yield running


class Site:
    """A history as the site serves it."""

    def __init__(self, history, folder):
        self.history = history
        history.write(folder)
        self.files = {
            f"/log/{path.relative_to(folder)}": path.read_bytes().hex()
            for path in folder.rglob("*")
            if path.is_file()
        }
        self.entries = history.decoded()
        rules = next(entry["body"]["rules"] for entry in self.entries if "rules" in entry["body"])
        self.keys = rules["log"]["keys"]
        now = {
            "origin": history.origin,
            "keys": self.keys,
            "witnesses": rules["witnesses"],
            "audited": "",
        }
        self.files["/verify/now.json"] = json.dumps(now).encode().hex()

    def numbered(self, kind, **body):
        found = [
            entry["seq"]
            for entry in self.entries
            if entry["kind"] == kind and body.items() <= entry["body"].items()
        ]
        return found[-1]

    def text(self, seq):
        return self.history.entries[seq - 1].decode()

    def serve_row(self, draw, at):
        """Serve what the site says of one row of a list."""
        file = self.history.files[draw]
        row = file["pool"][at]
        head = f"{draw}|{file['rules_hash']}|{','.join(file['seats'])}"
        texts = [head, *("|".join(map(str, row_text(one))) for one in file["pool"])]
        monday = {"monday": draw[4:]}
        kinds = {
            "freeze": {"draw": draw},
            "reveals_closed": monday,
            "value_stands": monday,
            "draw": {"draw": draw},
        }
        proof = {
            "draw": draw,
            "rules_hash": file["rules_hash"],
            "seats": file["seats"],
            "row": row,
            "index": at + 1,
            "leaves": len(texts),
            "path": path_of(texts, at + 1),
            "pool_root": file["pool_root"],
            "entries": {
                kind: self.text(self.numbered(kind, **body)) for kind, body in kinds.items()
            },
            "size": 9000,
        }
        self.files[f"/draws/{draw}/row/{row['ticket']}"] = json.dumps(proof).encode().hex()
        return row["ticket"], proof


def row_text(row):
    return [row[key] for key in ("ticket", "lane", "waited", "debt", "prefers")]


def path_of(texts, index):
    """Return the path of a leaf to the root (RFC 9162, 2.1.3.1)."""
    if len(texts) == 1:
        return []
    split = 1 << (len(texts) - 1).bit_length() - 1
    left, right = texts[:split], texts[split:]
    if index < split:
        return [*path_of(left, index), tree_root(right)]
    return [*path_of(right, index - split), tree_root(left)]


@pytest.fixture
def site(tmp_path):
    return Site(honest(SEED), tmp_path / "log")


def test_the_citys_key_is_named_in_the_letters_of_the_poster(scripts, site):
    """«۷۵ea۹۱۰۰» is on no poster."""
    texts = json.dumps({"sealWhy": SEAL_WHY})
    words = PROVE.replace(TEXTS, texts).replace("one.title]", "one.text]")
    key = site.keys[0].split("+")[1]
    assert re.search("[0-9]", key)
    ((holds, sentence), *_) = scripts.run(words, site.files, {}, "")["ticks"]
    size = persian(len(site.entries))
    assert (holds, sentence) == (True, SEAL_WHY.format(size=size, key=f"\u2066{key}\u2069"))


def drawn(site):
    return next(name for name, file in site.history.files.items() if len(file["pool"]) > 5)


def test_a_row_is_proved_up_to_the_signed_log(scripts, site):
    draw = drawn(site)
    for at in (0, 3, len(site.history.files[draw]["pool"]) - 1):
        ticket, _ = site.serve_row(draw, at)
        found = scripts.run(PROVE, site.files, {"draw": draw, "ticket": ticket}, "")
        assert found["broken"] == ""
        assert found["row"]["row"]["ticket"] == ticket
        titles = [title for holds, title in found["ticks"] if holds]
        assert titles[:3] == ["seal", "row", "rootLogged"]
        assert [None, "keptFirst"] in found["ticks"]
        assert found["bytes"] < 200_000


def test_the_witnesses_are_counted_and_their_absence_is_said(scripts, site, tmp_path):
    draw = drawn(site)
    ticket, _ = site.serve_row(draw, 0)
    wanted = {"draw": draw, "ticket": ticket}
    found = scripts.run(PROVE, site.files, wanted, "")
    assert [True, "signed"] in found["ticks"]
    alone = honest(SEED)
    alone = type(alone)(**{**vars(alone), "notes": [Note(note.size, {}) for note in alone.notes]})
    bare = Site(alone, tmp_path / "alone")
    bare.serve_row(draw, 0)
    assert [False, "signedFew"] in scripts.run(PROVE, bare.files, wanted, "")["ticks"]


NO_ED25519 = """() => {
  const refuse = () => Promise.reject(new DOMException("", "NotSupportedError"));
  crypto.subtle.importKey = crypto.subtle.verify = refuse;
}"""


def test_a_browser_without_ed25519_proves_the_same(tmp_path, site):
    """The page verifies every signature by its own code."""
    draw = drawn(site)
    ticket, _ = site.serve_row(draw, 0)
    with Scripts(tmp_path / "scripts", "public/verify/check/prove.js", PHONE) as old:
        old.run(NO_ED25519)
        found = old.run(PROVE, site.files, {"draw": draw, "ticket": ticket}, "")
    assert found["broken"] == ""
    assert [True, "seal"] in found["ticks"]
    assert [True, "signed"] in found["ticks"]


def test_a_row_that_is_another_or_of_another_list_is_no_proof(scripts, site):
    draw = drawn(site)
    ticket, proof = site.serve_row(draw, 2)
    _, other = site.serve_row(draw, 4)
    lies = [
        {"row": {**proof["row"], "waited": proof["row"]["waited"] + 1}},
        {"path": proof["path"][1:]},
        {"path": other["path"]},
        {"index": 0},
        {"row": other["row"]},
        {"leaves": proof["leaves"] + 1},
        {"pool_root": "0" * 64},
        {"draw": "d06-1405-01-01"},
        {"entries": {**proof["entries"], "freeze": ""}},
    ]
    for lie in lies:
        text = json.dumps({**proof, **lie}).encode().hex()
        files = {**site.files, f"/draws/{draw}/row/{ticket}": text}
        found = scripts.run(PROVE, files, {"draw": draw, "ticket": ticket}, "")
        assert found["broken"] == "pool_root_differs", lie
    forged_entry = proof["entries"]["freeze"].replace('"rows":', '"rows":1')
    entries = {**proof["entries"], "freeze": forged_entry}
    text = json.dumps({**proof, "entries": entries}).encode().hex()
    files = {**site.files, f"/draws/{draw}/row/{ticket}": text}
    found = scripts.run(PROVE, files, {"draw": draw, "ticket": ticket}, "")
    assert found["broken"] == "root_differs"


def test_a_ticket_that_is_in_no_list_is_told_and_nothing_more(scripts, site):
    found = scripts.run(PROVE, site.files, {"draw": drawn(site), "ticket": "0" * 64}, "")
    assert found["broken"] == ""
    assert found["ticks"][-1] == [None, "notListed"]


def test_months_later_a_receipt_and_the_log_she_saw_still_stand(scripts, site, tmp_path):
    history = honest(SEED)
    seq = site.numbered("filed")
    early = type(history)(**{**vars(history), "entries": history.entries[: seq + 3], "notes": []})
    first = Site(early, tmp_path / "early")
    receipt = early.receipt(seq)
    then = scripts.run(PROVE, first.files, {"receipt": receipt}, "")
    assert [title for _, title in then["ticks"]] == ["seal", "keptFirst", "receipt"]
    later = scripts.run(PROVE, site.files, {"receipt": receipt}, then["held"])
    assert later["broken"] == ""
    assert later["ticks"] == [[True, "seal"], [True, "keptOn"], [True, "receipt"]]
    assert later["entry"]["seq"] == seq


def test_a_log_that_was_rewritten_or_cut_is_told_from_what_was_kept(scripts, site, tmp_path):
    history = honest(SEED)
    held = scripts.run(PROVE, site.files, {}, "")["held"]
    seq = site.numbered("filed")
    rewritten = Site(forged(history, altered(seq, prefers="late", by="desk")), tmp_path / "again")
    found = scripts.run(PROVE, rewritten.files, {}, held)
    assert found["broken"] == "log_rewritten"
    assert found["facts"]["note"] == bytes.fromhex(site.files["/log/checkpoint"]).decode()
    cut = forged(history, without(*range(len(history.entries) - 5, len(history.entries) + 1)))
    found = scripts.run(PROVE, Site(cut, tmp_path / "cut").files, {}, held)
    assert found["broken"] == "log_cut"


def test_a_receipt_contradicts_a_log_that_was_changed_under_it(scripts, site, tmp_path):
    history = honest(SEED)
    seq = site.numbered("filed")
    receipt = history.receipt(seq)
    changed = Site(forged(history, altered(seq, level="typed", by="phone")), tmp_path / "changed")
    found = scripts.run(PROVE, changed.files, {"receipt": receipt}, "")
    assert found["broken"] == "receipt_contradicted"
    assert found["facts"]["then"] == history.entries[seq - 1].decode()
    assert found["facts"]["now"] == changed.text(seq)
    later = Site(forged(history, altered(1 + seq, at=None, kind="audited")), tmp_path / "later")
    whole = history.receipt(seq, len(history.entries))
    assert scripts.run(PROVE, later.files, {"receipt": whole}, "")["broken"] == "log_rewritten"


def test_a_receipt_that_is_forged_is_of_another_key_or_not_the_citys(scripts, site):
    history = honest(SEED)
    receipt = history.receipt(5)
    changed = receipt.replace('"seq":5', '"seq":6')
    assert scripts.run(PROVE, site.files, {"receipt": changed}, "")["broken"] == "signature_wrong"
    name = next(iter(history.witnesses))
    text, _, _ = receipt.rpartition("\n\n")
    line = history.witnesses[name].line(text + "\n", 1_800_000_000)
    foreign = f"{text}\n\n{line}"
    assert scripts.run(PROVE, site.files, {"receipt": foreign}, "")["broken"] == "key_unknown"
    cut = scripts.run(PROVE, site.files, {"receipt": receipt[:-30]}, "")
    assert cut["broken"] == "note_malformed"


@pytest.mark.parametrize("change", [lambda t: t[:-64], lambda t: t + t[:64], lambda t: t[64:] + t])
def test_half_doubled_and_reordered_tiles_are_told_and_crash_nothing(scripts, site, change):
    history = honest(SEED)
    receipt = history.receipt(7)
    files = {
        path: change(data) if path.startswith("/log/tile/0/") else data
        for path, data in site.files.items()
    }
    found = scripts.run(PROVE, files, {"receipt": receipt}, "")
    assert found["broken"] == "root_differs"
    missing = {path: data for path, data in site.files.items() if "/tile/" not in path}
    assert scripts.run(PROVE, missing, {"receipt": receipt}, "")["broken"] == "log_cut"


def test_another_key_than_the_one_this_telephone_knows_is_told(scripts, site):
    first = json.loads(scripts.run(PROVE, site.files, {}, "")["held"])
    seed = base64.b64encode(b"\1" + bytes(32)).decode()
    stranger = f"{site.history.origin}+00000000+{seed}"
    held = json.dumps({**first, "keys": [stranger]})
    assert scripts.run(PROVE, site.files, {}, held)["broken"] == "key_unknown"


def named(site, **facts):
    """Return the same site with other facts about its log."""
    now = json.loads(bytes.fromhex(site.files["/verify/now.json"]))
    return {**site.files, "/verify/now.json": json.dumps({**now, **facts}).encode().hex()}


def test_a_log_of_another_name_is_no_way_out_of_what_was_seen(scripts, site):
    held = scripts.run(PROVE, site.files, {}, "")["held"]
    found = scripts.run(PROVE, named(site, origin="another.ir/log"), {}, held)
    assert found["broken"] == "log_rewritten"
    assert found["facts"]["note"] == json.loads(held)["note"]
    assert found["held"] == held
    before = {**json.loads(held), "origin": "another.ir/log"}
    assert faults(scripts.run(WHOLE, site.files, before)) == ["log_rewritten"]


def test_witnesses_that_this_browser_has_not_seen_are_told_until_the_whole_log_is_read(
    scripts, site
):
    """Otherwise the site could invent witnesses who sign a list shown to one reader."""
    first = scripts.run(PROVE, site.files, {}, "")
    assert [None, "witnessesOther"] not in first["ticks"]
    listed = json.loads(bytes.fromhex(site.files["/verify/now.json"]))["witnesses"]
    fewer = named(site, witnesses=listed[:1])
    again = scripts.run(PROVE, fewer, {}, first["held"])
    assert [None, "witnessesOther"] in again["ticks"]
    assert [None, "witnessesOther"] in scripts.run(PROVE, fewer, {}, again["held"])["ticks"]
    believed = scripts.run(BELIEVE, again["held"], listed[:1])
    assert [None, "witnessesOther"] not in scripts.run(PROVE, fewer, {}, believed)["ticks"]


def test_an_audited_log_makes_a_browser_believe_whom_its_rules_name_whomever_the_site_names(
    scripts, site
):
    held = scripts.run(PROVE, site.files, {}, "")["held"]
    listed = json.loads(bytes.fromhex(site.files["/verify/now.json"]))["witnesses"]
    fewer = named(site, witnesses=listed[:1])
    report = scripts.run(WHOLE, fewer, json.loads(held))
    assert faults(report) == []
    believed = scripts.run(BELIEVE, held, report["witnesses"])
    assert [None, "witnessesOther"] in scripts.run(PROVE, fewer, {}, believed)["ticks"]
    assert [None, "witnessesOther"] not in scripts.run(PROVE, site.files, {}, believed)["ticks"]


def test_the_whole_log_is_read_with_the_keys_that_this_telephone_knows(scripts, site):
    held = json.loads(scripts.run(PROVE, site.files, {}, "")["held"])
    stranger = f"{site.history.origin}+00000000+{base64.b64encode(bytes([1]) + bytes(32)).decode()}"
    with pytest.raises(ScriptError, match="key_unknown"):
        scripts.run(WHOLE, site.files, {**held, "keys": [stranger]})


def test_a_file_with_a_key_twice_or_without_end_is_no_file(scripts):
    read = """(texts) => texts.map((text) => {
      try { return readFile(text); } catch (fault) { return fault.name; } })"""
    nested = "[" * 150 + "]" * 150
    fine = ['{"a":1,"b":{"a":"\\":"},"c":[{"a":2},"a:"]}', f'{{"a" : {nested}}}', "[]", "null"]
    assert scripts.run(read, fine) == [json.loads(text) for text in fine]
    wrong = ['{"a":1,"a":1}', '{"x":[{"b":1,"\\u0062":2}]}', "[" * 300 + "]" * 300, "[" * 200_000]
    assert scripts.run(read, wrong) == ["SyntaxError"] * len(wrong)


def test_what_a_reader_drops_is_recognised(scripts, site):
    receipt = site.history.receipt(3)
    know = "(texts) => texts.map(recognise)"
    spoiled = "\ufeff  " + receipt.replace("\n", "\r\n") + "\r\n\r\n"
    answers = scripts.run(
        know,
        [
            receipt,
            spoiled,
            "A" * 64,
            "https://city.ir/verify/#d=6&t=1",
            "9f3a0c42",
            receipt[9:],
            "",
        ],
    )
    assert answers == [
        {"receipt": receipt},
        {"receipt": receipt},
        {"ticket": "a" * 64},
        {"link": "https://city.ir/verify/#d=6&t=1"},
        {"old": True},
        answers[5],
        {},
    ]
    assert urlsplit(answers[3]["link"]).fragment == "d=6&t=1"


def faults(report):
    return [one["code"] for one in report["found"] if not Break(one["code"]).is_note]


def test_the_whole_log_is_read_bundle_by_bundle_and_counted(scripts, site):
    report = scripts.run(WHOLE, site.files, None)
    assert faults(report) == []
    assert report["size"] == len(site.entries)
    assert report["told"][0] == [256, report["size"]]
    seated = sum(len(file["seated"]) for file in site.history.files.values())
    figures = report["figures"]
    assert figures["line"] + figures["debt"] + figures["lane"] == seated
    owed = sum(entry["kind"] == "not_received" for entry in site.entries)
    assert sum(figures["debts"].values()) == owed


def test_a_log_that_agrees_with_itself_and_not_with_what_was_kept_is_rewritten(
    scripts, site, tmp_path
):
    held = json.loads(scripts.run(PROVE, site.files, {}, "")["held"])
    before = {key: held[key] for key in ("origin", "size", "root", "keys")}
    assert faults(scripts.run(WHOLE, site.files, before)) == []
    newest = site.numbered("filed", level="verified")
    history = forged(honest(SEED), altered(newest, level="typed", by="desk"))
    again = Site(history, tmp_path / "again")
    assert faults(scripts.run(WHOLE, again.files, None)) == []
    assert faults(scripts.run(WHOLE, again.files, before)) == ["log_rewritten"]


def test_half_a_bundle_is_no_finding_but_a_download_to_begin_again(scripts, site):
    bundle = next(path for path in site.files if "/tile/entries/" in path)
    files = {**site.files, bundle: site.files[bundle][:-20]}
    with pytest.raises(ScriptError, match="TypeError"):
        scripts.run(WHOLE, files, None)
