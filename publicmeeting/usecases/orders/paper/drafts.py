"""The draft of a sheet: saved while written, restored in any tab, deleted after issuing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.orders.ink import (
    STROKES_MOST,
    Stroke,
    is_stroke_id,
    read_ink,
    read_strokes,
    strokes_text,
)
from publicmeeting.domain.orders.promises import stem
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import MEETING, OFFICIALS, Actor
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.letters import clean
from publicmeeting.kit.stored import read_object
from publicmeeting.store.orders.papers import FIELDS, GONE, STROKES
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import MAX_TEXT, Command, Nothing, OneCase, own_account, usecase
from publicmeeting.usecases.lifecycle.payloads import press_instant

WORDS = frozenset({"text", "promise", "reason", "refusal", "referral"})
"""Fields that are typed."""
CHOICES = frozenset({"units", "due", "dues", "urgent", "paper", "source", "way"})
"""Fields that are chosen."""
OF_ONE_SHEET = frozenset({"text", "promise", "reason"}) | CHOICES
"""Fields deleted with the sheet; with its units, or the next order would go to them unnoticed."""

_TAB_MOST = 32
_TURNS = "turns"
"""Name under which a draft stores by which request of which page each field was written last."""

NO_UNIT = "-"
"""All units were removed; an empty field means that none was touched."""


@dataclass(frozen=True, slots=True)
class UnfinishedSheet:
    """A draft. `page` counts this writer's sheets for the visitor, from 1.

    After a sheet is issued the next one begins, and content meant for the old one is not written on
    it.
    """

    page: int
    fields: Mapping[str, str]
    strokes: tuple[Stroke, ...]
    owner: str
    """Identifies whose draft a browser holds, on a tablet that several people use."""

    @property
    def is_written(self) -> bool:
        """Return whether an order could be made of it."""
        return _is_written(self.fields, has_strokes=bool(self.strokes))


def _is_written(fields: Mapping[str, str], *, has_strokes: bool) -> bool:
    return bool(fields.get("text", "").strip() or fields.get("paper") or has_strokes)


class OneSheet(OneCase):
    """A sheet; `owner` is `UnfinishedSheet.owner` of the asking page, empty if none is open yet."""

    owner: str = ""


@usecase(*MEETING)
def unfinished_sheet(
    uow: UnitOfWork, actor: Actor, command: OneSheet, _now: datetime
) -> UnfinishedSheet:
    """Return the writer's own draft.

    Denied `not_found` for a visitor whom the writer may not see, `other_official` for the page of
    another official who used this browser before.
    """
    request, account = uow.requests.get_visible(command.code, actor), own_account(actor)
    check_owner(uow, actor, command.owner)
    stored = uow.unfinished.read(FIELDS, account, request.id)
    return UnfinishedSheet(
        page_of(uow, actor, request),
        {name: value for name, value in stored.items() if name != _TURNS},
        _strokes(uow, account, request),
        uow.unfinished.owner(account),
    )


@usecase(*OFFICIALS)
def draft_owner(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> str:
    """Return `UnfinishedSheet.owner`, for a page without a visitor.

    Former holders of Mondays get it too, because what they left on a tablet is theirs.
    """
    return uow.unfinished.owner(own_account(actor))


@usecase(*OFFICIALS)
def left_behind(uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime) -> UnfinishedSheet:
    """Return what the writer has left unrecorded for a visitor whom he may not see any more.

    Nothing of her case is in it. Empty if he has written nothing, or if there is no such case.
    """
    account, request = own_account(actor), uow.requests.find(command.code)
    owner = uow.unfinished.owner(account)
    if request is None:
        return UnfinishedSheet(0, {}, (), owner)
    stored, known = uow.unfinished.read(FIELDS, account, request.id), recorded(uow, request)
    words = {name: text for name, text in stored.items() if name in WORDS}
    fields = {name: text for name, text in words.items() if clean(text) not in known}
    return UnfinishedSheet(0, fields, _strokes(uow, account, request), owner)


def recorded(uow: UnitOfWork, request: Request) -> frozenset[str]:
    """Return what was written at a meeting and stands on an order, or explains the refusal."""
    refused = request.last(Action.FINISH_REFUSED)
    orders = uow.orders.of_request(request.id)
    texts = (text for order in orders for text in (order.text, order.promise))
    return frozenset({(refused.note or "") if refused else "", *texts})


def begun_by_others(uow: UnitOfWork, actor: Actor, request: Request) -> tuple[str, ...]:
    """Return the names of other officials who have a written sheet for this visitor on no order.

    Nobody else reads the sheet itself, even after its writer has left the office. Only an account
    that has opened the case with her name can have written one.
    """
    others = request.name_seen_by - {actor.account_id}
    sheets = uow.unfinished.read_all((FIELDS, STROKES), others, request.id)
    writers = {
        account
        for account, stored in sheets.items()
        if _is_written(stored, has_strokes=stored.get(STROKES, "") not in ("", strokes_text(())))
    }
    return tuple(sorted(filter(None, uow.accounts.names(writers).values())))


class KeepUnfinished(Command):
    """New content of a draft: strokes to `add` (as in `domain.orders.ink`), ids to `drop`.

    `page` is the sheet on which it was written; 0 if it does not matter, or if it follows from a
    press made `ago` seconds before. `owner` is whose page it was written on; empty if it certainly
    is the actor's. `tab` identifies an open page of a browser, and `turn` counts its requests.
    """

    code: str
    page: int = 0
    ago: int = 0
    owner: str = ""
    tab: str = ""
    turn: int = 0
    fields: dict[str, str] = {}
    add: str = ""
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedSheet:
    """Where content was stored: the page, and the ids of sent strokes that were not added.

    These strokes are on an issued order, or were erased.
    """

    page: int
    gone: frozenset[str] = frozenset()


@usecase(*MEETING)
def keep_unfinished(
    uow: UnitOfWork, actor: Actor, command: KeepUnfinished, now: datetime
) -> SavedSheet:
    """Merge new content into the stored draft. Idempotent.

    A stroke that was erased, or is on an issued order, is not added again. A browser sends it again
    if its first answer was lost, and a request may arrive after a later one. A stroke that is put
    back has a new id.

    A choice is published to the writer's other tabs; they get text and strokes in the browser.
    Raises Denied `not_found`; `other_official`; `page_issued` if that sheet is an order by now
    (facts: page; if any, gone as in `SavedSheet`, and issued, the fields that are on the order);
    Invalid `ink_unreadable`, `ink_too_long`.
    """
    request, account = uow.requests.get_visible(command.code, actor), own_account(actor)
    check_owner(uow, actor, command.owner)
    uow.unfinished.lock(account, request.id)
    page = page_of(uow, actor, request)
    meant = command.page
    if command.ago and not meant:
        meant = page_at(uow, actor, request, press_instant(command.ago, now))
    if meant not in (0, page):
        ids = {stroke.id for stroke in (read_strokes(command.add) if command.add else ())}
        gone = sorted(ids.intersection(_gone(uow, account, request)))
        issued = _on_order(uow, actor, request, meant, command.fields)
        known = {"gone": gone} if gone else {}
        raise Denied("page_issued", page=page, **known, **({"issued": issued} if issued else {}))
    fresh = {k: v[: 2 * MAX_TEXT] for k, v in command.fields.items() if k in WORDS | CHOICES}
    if fresh:
        stored = uow.unfinished.read(FIELDS, account, request.id)
        uow.unfinished.save(FIELDS, account, request.id, _merged(stored, fresh, command))
    if fresh.keys() & CHOICES:
        uow.publish(f"sheet:{request.code}")
    if not (command.add or command.drop):
        return SavedSheet(page)
    return SavedSheet(page, _keep_strokes(uow, account, request, command))


def _merged(
    stored: Mapping[str, str], fresh: Mapping[str, str], command: KeepUnfinished
) -> dict[str, str]:
    """Return the fields with the new values that the same page has not replaced already.

    A request may hang and arrive after the one with which the page repeated it, which may have a
    newer text.
    """
    turns: dict[str, tuple[str, int]] = json.loads(stored.get(_TURNS) or "{}")
    merged, tab = dict(stored), command.tab[:_TAB_MOST]
    for name, value in fresh.items():
        last_tab, last_turn = turns.pop(name, ("", 0))
        if tab and tab == last_tab and command.turn < last_turn:
            turns[name] = last_tab, last_turn
            continue
        merged[name] = value
        if tab:
            turns[name] = tab, command.turn
    return {**merged, _TURNS: json.dumps(turns) if turns else ""}


def _keep_strokes(
    uow: UnitOfWork, account: str, request: Request, command: KeepUnfinished
) -> frozenset[str]:
    """Add and remove strokes; return the ids of those that are gone already."""
    stored = {stroke.id: stroke for stroke in _strokes(uow, account, request)}
    sent = {stroke.id: stroke for stroke in (read_strokes(command.add) if command.add else ())}
    gone = {*_gone(uow, account, request), *command.drop}
    every = [stroke for key, stroke in {**stored, **sent}.items() if key not in gone]
    text = strokes_text(every)
    read_strokes(text)  # refuses too many strokes in total
    uow.unfinished.save(STROKES, account, request.id, {STROKES: text})
    _add_gone(uow, account, request, command.drop)
    return frozenset(sent.keys() & gone)


def check_owner(uow: UnitOfWork, actor: Actor, owner: str) -> None:
    """Raise Denied("other_official") for content of the official signed in before.

    A browser sends it with the cookie that it has now.
    """
    if owner and owner != uow.unfinished.owner(own_account(actor)):
        raise Denied("other_official")


def page_of(uow: UnitOfWork, actor: Actor, request: Request) -> int:
    """Return the number of the sheet that this writer is writing now for this visitor."""
    return 1 + len(_issued(uow, actor, request))


def page_at(uow: UnitOfWork, actor: Actor, request: Request, instant: datetime) -> int:
    """Return the number of the sheet that was being written at an instant."""
    return 1 + sum(at <= instant for at in _issued(uow, actor, request).values())


def issued_at(uow: UnitOfWork, actor: Actor, request: Request, page: int) -> datetime:
    """Return when a sheet became an order; Denied("not_found") for an unfinished one."""
    issued = sorted(_issued(uow, actor, request).values())
    if not 0 < page <= len(issued):
        raise Denied("not_found")
    return issued[page - 1]


def _issued(uow: UnitOfWork, actor: Actor, request: Request) -> dict[str, datetime]:
    """Map each issued sheet of this writer for this visitor to its instant."""
    return {
        stem(order.number): order.issued_at
        for order in uow.orders.of_request(request.id)
        if order.history[0].action is OrderAction.ISSUE
        and order.history[0].account_id == actor.account_id
    }


def _on_order(
    uow: UnitOfWork, actor: Actor, request: Request, page: int, fields: Mapping[str, str]
) -> list[str]:
    """Return the names of the fields whose content is on the order that this sheet has become."""
    issued = sorted(_issued(uow, actor, request).items(), key=lambda pair: pair[1])
    if not 0 < page <= len(issued):
        return []
    number = issued[page - 1][0]
    orders = [order for order in uow.orders.of_request(request.id) if stem(order.number) == number]
    first, units = orders[0], {order.unit_id for order in orders}
    is_on = {
        "text": clean(fields.get("text", "")) == first.text,
        "promise": clean(fields.get("promise", "")) == first.promise,
        "units": set(fields.get("units", "").split(",")) == units,
    }
    return sorted(name for name in fields if is_on.get(name))


def dues_of(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the due dates of single units; empty if unreadable."""
    try:
        stored = read_object(fields.get("dues") or "{}")
    except ValueError:
        return {}
    return {unit: day for unit, day in stored.items() if isinstance(day, str)}


