"""The verifier in the reader's browser finds the same as the product's own."""

import json
from datetime import date
from hashlib import sha256
from random import Random

import pytest
from known_answers import FILES, TICKETS
from small_city import honest
from support.browser_scripts import copy_scripts
from tampering import lies

from publicmeeting.turns import draw_file
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.pool import Row, Rules
from publicmeeting.turns.simulation import sample_draw
from publicmeeting.turns.verification import verify

SITE = "https://verify.test"
MONDAY = date(2026, 11, 9)


def some_files():
    """Return the two shortest lists of a small city: one drawn, one still open."""
    history = honest(3, weeks=5, filings=5)
    files = [file for file in history.files.values() if file["seats"]]
    files.sort(key=lambda file: len(file["pool"]))
    yield files[0]
    for keys in (draw_file.FROZEN_KEYS, draw_file.OPEN_KEYS):
        yield {key: files[1][key] for key in keys}


HISTORY = list(some_files())


@pytest.fixture(scope="module")
def browser_verdict(chromium, tmp_path_factory):
    """Run a function of the verifier on JSON texts, in a page that can fetch nothing else."""
    scripts = tmp_path_factory.mktemp("scripts")
    copy_scripts(scripts)
    context = chromium.new_context()
    page = context.new_page()

    def serve(route):
        name = route.request.url.removeprefix(SITE).strip("/")
        if not name:
            return route.fulfill(body="<!doctype html>", content_type="text/html")
        return route.fulfill(path=scripts / name, content_type="text/javascript")

    page.route("**/*", serve)
    page.goto(SITE)
    page.evaluate(
        "async () => Object.assign(window, await import('/public/verify/check/verify.js'))"
    )

    def verdict_of(function, *arguments):
        return page.evaluate(f"arguments => ({function})(...arguments)", arguments)

    yield verdict_of
    context.close()


def faults(file):
    return {(finding.code.value, finding.place) for finding in verify(file)}


def found(answer):
    return {(one["finding"], one["place"]) for one in answer}


VERIFY_ALL = "(texts) => texts.map((text) => verifyDraw(read(text)).findings)"


def test_a_digest_is_sha_256_at_every_length_and_in_every_alphabet(browser_verdict):
    texts = ["آب🗳x"[: n % 5] * n for n in range(150)]
    expected = [sha256(text.encode()).hexdigest() for text in texts]
    assert browser_verdict("(texts) => texts.map(sha256)", texts) == expected


def test_a_ticket_is_the_known_one(browser_verdict):
    for known in TICKETS:
        made = browser_verdict("ticketOf", known["salt"], known["identity"], known["district"])
        assert made == known["ticket"]


def test_the_known_files_are_fine_in_all_their_states_and_every_tick_says_so(browser_verdict):
    states = {"open": draw_file.OPEN_KEYS, "frozen": draw_file.FROZEN_KEYS}
    looked_at = {
        "open": ["shape", "rules", "values"],
        "frozen": ["shape", "rules", "list", "values"],
        "drawn": ["shape", "rules", "list", "values", "order"],
    }
    for whole in FILES.values():
        for state, keys in {**states, "drawn": draw_file.DRAWN_KEYS}.items():
            answer = browser_verdict("verifyDraw", {key: whole[key] for key in keys})
            ticks = [{"tick": tick, "ok": True} for tick in looked_at[state]]
            assert answer == {"state": state, "findings": [], "ticks": ticks}


def test_a_fault_takes_its_own_tick_and_no_other(browser_verdict):
    changed = {**FILES["mixed"], "seed": "0" * 64}
    answer = browser_verdict("verifyDraw", changed)
    assert [tick["tick"] for tick in answer["ticks"] if not tick["ok"]] == ["values", "order"]


@pytest.mark.parametrize("whole", HISTORY, ids=["drawn", "frozen", "open"])
def test_every_single_change_of_a_file_is_found_and_found_alike(browser_verdict, whole):
    all_lies = list(lies(whole))
    texts = [json.dumps(lie, ensure_ascii=False) for _, lie in all_lies]
    answers = [found(one) for one in browser_verdict(VERIFY_ALL, texts)]
    expected = [faults(lie) for _, lie in all_lies]
    differing = [
        (name, answer ^ right)
        for (name, _), answer, right in zip(all_lies, answers, expected, strict=True)
        if answer != right
    ]
    assert differing == []


@pytest.mark.parametrize("text", ["", '{"draw": "d06-14', "[1,", "{'a': 1}"])
def test_a_file_cut_in_half_is_a_syntax_error_to_be_said_in_words(browser_verdict, text):
    caught = browser_verdict("(text) => { try { read(text) } catch (e) { return e.name } }", text)
    assert caught == "SyntaxError"


JUNK = [
    *("null", "[]", "7", '"x"', "{}", "[" * 5000 + "]" * 5000),
    *('{"__proto__":{"seed":1}}', '{"seed":null}', '{"draw":1.5}', '{"pool":{"length":3}}'),
    '{"rules":{"version":1e400}}',
]


@pytest.mark.parametrize("text", JUNK)
def test_junk_gives_findings_and_no_exception(browser_verdict, text):
    (answer,) = browser_verdict(VERIFY_ALL, [text])
    assert answer
    mixed = FILES["mixed"]
    for key in mixed:
        changed = json.dumps({**mixed, key: None}).replace("null", text, 1)
        (answer,) = browser_verdict(VERIFY_ALL, [changed])
        assert answer, key


@pytest.mark.parametrize(
    ("key", "number"), [("district", "6.0"), ("district", "6e0"), ("district", "9007199254740992")]
)
def test_a_number_another_language_reads_otherwise_is_out_of_form(browser_verdict, key, number):
    text = json.dumps(FILES["mixed"]).replace(f'"{key}": 6', f'"{key}": {number}')
    (answer,) = browser_verdict(VERIFY_ALL, [text])
    assert found(answer) == {("malformed", "district")} == faults(json.loads(text))


def test_names_every_javascript_object_has_are_only_names(browser_verdict):
    rules = Rules.from_body(
        {"version": 1, "lanes": {"constructor": 1}, "windows": {}, "\uff5e": 1, "🗳": 2}
    )
    names = ("any", "constructor", "valueof", "hasownproperty")
    rows = [Row(f"{n:064x}", "constructor", 0, 0, name) for n, name in enumerate(names)]
    values = {"city": "1", "constructor": "2"}
    sealed = {party: commitment(party, value) for party, value in values.items()}
    opened = draw_file.open_file(6, MONDAY, rules, ["09:00", "09:15"], sealed)
    file = draw_file.drawn_file(draw_file.frozen_file(opened, rows), values, "1405-08-13", "none")
    assert verify(file) == ()
    assert browser_verdict("verifyDraw", file)["findings"] == []
    uncommitted = {**file, "commitments": {"city": sealed["city"]}}
    assert found(browser_verdict("verifyDraw", uncommitted)["findings"]) == faults(uncommitted)


def test_samples_with_lanes_holidays_and_silent_witnesses_are_fine(browser_verdict):
    for seed in range(12):
        assert browser_verdict("verifyDraw", sample_draw(Random(seed), 60, 9))["findings"] == []
