"""Rules that weaken the draw: what one administrator has proposed, somebody else agrees to.

Another administrator or the overseer, by another account; and a witness of the rules before, whose
key the city does not have. Without its signature the version can be announced, because a witness
may have gone; every auditor then says so for ever (docs/turns.md 1).
"""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.invitations import DecisionState
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.jalali import iso
from publicmeeting.store.rules_proposals import WORD_SENT, RulesProposal
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.notices.sms_text import rules_sms
from publicmeeting.turns.announced import Announced, check_rules
from publicmeeting.turns.kinds import Kind, is_monday
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.weaker import Weaker, has_witnesses, weaker
from publicmeeting.turns.witness import is_statement_signed, statement_text, witnesses_of
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.line.rules import (
    AGREE,
    RULES_TOPIC,
    agreed_by,
    announce,
    city_mark,
    open_proposal,
    require_seats_for_all,
)


@dataclass(frozen=True, slots=True)
class WaitingRules:
    """A proposal that somebody else can still agree to."""

    seq: int
    rules: Rules
    from_on: date
    before: Announced
    weaker: tuple[Weaker, ...]
    proposed_by: str
    """The name of whoever has."""
    proposed_at: datetime
    until: datetime
    is_own: bool
    """The reader's own: he can only take it back."""
    signed_by: tuple[str, ...]
    """Parties of the witnesses that have."""
    is_unsigned: bool
    """No witness has, although the rules before name some."""


@usecase(*AGREE)
def waiting_rules(
    uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime
) -> WaitingRules | None:
    """What waits for a second one's word; None where nothing does."""
    found = open_proposal(uow, now)
    if found is None:
        return None
    before = uow.city.announced()[0]
    signed = tuple(sorted(uow.rules_proposals.signed_by(found.seq)))
    return WaitingRules(
        seq=found.seq,
        rules=found.rules,
        from_on=found.from_on,
        before=before,
        weaker=weaker(before.rules.body, found.rules.body),
        proposed_by=uow.accounts.names([found.proposed_by]).get(found.proposed_by, ""),
        proposed_at=found.proposed_at,
        until=agreed_by(before, found.rules, found.from_on, found.proposed_at),
        is_own=found.proposed_by == actor.account_id,
        signed_by=signed,
        is_unsigned=has_witnesses(before.rules.body) and not signed,
    )


def rules_to_decide(uow: UnitOfWork, actor: Actor, now: datetime) -> int:
    """How many proposals wait for this one's word: 0 or 1."""
    if not actor.has(*AGREE):
        return 0
    found = open_proposal(uow, now)
    return int(found is not None and found.proposed_by != actor.account_id)


class OneRulesProposal(Command):
    """`unsigned`: `yes` where it is to be announced although no witness has signed it."""

    seq: int
    unsigned: str = ""


@usecase(*AGREE)
def agree_to_rules(
    uow: UnitOfWork, actor: Actor, command: OneRulesProposal, now: datetime
) -> Announced:
    """The proposed version is announced, and nobody takes it back.

    Denied `own_rules_proposal`, also for his other role; `rules_proposal_over` for one that is
    decided, a week old, of somebody who is no administrator any more, behind another version, or
    whose first Monday is too near by now; `rules_unsigned`.
    """
    proposal = _decided_now(uow, actor, command, now)
    if proposal.proposed_by == actor.account_id:
        raise Denied("own_rules_proposal")
    if not command.unsigned and _is_unsigned(uow, proposal):
        raise Denied("rules_unsigned")
    rules = check_rules(proposal.rules.body)
    require_seats_for_all(uow, rules, now)
    assert actor.account_id is not None, "read by its role"
    body: dict[str, object] = {
        "hash": rules.hash,
        "officer": city_mark(uow, actor.account_id, proposal.proposed_at),
        "because": [proposal.seq],
    }
    uow.log.append(Kind.RULES_AGREED, body, now)
    uow.rules_proposals.decide(proposal.seq, actor.account_id, DecisionState.AGREED, now)
    announce(uow, rules, proposal.from_on, now)
    return Announced(rules, proposal.from_on, now)


