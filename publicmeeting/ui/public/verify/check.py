"""Components that recompute a draw in the browser, from public files and our own scripts only."""

import reflex as rx

from publicmeeting.kit.jalali import month_name
from publicmeeting.text.line import listing_text
from publicmeeting.text.public_record import verify_text
from publicmeeting.text.public_record.ceremony_text import ONLY_CITY, WHY_SEAT
from publicmeeting.text.public_record.log_text import KIND
from publicmeeting.text.public_record.verify_text import BREAK, FINDING
from publicmeeting.ui.public.verify.state import VerifyState as S
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.parts.line import Reply
from publicmeeting.ui.shell.proofs import link_proofs

link_proofs()
SCRIPTS = (
    *("audit.js", "audit_worker.js", "book.js", "canonical.js", "draw.js", "entries.js"),
    *("forms.js", "line.js", "outcome.js", "phone.js", "prove.js", "receipt.js", "rules.js"),
    *("seats.js", "tickets.js", "undoing.js", "verify.js", "week.js", "whole.js"),
    *("whole_log.js", "words.js"),
)
for _file in SCRIPTS:
    link_script(__name__, _file)


class DrawChecker(rx.Component):
    """Component of check.js; it requests whole public files and nothing else."""

    library = link_script(__name__, "check.js")
    tag = "DrawChecker"
    # Reads the QR code of a receipt in browsers that cannot (Firefox, iPhone).
    lib_dependencies: list[str] = ["jsqr@1.4.0"]

    texts: rx.Var[dict[str, object]]
    months: rx.Var[list[str]]
    findings: rx.Var[dict[str, str]]
    breaks: rx.Var[dict[str, str]]
    kinds: rx.Var[dict[str, str]]
    reply: rx.Var[Reply]
    refused: rx.Var[str]
    asking: rx.Var[bool]
    on_object: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


class WholeLog(rx.Component):
    """Component of whole_log.js."""

    library = link_script(__name__, "check.js")
    tag = "WholeLog"

    texts: rx.Var[dict[str, object]]
    breaks: rx.Var[dict[str, str]]


_BREAKS = {one.value: sentence for one, sentence in BREAK.items()}


