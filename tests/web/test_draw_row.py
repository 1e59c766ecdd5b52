"""The files that prove a row of a draw to a phone, and answers to strangers' requests."""

import json
from typing import Any

from browsers import Browser
from support.walk import WalkedCase

from publicmeeting.turns.log import read_entry
from publicmeeting.turns.pool import Row
from publicmeeting.turns.tree import merkle
from publicmeeting.turns.tree.note import Key


def draw_of(browser: Browser, case: WalkedCase) -> str:
    listed = browser.get(f"/verify/draws.json?district={case.request.district}").json()
    return str(next(one["draw"] for one in listed if one["state"] == "drawn"))


def test_a_row_has_its_path_into_the_root_that_the_log_has(
    browser: Browser, drawn: WalkedCase
) -> None:
    draw, ticket = draw_of(browser, drawn), drawn.request.ticket
    answer = browser.get(f"/draws/{draw}/row/{ticket}")
    body: dict[str, Any] = answer.json()
    row = Row.from_body(body["row"])
    assert row.ticket == ticket
    path = [bytes.fromhex(step) for step in body["path"]]
    leaf, root = merkle.leaf_hash(row.text.encode()), bytes.fromhex(body["pool_root"])
    assert merkle.holds_leaf(body["index"], body["leaves"], leaf, path, root)
    freeze = read_entry(body["entries"]["freeze"].encode())
    assert freeze.body["pool_root"] == body["pool_root"]
    assert body["size"] == len(browser.get(f"/verify/draws/{draw}.json").content)
    assert len(json.dumps(body)) < 10_000


def test_whoever_asks_for_no_row_is_told_that_there_is_none(
    browser: Browser, drawn: WalkedCase
) -> None:
    draw, ticket = draw_of(browser, drawn), drawn.request.ticket
    for path in (
        f"{draw}/row/{'0' * 64}",
        f"{draw}/row/x",
        f"{draw}/row/{ticket}x",
        f"d99-1405-01-01/row/{ticket}",
        f"../draws/row/{ticket}",
        f"{draw}%00/row/{ticket}",
        f"{draw}/row/%F0%9F%97%B3",
        f"{draw}'--/row/{ticket}",
    ):
        answer = browser.get(f"/draws/{path}")
        assert (answer.status_code, answer.text) in {(200, "null"), (404, answer.text)}, path
    assert browser.post(f"/draws/{draw}/row/{ticket}").status_code == 405


def test_a_draw_without_a_list_has_no_rows(browser: Browser, drawn: WalkedCase) -> None:
    listed = browser.get("/verify/draws.json").json()
    waiting = [one["draw"] for one in listed if one["state"] == "open"]
    assert waiting
    assert browser.get(f"/draws/{waiting[0]}/row/{drawn.request.ticket}").json() is None


def test_the_name_and_the_keys_of_the_log_are_told(browser: Browser, drawn: WalkedCase) -> None:
    now = browser.get("/verify/now.json").json()
    assert {Key.read(key).name for key in now["keys"]} == {now["origin"]}
    assert browser.get("/log/checkpoint").text.startswith(f"{now['origin']}\n")
    assert set(now) == {"origin", "keys", "witnesses", "audited"}
