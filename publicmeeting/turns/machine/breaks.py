"""Faults that an auditor may find in the log, in witnesses' notes and in receipts."""

from dataclasses import dataclass
from enum import StrEnum


class Break(StrEnum):
    """Code of a fault (docs/turns.md section 6); `text` has its sentence.

    The code itself is never shown.
    """

    MALFORMED = "malformed"
    NOT_CANONICAL = "not_canonical"
    KIND_UNKNOWN = "kind_unknown"
    KEYS_DIFFER = "keys_differ"
    SEQ_BROKEN = "seq_broken"
    TIME_BACK = "time_back"
    ROOT_DIFFERS = "root_differs"
    NOTE_MALFORMED = "note_malformed"
    KEY_UNKNOWN = "key_unknown"
    SIGNATURE_WRONG = "signature_wrong"
    LOG_REWRITTEN = "log_rewritten"
    LOG_CUT = "log_cut"
    RECEIPT_CONTRADICTED = "receipt_contradicted"
    NOT_COSIGNED = "not_cosigned"
    COSIGNED_LATE = "cosigned_late"
    UNWITNESSED = "unwitnessed"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_BEHIND = "clock_behind"
    EARLY = "early"
    LATE = "late"
    STEP_NOT_ALLOWED = "step_not_allowed"
    BY_WRONG = "by_wrong"
    CAUSE_MISSING = "cause_missing"
    CAUSE_WRONG = "cause_wrong"
    SAME_UNIT = "same_unit"

    RULES_LATE = "rules_late"
    RULES_HASH_DIFFERS = "rules_hash_differs"
    RULES_SHORT = "rules_short"
    RULES_LONG = "rules_long"
    RULES_ALONE = "rules_alone"
    RULES_UNSIGNED = "rules_unsigned"
    OPENED_LATE = "opened_late"
    OPENED_TWICE = "opened_twice"
    NOT_OPENED = "not_opened"
    STRANGER = "stranger"
    COMMITMENT_LATE = "commitment_late"
    COMMITMENT_TWICE = "commitment_twice"
    REVEAL_EARLY = "reveal_early"
    REVEAL_LATE = "reveal_late"
    REVEAL_DIFFERS = "reveal_differs"
    REVEALS_CLOSED_WRONG = "reveals_closed_wrong"
    SILENT = "silent"
    VALUE_EARLY = "value_early"
    VALUE_STANDS_WRONG = "value_stands_wrong"
    VALUE_DISPUTED = "value_disputed"
    NO_LATE_VALUE = "no_late_value"

    FILED_TWICE = "filed_twice"
    NEVER_FILED = "never_filed"
    TAKEN_OUT_LATE = "taken_out_late"
    LEFT_OUT = "left_out"
    LET_IN = "let_in"
    WAITED_DIFFERS = "waited_differs"
    DEBT_DIFFERS = "debt_differs"
    LANE_DIFFERS = "lane_differs"
    PREFERS_DIFFERS = "prefers_differs"
    FROZEN_EARLY = "frozen_early"
    FROZEN_TWICE = "frozen_twice"
    NOT_WRITTEN = "not_written"
    POOL_ROOT_DIFFERS = "pool_root_differs"
    OBJECTION_WRONG = "objection_wrong"

    DRAWN_EARLY = "drawn_early"
    DRAWN_TWICE = "drawn_twice"
    DRAW_MISSING = "draw_missing"
    SEED_DIFFERS = "seed_differs"
    SEATED_DIFFERS = "seated_differs"
    STANDBY_DIFFERS = "standby_differs"
    FILE_DIFFERS = "file_differs"
    OFFER_OUT_OF_ORDER = "offer_out_of_order"
    OFFER_TO_STRANGER = "offer_to_stranger"
    OFFER_WITHOUT_SEAT = "offer_without_seat"
    NOT_OFFERED = "not_offered"
    FREE_BEFORE_ASKED = "free_before_asked"
    STOOD_IN_OUT_OF_ORDER = "stood_in_out_of_order"
    SEAT_TWICE = "seat_twice"
    LAPSED_EARLY = "lapsed_early"
    NOT_LAPSED = "not_lapsed"
    ANSWERED_LATE = "answered_late"
    NO_SHOW_EARLY = "no_show_early"
    NO_SHOW_BUT_PRESENT = "no_show_but_present"
    WEEKS_BACK_WRONG = "weeks_back_wrong"
    RECORD_WRONG = "record_wrong"

    @property
    def is_note(self) -> bool:
        """Whether it is only a remark: nobody's fault, and no effect on any ticket."""
        return self in _NOTES


_NOTES = frozenset(
    {
        Break.COSIGNED_LATE,
        Break.UNWITNESSED,
        Break.LATE,
        Break.SILENT,
        Break.VALUE_DISPUTED,
        Break.NO_LATE_VALUE,
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """One fault: number of the entry (0 for none), and the draw and ticket concerned, if any."""

    code: Break
    seq: int = 0
    draw: str = ""
    ticket: str = ""


class Refused(Exception):  # noqa: N818  (an answer of the machines, not an error of the program)
    """The step of an entry is not allowed and has no effect."""

    def __init__(self, code: Break) -> None:
        super().__init__(code.value)
        self.code = code
