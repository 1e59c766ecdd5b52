"""Handlers of rules entries: proposed, agreed, signed, announced (docs/turns.md section 1).

The database owner can invent a second officer as easily as one, but cannot forge a witness's
signature.
"""

from collections.abc import Iterator

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.jalali import from_iso
from publicmeeting.turns.announced import read_rules
from publicmeeting.turns.late_value import parties_of
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.state import Book, Entry, Proposal, is_signed
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.weaker import has_witnesses, too_long, too_short, weaker


def rules_proposed(book: Book, entry: Entry) -> Iterator[Found]:
    if not book.rules:
        raise Refused(Break.STEP_NOT_ALLOWED)
    digest = _rules(entry).hash
    start, (_, before, _) = from_iso(entry.text("from")), book.rules[-1]
    book.proposals[entry.seq] = Proposal(digest, start, entry.text("officer"), before)
    yield from ()


def rules_agreed(book: Book, entry: Entry) -> Iterator[Found]:
    proposal = _proposal(book, entry)
    if proposal.officer == entry.text("officer"):
        raise Refused(Break.BY_WRONG)
    proposal.is_agreed = True
    yield from ()


def rules_signed(book: Book, entry: Entry) -> Iterator[Found]:
    """Signed by a witness of the version before: a proposal could name any witness it likes."""
    proposal = _proposal(book, entry)
    if from_iso(entry.text("monday")) != proposal.start:
        raise Refused(Break.CAUSE_WRONG)
    if entry.text("party") not in parties_of(proposal.before.body):
        raise Refused(Break.STRANGER)
    if not is_signed(book.origin, entry, proposal.before.body):
        raise Refused(Break.SIGNATURE_WRONG)
    proposal.is_signed = True
    yield from ()


def rules_announced(book: Book, entry: Entry) -> Iterator[Found]:
    rules = _rules(entry)
    start = from_iso(entry.text("from"))
    if any(draw.monday >= start for draw in book.draws.values()):
        raise Refused(Break.RULES_LATE)
    before = book.rules[-1][1] if book.rules else None
    book.rules.append((start, rules, entry.seq))
    book.first_rules_at = book.first_rules_at or entry.at
    if book.origin and rules.body["log"]["origin"] != book.origin:
        yield Found(Break.NOTE_MALFORMED, entry.seq)
    if too_short(rules.body) is not None:
        yield Found(Break.RULES_SHORT, entry.seq)
    if too_long(rules.body) is not None:
        yield Found(Break.RULES_LONG, entry.seq)
    if before is not None and weaker(before.body, rules.body):
        fitting = [
            proposal for proposal in book.proposals.values() if proposal.fits(start, rules, before)
        ]
        if not any(proposal.is_agreed for proposal in fitting):
            yield Found(Break.RULES_ALONE, entry.seq)
        elif has_witnesses(before.body) and not any(proposal.is_signed for proposal in fitting):
            yield Found(Break.RULES_UNSIGNED, entry.seq)


def _rules(entry: Entry) -> Rules:
    """Return the rules of an entry, after checking their hash."""
    try:
        rules = read_rules(entry.body["rules"])
    except Invalid:
        raise Refused(Break.MALFORMED) from None
    if rules.hash != entry.text("hash"):
        raise Refused(Break.RULES_HASH_DIFFERS)
    return rules


def _proposal(book: Book, entry: Entry) -> Proposal:
    """Return the proposal that an entry names, after checking its hash."""
    named = [book.proposals.get(seq) for seq in entry.because]
    if len(named) != 1 or named[0] is None or named[0].hash != entry.text("hash"):
        raise Refused(Break.CAUSE_WRONG)
    return named[0]
