"""The part that recomputes a draw in the browser; plain numbers and our own files only."""

import reflex as rx

from publicmeeting.kit.jalali import month_name
from publicmeeting.text import listing
from publicmeeting.text import verify as words
from publicmeeting.text.ceremony import ONLY_CITY
from publicmeeting.text.findings import FINDING
from publicmeeting.ui.design.scripts import link_script
from publicmeeting.ui.public.verify.state import VerifyState as S
from publicmeeting.ui.shell.listing import Reply
from publicmeeting.ui.shell.sha256 import link_sha256

link_sha256()
for _file in ("canonical.js", "verify.js", "history.js", "outcome.js", "receipt.js"):
    link_script(__name__, _file)


class DrawChecker(rx.Component):
    """The component of check.js; it asks the server for whole public files and nothing else."""

    library = link_script(__name__, "check.js")
    tag = "DrawChecker"
    # Reads a receipt's QR where the browser cannot: not in Firefox, not on an iPhone.
    lib_dependencies: list[str] = ["jsqr@1.4.0"]

    words: rx.Var[dict[str, object]]
    months: rx.Var[list[str]]
    findings: rx.Var[dict[str, str]]
    reply: rx.Var[Reply]
    refused: rx.Var[str]
    asking: rx.Var[bool]
    on_object: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def draw_checker() -> rx.Component:
    """Choose a draw, name a ticket, and see the sums."""
    return DrawChecker.create(
        words={
            "district": words.DISTRICT,
            "name": words.DISTRICT_NAME,
            "draw": words.DRAW,
            "states": words.STATES,
            "ticket": words.TICKET,
            "hint": words.TICKET_HINT,
            "broken": words.TICKET_BROKEN,
            "scan": words.SCAN,
            "unseen": words.SCAN_NONE,
            "go": words.GO,
            "again": words.AGAIN,
            "working": words.WORKING,
            "loading": words.LOADING,
            "offline": words.OFFLINE,
            "unreadable": words.UNREADABLE,
            "none": words.NO_DRAWS,
            "well": words.ALL_WELL,
            "wellWithout": words.WELL_WITHOUT,
            "wrong": words.WRONG,
            "wrongWhy": words.WRONG_WHY,
            "number": words.NUMBER,
            "unlike": words.UNLIKE,
            "unlikeWhy": words.UNLIKE_WHY,
            "notYet": words.NOT_YET,
            "alone": ONLY_CITY,
            "in": words.IN,
            "inNot": words.IN_NOT,
            "list": words.LIST,
            "inYes": words.IN_YES,
            "inNo": words.IN_NO,
            "inUnasked": words.IN_UNASKED,
            "missed": words.MISSED,
            "missedLate": words.MISSED_LATE,
            "object": words.OBJECT,
            "objectLate": words.OBJECT_LATE,
            "objectSends": words.OBJECT_SENDS,
            "asking": listing.CHECKING,
            "place": words.PLACE,
            "placeMine": words.PLACE_MINE,
            "placeNone": words.PLACE_NONE,
            "order": words.ORDER,
            "placeSeat": words.PLACE_SEAT,
            "placeStandby": words.PLACE_STANDBY,
            "placeAll": words.PLACE_ALL,
            "differs": words.DIFFERS,
            "jumped": words.JUMPED,
            "jumpedYes": words.JUMPED_YES,
            "jumpedLanes": words.JUMPED_LANES,
            "history": words.HISTORY,
            "historyNo": words.HISTORY_NO,
            "historyYes": words.HISTORY_YES,
            "historyPartOnly": words.HISTORY_PART_ONLY,
            "historyAsk": words.HISTORY_ASK,
            "historyPart": words.HISTORY_PART,
            "units": list(words.UNITS),
            "rows": words.ROWS,
            "rowsAll": words.ROWS_ALL,
            "seated": words.SEATED,
            "waits": words.WAITS,
            "you": words.YOU,
            "withWeeks": words.WITH_WEEKS,
            "finger": words.FINGER,
            "fingerWhy": words.FINGER_WHY,
            "file": words.MAIN_FILE,
        },
        months=[month_name(number) for number in range(1, 13)],
        reply=S.reply,
        refused=rx.cond(S.errors["ticket"], S.errors["ticket"], S.refused),
        asking=S.asking,
        on_object=S.object_to_list,
        findings={one.value: sentence for one, sentence in FINDING.items()},
    )