def draw_checker() -> rx.Component:
    """Enter a ticket or a receipt, choose a draw, and see what was proved."""
    return DrawChecker.create(
        texts={
            "district": verify_text.DISTRICT,
            "pick": verify_text.CHOOSE_DISTRICT,
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
            "notYet": verify_text.NOT_YET,
            "alone": ONLY_CITY,
            "list": verify_text.LIST,
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
            "jumpedNo": verify_text.JUMPED_NO,
            "jumpedWhy": verify_text.JUMPED_WHY,
            "jumper": verify_text.JUMPER,
            "jumperDebt": verify_text.JUMPER_DEBT,
            "jumperLane": verify_text.JUMPER_LANE,
            "lanes": WHY_SEAT,
            "choose": verify_text.CHOOSE,
            "receiptCut": verify_text.RECEIPT_CUT,
            "receiptOld": verify_text.RECEIPT_OLD,
            "seal": verify_text.SEAL,
            "sealWhy": verify_text.SEAL_WHY,
            "keptOn": verify_text.KEPT_ON,
            "keptOnWhy": verify_text.KEPT_ON_WHY,
            "witnessesOther": verify_text.WITNESSES_OTHER,
            "witnessesOtherWhy": verify_text.WITNESSES_OTHER_WHY,
            "keptFirst": verify_text.KEPT_FIRST,
            "keptFirstWhy": verify_text.KEPT_FIRST_WHY,
            "receipt": verify_text.RECEIPT,
            "receiptWhy": verify_text.RECEIPT_WHY,
            "receiptNewest": verify_text.RECEIPT_NEWEST,
            "row": verify_text.ROW,
            "rowWhy": verify_text.ROW_WHY,
            "rowDebt": verify_text.ROW_DEBT,
            "rootLogged": verify_text.ROOT_LOGGED,
            "rootLoggedWhy": verify_text.ROOT_LOGGED_WHY,
            "signed": verify_text.SIGNED,
            "signedWhy": verify_text.SIGNED_WHY,
            "signedFew": verify_text.SIGNED_FEW,
            "signedFewWhy": verify_text.SIGNED_FEW_WHY,
            "signedNoneWhy": verify_text.SIGNED_NONE_WHY,
            "signedWaits": verify_text.SIGNED_WAITS,
            "signedWaitsWhy": verify_text.SIGNED_WAITS_WHY,
            "value": verify_text.VALUE,
            "valueWhy": verify_text.VALUE_WHY,
            "valueNone": verify_text.VALUE_NONE,
            "fileLogged": verify_text.FILE,
            "fileWhy": verify_text.FILE_WHY,
            "fileUnlike": verify_text.FILE_UNLIKE,
            "fileAsk": verify_text.FILE_ASK,
            "notListed": verify_text.NOT_LISTED,
            "failed": verify_text.FAILED,
            "failedWhy": verify_text.FAILED_WHY,
            "evidence": verify_text.EVIDENCE,
            "then": verify_text.THEN,
            "now": verify_text.NOW,
            "proved": verify_text.PROVED,
            "provedReceipt": verify_text.PROVED_RECEIPT,
            "provedSize": verify_text.PROVED_SIZE,
            "ownAudit": verify_text.OWN_AUDIT,
            "ownAuditFine": verify_text.OWN_AUDIT_FINE,
            "ownAuditFound": verify_text.OWN_AUDIT_FOUND,
            "ownAuditNone": verify_text.OWN_AUDIT_NONE,
            "units": list(verify_text.UNITS),
            "rows": verify_text.ROWS,
            "rowsAll": verify_text.ROWS_ALL,
            "seated": verify_text.SEATED,
            "waits": verify_text.WAITS,
            "you": verify_text.YOU,
            "withWeeks": verify_text.WITH_WEEKS,
            "behindFewer": verify_text.BEHIND_FEWER,
            "finger": verify_text.FINGER,
            "fingerWhy": verify_text.FINGER_WHY,
            "file": verify_text.MAIN_FILE,
        },
        months=[month_name(number) for number in range(1, 13)],
        reply=S.reply,
        refused=rx.cond(S.errors["ticket"], S.errors["ticket"], S.refused),
        asking=S.asking,
        on_object=S.object_to_list,
        findings={code.value: sentence for code, sentence in FINDING.items()},
        breaks=_BREAKS,
        kinds={kind.value: words for kind, words in KIND.items()},
    )


def whole_log() -> rx.Component:
    """The audit of every entry, in a worker of the reader's browser."""
    return WholeLog.create(
        texts={
            "whole": verify_text.WHOLE,
            "wholeAsk": verify_text.WHOLE_ASK,
            "wholeAt": verify_text.WHOLE_AT,
            "wholeFine": verify_text.WHOLE_FINE,
            "wholeWrong": verify_text.WHOLE_WRONG,
            "wholeStop": verify_text.WHOLE_STOP,
            "wholeNotes": verify_text.WHOLE_NOTES,
            "wholeMore": verify_text.WHOLE_MORE,
            "wholeFigures": verify_text.WHOLE_FIGURES,
            "seatsLine": verify_text.SEATS_LINE,
            "seatsDebt": verify_text.SEATS_DEBT,
            "seatsLane": verify_text.SEATS_LANE,
            "carried": verify_text.WEEKS_CARRIED,
            "undone": verify_text.UNDONE,
            "debts": verify_text.DEBTS,
            "debtWhy": verify_text.DEBT_WHY,
            "failedWhy": verify_text.FAILED_WHY,
            "seal": verify_text.SEAL,
            "offline": verify_text.OFFLINE,
        },
        breaks=_BREAKS,
    )