@dataclass(frozen=True, slots=True)
class IssuedSheet:
    """Content of an issued sheet: the strokes as in `domain.orders.ink`, texts, and the pictures.

    `pictures` are ids: the picture on the sheet, and the photo from which it was straightened.
    """

    ink: str = ""
    text: str = ""
    promise: str = ""
    pictures: tuple[str, ...] = ()


def drop_issued(uow: UnitOfWork, actor: Actor, request: Request, issued: IssuedSheet) -> None:
    """Delete from the draft what is on the issued sheet; the rest stays for the next sheet.

    A sheet is composed without a lock, so a stroke, a text or a photo may arrive meanwhile, from
    this tablet or another one. What is on no order moves to the next sheet, as the browser moves
    what arrives after the order (`keeping.js`).
    """
    account = own_account(actor)
    uow.unfinished.lock(account, request.id)
    _drop_strokes(uow, account, request, issued.ink)
    stored = uow.unfinished.read(FIELDS, account, request.id)
    left = {name: value for name, value in stored.items() if name not in OF_ONE_SHEET}
    left["text"] = _rest(stored.get("text", ""), issued.text)
    left["promise"] = _rest(stored.get("promise", ""), issued.promise)
    picture = {name: stored.get(name, "") for name in ("paper", "source")}
    # The same photo may have been straightened meanwhile, or straightening undone. It belongs to
    # the order now, and no other order could be issued with it.
    if not set(picture.values()) & set(issued.pictures):
        left |= picture
    uow.unfinished.save(FIELDS, account, request.id, left)


