"""Agreement of a second officer to rules that weaken the draw.

Another administrator or the overseer agrees, by another account. A witness of the rules before also
signs, with a key that the city does not have. The version can be announced without that signature,
because a witness may have gone; every auditor then reports it permanently (docs/turns.md 1).
"""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import OfficeAct
from publicmeeting.domain.officials.invitations import DecisionState
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.jalali import iso
from publicmeeting.store.districts.rules_proposals import WORD_SENT, RulesProposal
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.notices.sms_text import rules_sms
from publicmeeting.turns.kinds import Kind, is_monday
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.announced import Announced, check_rules
from publicmeeting.turns.rules.weaker import Weaker, has_witnesses, weaker
from publicmeeting.turns.rules.witness import is_statement_signed, statement_text, witnesses_of
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
    """A proposal to which somebody else can still agree."""

    seq: int
    rules: Rules
    from_on: date
    before: Announced
    weaker: tuple[Weaker, ...]
    proposed_by: str
    """Name of the proposer."""
    proposed_at: datetime
    until: datetime
    is_own: bool
    """Whether the reader proposed it, so that he can only take it back."""
    signed_by: tuple[str, ...]
    """Parties of the witnesses who have signed."""
    is_unsigned: bool
    """Whether no witness has signed although the rules before name some."""


@usecase(*AGREE)
def waiting_rules(
    uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime
) -> WaitingRules | None:
    """Return the proposal that waits for a second officer; None without one."""
    proposal = open_proposal(uow, now)
    if proposal is None:
        return None
    before = uow.city.announced()[0]
    signed = tuple(sorted(uow.rules_proposals.signed_by(proposal.seq)))
    return WaitingRules(
        seq=proposal.seq,
        rules=proposal.rules,
        from_on=proposal.from_on,
        before=before,
        weaker=weaker(before.rules.body, proposal.rules.body),
        proposed_by=uow.accounts.names([proposal.proposed_by]).get(proposal.proposed_by, ""),
        proposed_at=proposal.proposed_at,
        until=agreed_by(before, proposal.rules, proposal.from_on, proposal.proposed_at),
        is_own=proposal.proposed_by == actor.account_id,
        signed_by=signed,
        is_unsigned=has_witnesses(before.rules.body) and not signed,
    )


def rules_to_decide(uow: UnitOfWork, actor: Actor, now: datetime) -> int:
    """Return how many proposals wait for this actor's decision: 0 or 1."""
    if not actor.has(*AGREE):
        return 0
    found = open_proposal(uow, now)
    return int(found is not None and found.proposed_by != actor.account_id)


class OneRulesProposal(Command):
    """A decision on a proposal; `unsigned` is `yes` to announce it without a signature."""

    seq: int
    unsigned: str = ""


@usecase(*AGREE)
def agree_to_rules(
    uow: UnitOfWork, actor: Actor, command: OneRulesProposal, now: datetime
) -> Announced:
    """Announce the proposed version; nobody can take it back.

    Denied `own_rules_proposal`, even in his other role; `same_person` if both have
    one name or mobile; `rules_unsigned`; `rules_proposal_over` for one that is decided, a week old,
    by somebody who is no administrator any more, behind another version, or too near its first
    Monday.
    """
    proposal = _decided_now(uow, actor, command, now)
    if proposal.proposed_by == actor.account_id:
        raise Denied("own_rules_proposal")
    assert actor.account_id is not None, "read by its role"
    if uow.accounts.are_one_person(proposal.proposed_by, actor.account_id):
        raise Denied("same_person")
    if not command.unsigned and _is_unsigned(uow, proposal):
        raise Denied("rules_unsigned")
    rules = check_rules(proposal.rules.body)
    require_seats_for_all(uow, rules, now)
    body: dict[str, object] = {
        "hash": rules.hash,
        "officer": city_mark(uow, actor.account_id, proposal.proposed_at),
        "because": [proposal.seq],
    }
    uow.log.append(Kind.RULES_AGREED, body, now)
    uow.rules_proposals.decide(proposal.seq, actor.account_id, DecisionState.AGREED, now)
    announce(uow, rules, proposal.from_on, now)
    uow.account_events.add_act(OfficeAct.RULES_ANNOUNCED, actor.account_id, proposal.from_on)
    return Announced(rules, proposal.from_on, now)


@usecase(*AGREE)
def reject_rules(
    uow: UnitOfWork, actor: Actor, command: OneRulesProposal, now: datetime
) -> Announced:
    """Reject a proposal; its proposer takes it back this way. Returns the version that stays.

    Denied("rules_proposal_over").
    """
    proposal = _decided_now(uow, actor, command, now)
    by = actor.account_id or ""
    uow.rules_proposals.decide(proposal.seq, by, DecisionState.REJECTED, now)
    uow.account_events.add_act(OfficeAct.RULES_REJECTED, by, proposal.from_on)
    return uow.city.announced()[0]


def notify_approvers(uow: UnitOfWork, now: datetime) -> None:
    """Send an SMS about a waiting proposal, once and by day, to everybody who may agree.

    Only accounts with a mobile get one; the navigation shows it to all of them.
    """
    proposal = open_proposal(uow, now)
    uow.clockwork.mark_done(WORD_SENT, now)
    if proposal is None:
        return
    before = uow.city.announced()[0]
    text = rules_sms(agreed_by(before, proposal.rules, proposal.from_on, proposal.proposed_at))
    others = {account.id for role in AGREE for account in uow.accounts.with_role(role)}
    for account_id in sorted(others - {proposal.proposed_by}):
        if mobile := uow.accounts.mobile(account_id):
            digest = uow.vault.lookup("message", f"rules/{proposal.seq}/{account_id}")
            uow.account_messages.append(CodeMessage(mobile, text, digest))


class SignRules(Command):
    """A witness's signature on proposed rules. `monday` is their first Monday, `1405-09-16`.

    `sig` is over `publicmeeting/said/v1`, origin, `rules_signed`, monday, party, hash.
    """

    monday: str
    party: str
    hash: str
    sig: str


@usecase(*ANYONE)
def sign_rules(uow: UnitOfWork, _actor: Actor, command: SignRules, now: datetime) -> int:
    """Log that a witness of the rules before knows the proposal; return the number of the entry.

    Sending it again returns the same number. Denied `monday_unknown` if nothing with that hash and
    Monday waits; `witness_unknown`, `witness_signature`.
    """
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
    """Return the shown proposal if it still waits, and lock out other decisions.

    Denied `not_your_role` if the actor has lost the role since, `rules_proposal_over` otherwise.
    """
    uow.advisory_lock(RULES_TOPIC)
    if not any(uow.accounts.has_role_now(actor.account_id or "", role) for role in AGREE):
        raise Denied("not_your_role")
    proposal = open_proposal(uow, now)
    if proposal is None or proposal.seq != command.seq:
        raise Denied("rules_proposal_over")
    uow.publish(RULES_TOPIC)
    return proposal


def _is_unsigned(uow: UnitOfWork, proposal: RulesProposal) -> bool:
    before = uow.city.announced()[0].rules.body
    return has_witnesses(before) and not uow.rules_proposals.signed_by(proposal.seq)