@usecase(*AGREE)
def reject_rules(
    uow: UnitOfWork, actor: Actor, command: OneRulesProposal, now: datetime
) -> Announced:
    """It is not announced; whoever has proposed it takes it back so. Denied `rules_proposal_over`.
    Gives what goes on."""
    proposal = _decided_now(uow, actor, command, now)
    by = actor.account_id or ""
    uow.rules_proposals.decide(proposal.seq, by, DecisionState.REJECTED, now)
    return uow.city.announced()[0]


def send_word(uow: UnitOfWork, now: datetime) -> None:
    """The clock's part, once for each proposal and by day: whoever may agree, and has left a mobile
    with the account, is sent that one waits; the rail shows it to all of them."""
    newest, found = uow.rules_proposals.newest(), open_proposal(uow, now)
    assert newest is not None, "one waits"
    uow.clockwork.mark_done(WORD_SENT, newest.proposed_at)
    if found is None:
        return
    before = uow.city.announced()[0]
    text = rules_sms(agreed_by(before, found.rules, found.from_on, found.proposed_at))
    others = {account.id for role in AGREE for account in uow.accounts.with_role(role)}
    for account_id in sorted(others - {found.proposed_by}):
        if mobile := uow.accounts.mobile(account_id):
            digest = uow.vault.lookup("message", f"rules/{found.seq}/{account_id}")
            uow.account_messages.append(CodeMessage(mobile, text, digest, _nothing, _nothing))


def _nothing(_uow: UnitOfWork) -> None:
    """Tried once: nothing was counted that would be taken back."""


class SignRules(Command):
    """`monday`: the first one under the proposed rules, `1405-09-16`; `sig` over
    `publicmeeting/said/v1`, origin, `rules_signed`, monday, party, hash."""

    monday: str
    party: str
    hash: str
    sig: str


@usecase(*ANYONE)
def sign_rules(uow: UnitOfWork, _actor: Actor, command: SignRules, now: datetime) -> int:
    """A witness of the rules before knows of the proposed ones; gives the number of its entry, also
    where it was sent before. Denied `monday_unknown` where nothing of that hash and Monday waits,
    `witness_unknown`, `witness_signature`."""
    uow.advisory_lock(RULES_TOPIC)
    proposal = open_proposal(uow, now)
    wanted = (command.monday, command.hash)
    if not is_monday(command.monday) or proposal is None:
        raise Denied("monday_unknown")
    if (iso(proposal.from_on), proposal.rules.hash) != wanted:
        raise Denied("monday_unknown")
    witnesses = {
        witness.party: witness for witness in witnesses_of(uow.city.announced()[0].rules.body)
    }
    if command.party not in witnesses:
        raise Denied("witness_unknown")
    origin, kind = uow.log.keys().origin, Kind.RULES_SIGNED
    lines = statement_text(origin, kind.value, command.monday, command.party, command.hash)
    if not is_statement_signed(witnesses[command.party].key, lines, command.sig):
        raise Denied("witness_signature")
    before = uow.rules_proposals.signed_by(proposal.seq)
    if command.party in before:
        return before[command.party]
    body: dict[str, object] = {**command.model_dump(), "because": [proposal.seq]}
    entry = uow.log.append(kind, body, now)
    uow.publish(RULES_TOPIC)
    return entry.seq


def _decided_now(
    uow: UnitOfWork, actor: Actor, command: OneRulesProposal, now: datetime
) -> RulesProposal:
    """The proposal that was shown, while it is the one that waits; others wait until this has
    ended."""
    uow.advisory_lock(RULES_TOPIC)
    if not any(uow.accounts.still_has(actor.account_id or "", role) for role in AGREE):
        raise Denied("not_your_role")
    proposal = open_proposal(uow, now)
    if proposal is None or proposal.seq != command.seq:
        raise Denied("rules_proposal_over")
    uow.publish(RULES_TOPIC)
    return proposal


def _is_unsigned(uow: UnitOfWork, proposal: RulesProposal) -> bool:
    before = uow.city.announced()[0].rules.body
    return has_witnesses(before) and not uow.rules_proposals.signed_by(proposal.seq)
