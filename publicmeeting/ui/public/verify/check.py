"""The part that recomputes a draw in the browser, from plain numbers and our own files only."""

import reflex as rx

from publicmeeting.kit.jalali import month_name
from publicmeeting.text.line import listing_text
from publicmeeting.text.public_record import verify_text
from publicmeeting.text.public_record.ceremony_text import ONLY_CITY
from publicmeeting.text.public_record.verify_text import FINDING
from publicmeeting.ui.public.verify.state import VerifyState as S
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.proofs import link_proofs
from publicmeeting.ui.shell.road import Reply

link_proofs()
for _file in ("canonical.js", "verify.js", "history.js", "outcome.js", "receipt.js"):
    link_script(__name__, _file)


class DrawChecker(rx.Component):
    """The component of check.js; it requests whole public files and nothing else."""

    library = link_script(__name__, "check.js")
    tag = "DrawChecker"
    # Reads the QR code of a receipt where the browser cannot (Firefox, iPhone).
    lib_dependencies: list[str] = ["jsqr@1.4.0"]

    texts: rx.Var[dict[str, object]]
    months: rx.Var[list[str]]
    findings: rx.Var[dict[str, str]]
    reply: rx.Var[Reply]
    refused: rx.Var[str]
    asking: rx.Var[bool]
    on_object: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def draw_checker() -> rx.Component:
    """Choose a draw, enter a ticket, and see the recomputation."""
    return DrawChecker.create(
        texts={
            "district": verify_text.DISTRICT,
            "name": verify_text.DISTRICT_NAME,
            "draw": verify_text.DRAW,
            "states": verify_text.STATES,
            "ticket": verify_text.TICKET,
            "hint": verify_text.TICKET_HINT,
            "broken": verify_text.TICKET_BROKEN,
            "scan": verify_text.SCAN,
            "unseen": verify_text.SCAN_NONE,
            "go": verify_text.GO,
            "again": verify_text.AGAIN,
            "working": verify_text.WORKING,
            "loading": verify_text.LOADING,
            "offline": verify_text.OFFLINE,
            "unreadable": verify_text.UNREADABLE,
            "none": verify_text.NO_DRAWS,
            "well": verify_text.ALL_WELL,
            "wellWithout": verify_text.WELL_WITHOUT,
            "wrong": verify_text.WRONG,
            "wrongWhy": verify_text.WRONG_WHY,
            "number": verify_text.NUMBER,
            "unlike": verify_text.UNLIKE,
            "unlikeWhy": verify_text.UNLIKE_WHY,
            "notYet": verify_text.NOT_YET,
            "alone": ONLY_CITY,
            "in": verify_text.IN,
            "inNot": verify_text.IN_NOT,
            "list": verify_text.LIST,
            "inYes": verify_text.IN_YES,
            "inNo": verify_text.IN_NO,
            "inUnasked": verify_text.IN_UNASKED,
            "missed": verify_text.MISSED,
            "missedLate": verify_text.MISSED_LATE,
            "object": verify_text.OBJECT,
            "objectLate": verify_text.OBJECT_LATE,
            "objectSends": verify_text.OBJECT_SENDS,
            "asking": listing_text.CHECKING,
            "place": verify_text.PLACE,
            "placeMine": verify_text.PLACE_MINE,
            "placeNone": verify_text.PLACE_NONE,
            "order": verify_text.ORDER,
            "placeSeat": verify_text.PLACE_SEAT,
            "placeStandby": verify_text.PLACE_STANDBY,
            "placeAll": verify_text.PLACE_ALL,
            "differs": verify_text.DIFFERS,
            "jumped": verify_text.JUMPED,
            "jumpedYes": verify_text.JUMPED_YES,
            "jumpedLanes": verify_text.JUMPED_LANES,
            "history": verify_text.HISTORY,
            "historyNo": verify_text.HISTORY_NO,
            "historyYes": verify_text.HISTORY_YES,
            "historyPartOnly": verify_text.HISTORY_PART_ONLY,
            "historyAsk": verify_text.HISTORY_ASK,
            "historyPart": verify_text.HISTORY_PART,
            "units": list(verify_text.UNITS),
            "rows": verify_text.ROWS,
            "rowsAll": verify_text.ROWS_ALL,
            "seated": verify_text.SEATED,
            "waits": verify_text.WAITS,
            "you": verify_text.YOU,
            "withWeeks": verify_text.WITH_WEEKS,
            "finger": verify_text.FINGER,
            "fingerWhy": verify_text.FINGER_WHY,
            "file": verify_text.MAIN_FILE,
        },
        months=[month_name(number) for number in range(1, 13)],
        reply=S.reply,
        refused=rx.cond(S.errors["ticket"], S.errors["ticket"], S.refused),
        asking=S.asking,
        on_object=S.object_to_list,
        findings={one.value: sentence for one, sentence in FINDING.items()},
    )