def _drop_strokes(uow: UnitOfWork, account: str, request: Request, ink: str) -> None:
    """Delete the issued strokes; later ones stay."""
    issued = {(stroke.colour, stroke.dots) for stroke in read_ink(ink).strokes} if ink else set()
    strokes = _strokes(uow, account, request)
    late = [stroke for stroke in strokes if (stroke.colour, stroke.dots) not in issued]
    if late:
        uow.unfinished.save(STROKES, account, request.id, {STROKES: strokes_text(late)})
    else:
        uow.unfinished.drop(STROKES, account, request.id)
    fresh = [stroke.id for stroke in strokes if (stroke.colour, stroke.dots) in issued]
    _add_gone(uow, account, request, fresh)


def _gone(uow: UnitOfWork, account: str, request: Request) -> list[str]:
    """Return the ids of strokes that were erased or issued, oldest first."""
    return uow.unfinished.read(GONE, account, request.id).get(GONE, "").split()


def _add_gone(uow: UnitOfWork, account: str, request: Request, ids: Sequence[str]) -> None:
    """Remember that these strokes are gone.

    The memory ends with the draft. It holds as many ids as one sheet may have strokes.
    """
    if ids:
        every = dict.fromkeys([*_gone(uow, account, request), *filter(is_stroke_id, ids)])
        latest = list(every)[-STROKES_MOST:]
        uow.unfinished.save(GONE, account, request.id, {GONE: " ".join(latest)})


def _rest(stored: str, issued: str) -> str:
    """Return the part of a stored text that is not on the issued sheet.

    This is nothing, what was added below or behind the issued text, or a different text. An earlier
    state of the issued text, which arrived late, is on the sheet too.
    """
    text = clean(stored)
    if issued.startswith(text):
        return ""
    if not text.startswith(issued):
        return text
    added = text[len(issued) :]
    return text if added and not added[0].isspace() else added.strip()


def _strokes(uow: UnitOfWork, account: str, request: Request) -> tuple[Stroke, ...]:
    stored = uow.unfinished.read(STROKES, account, request.id).get(STROKES, "")
    return read_strokes(stored) if stored else ()
