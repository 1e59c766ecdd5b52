"""Rules that weaken the draw need a proposal by one administrator and a second official."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from support.audited import replay
from support.city import WITNESSES, add_official
from support.each import in_one_city
from support.line import MONDAY, Line
from support.officials import has_the_mobile_of
from support.together import together
from support.triggers import change_past_the_program
from support.witnesses import Witness

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.rules.weaker import Weaker
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import (
    RulesForm,
    RulesPreview,
    announce,
    announce_rules,
    form_of,
    preview_rules,
    rules_draft,
    rules_page,
)
from publicmeeting.usecases.line.rules_by_two import (
    OneRulesProposal,
    WaitingRules,
    agree_to_rules,
    reject_rules,
    waiting_rules,
)
from publicmeeting.usecases.oversight.workplaces import workplaces

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST = MONDAY + 2 * WEEK
"""The first Monday that is not open; it opens three weeks before."""
LATER = FIRST + 2 * WEEK
FEWER = " ".join(WITNESSES[0]).strip()
ELSEWHERE = "\n".join(
    " ".join(one).strip()
    for one in ((*WITNESSES[0][:3], "https://nobody.example/w"), *WITNESSES[1:])
)
"""The same witnesses and keys, but one has an address that is not hers."""


class Two:
    def __init__(self, line: Line) -> None:
        self.line = line

    def form(self, from_on: date = LATER, **change: str) -> RulesForm:
        draft = self.asks("administrator", rules_draft)
        fields = {**form_of(draft.newest.rules.body), **change}
        return RulesForm.model_validate({**fields, "from_on": from_on.isoformat()})

    def proposes(
        self, from_on: date = LATER, by: str = "administrator", **change: str
    ) -> RulesPreview:
        change = change or {"witnesses": FEWER}
        return self.does(by, announce_rules, self.form(from_on, **change))

    def waits(self, reader: str = "overseer") -> WaitingRules | None:
        return self.asks(reader, waiting_rules)

    def agrees(self, by: str = "overseer", seq: int = 0, unsigned: str | None = None) -> None:
        """Agree to a proposal, by default with a witness's signature."""
        waiting = self.waits()
        seq = seq or (waiting.seq if waiting else 0)
        if unsigned is None:
            unsigned = ""
            if waiting:
                Witness(self.line, "council").signs_rules(waiting.from_on, waiting.rules.hash)
        self.does(by, agree_to_rules, OneRulesProposal(seq=seq, unsigned=unsigned))

    def rejects(self, by: str = "overseer", seq: int = 0) -> None:
        waiting = self.waits()
        seq = seq or (waiting.seq if waiting else 0)
        self.does(by, reject_rules, OneRulesProposal(seq=seq))

    def does(self, by: str, usecase, command):
        return self.line.city.application.execute_as(self.line.city.as_(by), usecase, command)

    def asks(self, by: str, usecase):
        return self.line.city.application.query_as(self.line.city.as_(by), usecase, Nothing())

    def version(self) -> int:
        return self.asks("administrator", rules_page).versions[0].rules.version

    def count(self, kind: str) -> int:
        return len(self.line.entries(kind))

    def found(self) -> set[Break]:
        """Return the findings in the log so far, without those about signatures."""
        return {one.code for one in replay(entry.published for entry in self.line.log())[1]}

    def adds_administrator(self, username: str, name: str = "") -> None:
        role = ("administrator", None, None)
        add_official(self.line.city.application, username, role, name=name)


@pytest.fixture
def two(line: Line) -> Two:
    return Two(line)


def test_fewer_witnesses_are_a_proposal_in_public_until_somebody_else_agrees(two: Two) -> None:
    made = two.proposes()
    assert made.weaker == (Weaker.WITNESSES,)
    assert (two.version(), two.count("rules_announced")) == (1, 1)
    (proposed,) = two.line.entries("rules_proposed")
    assert (proposed["hash"], proposed["rules"]) == (made.rules.hash, made.rules.body)
    waiting = two.waits()
    assert waiting is not None
    assert (waiting.rules, waiting.weaker, waiting.is_own) == (made.rules, made.weaker, False)
    assert waiting.until == made.agreed_by
    two.agrees()
    assert (two.version(), two.count("rules_announced")) == (2, 2)
    assert two.line.entries("rules_announced")[-1]["rules"] == made.rules.body
    (agreed,) = two.line.entries("rules_agreed")
    assert agreed["officer"] != proposed["officer"]
    assert two.waits() is None


def test_a_version_that_takes_nothing_is_announced_at_once(two: Two) -> None:
    assert two.proposes(slot_minutes="20").weaker == ()
    assert (two.version(), two.count("rules_proposed"), two.waits()) == (2, 0, None)


@in_one_city(
    "change, way",
    [
        ({"witnesses": ""}, Weaker.WITNESSES),
        ({"witnesses": FEWER}, Weaker.WITNESSES),
        ({"witnesses": ELSEWHERE}, Weaker.WITNESSES),
        ({"late_kind": "dice"}, Weaker.LATE_VALUE),
        ({"session_at": "10:00"}, Weaker.LATE_VALUE),
        ({"access": "2"}, Weaker.LANES),
        ({"access": "0", "urgent": "0"}, Weaker.FEWER_LANES),
        ({"offer_hours": "1"}, Weaker.OFFERS),
        ({"offer_until": "18:00"}, Weaker.OFFERS_DAY),
        ({"objections_until_at": "19:00"}, Weaker.OBJECTIONS),
        ({"reveals_until_at": "21:30"}, Weaker.REVEALS),
        ({"value_from_at": "15:00"}, Weaker.VALUE),
        ({"answer_by_at": "19:00"}, Weaker.ANSWER),
        ({"opens_days": "20"}, Weaker.FILING),
        ({"answer_by_at": "21:00"}, Weaker.STANDBY),
        ({"opens_days": "28"}, Weaker.TIMES),
        ({"value_from_at": "12:00"}, Weaker.TIMES),
        ({"offer_hours": "3"}, Weaker.TIMES),
        ({"offer_until": "21:00"}, Weaker.TIMES),
        ({"freeze_at": "10:00"}, Weaker.TIMES),
    ],
)
def test_whatever_weakens_the_draw_needs_two(two: Two, change: dict[str, str], way: Weaker) -> None:
    """A proposal of it waits for the second; here each is looked at before it is made."""
    ask, administrator = two.line.city.application.query_as, two.line.city.as_("administrator")
    assert ask(administrator, preview_rules, two.form(**change)).weaker == (way,)


BEHIND_THE_EXCHANGE = {
    "session_at": "13:59",
    "objections_until_days": "5",
    "objections_until_at": "11:00",
    "reveals_from_days": "5",
    "reveals_from_at": "11:30",
    "reveals_until_days": "5",
    "reveals_until_at": "13:50",
}
BEFORE_A_VALUE = {
    "session_at": "00:30",
    "freeze_days": "7",
    "freeze_at": "24:00",
    "objections_until_at": "16:00",
    "reveals_from_at": "16:00",
    "reveals_until_at": "18:00",
    "value_from_at": "00:30",
    "value_until_at": "06:30",
}


@pytest.mark.parametrize("change", [BEHIND_THE_EXCHANGE, BEFORE_A_VALUE], ids=["after", "before"])
def test_nobody_alone_moves_the_hour_at_which_the_value_is_known(
    two: Two, change: dict[str, str]
) -> None:
    """No part would get shorter, but the value could be known before the reveals.

    Commitments would be revealed after the exchange closes, or the value entered before.
    """
    assert Weaker.LATE_VALUE in two.proposes(**change).weaker
    assert (two.version(), two.count("rules_proposed")) == (1, 1)


@in_one_city(
    "days, from_on, key",
    [
        ("366", LATER, "rules_long_opens"),
        ("42", LATER, "rules_opens_apart"),
        ("28", FIRST, "rules_too_soon"),
    ],
)
def test_no_mondays_open_at_once_and_none_a_year_before(
    two: Two, days: str, from_on: date, key: str
) -> None:
    """No version governs an open Monday, so witnesses and keys could not be replaced for a year."""
    with pytest.raises(Invalid, match=key):
        two.proposes(from_on, opens_days=days)
    assert two.count("rules_proposed") == 0


def test_mondays_that_open_a_week_earlier_open_in_time(two: Two) -> None:
    two.proposes(FIRST + WEEK, opens_days="28")
    two.agrees()
    two.line.until(FIRST - 3 * WEEK, "08:00")
    opened = {entry["draw"][4:] for entry in two.line.entries("monday_opened")}
    assert len(opened) == 4  # two before, and the last under each version at once
    assert Break.OPENED_LATE not in two.found()


def test_nobody_agrees_to_his_own_whatever_else_he_is(two: Two) -> None:
    """Two roles of one account are one person, also in the log."""
    two.proposes()
    with pytest.raises(Denied, match="own_rules_proposal"):
        two.agrees("administrator")
    application = two.line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        administrator = two.line.city.as_("administrator").account_id
        uow.accounts.add_term(administrator, Grant(Role.OVERSEER), None, None)
    both = Actor(
        account_id=administrator,
        name="",
        grants=(Grant(Role.ADMINISTRATOR), Grant(Role.OVERSEER)),
    )
    waiting = two.waits()
    assert waiting is not None
    yes = OneRulesProposal(seq=waiting.seq, unsigned="yes")
    with pytest.raises(Denied, match="own_rules_proposal"):
        application.execute_as(both, agree_to_rules, yes)
    assert two.version() == 1


def test_nor_by_a_second_account_of_his_name_or_mobile(two: Two) -> None:
    two.adds_administrator("other", name="Administrator")
    two.proposes()
    has_the_mobile_of(two.line, "administrator", "overseer")
    for username in ("other", "overseer"):
        with pytest.raises(Denied, match="same_person"):
            two.agrees(username)
    assert two.version() == 1
    two.does("other", reject_rules, OneRulesProposal(seq=two.waits("other").seq))
    with pytest.raises(Denied, match="rules_nobody_agrees"):
        two.proposes()


@pytest.mark.parametrize("username", ["mayor"])
def test_nobody_else_reads_or_decides_it(two: Two, username: str) -> None:
    two.proposes()
    for usecase in (agree_to_rules, reject_rules):
        with pytest.raises(Denied, match="not_your_role"):
            two.does(username, usecase, OneRulesProposal(seq=two.line.log()[-1].seq))
    with pytest.raises(Denied, match="not_your_role"):
        two.asks(username, waiting_rules)


def test_a_second_administrator_agrees_as_well(two: Two) -> None:
    two.adds_administrator("other")
    two.proposes()
    two.agrees("other")
    assert two.version() == 2


def test_where_nobody_else_could_agree_nothing_is_proposed(two: Two) -> None:
    two.adds_administrator("invited")
    application = two.line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        uow.accounts.set_password(uow.accounts.by_username("invited").id, "")
        uow.accounts.suspend(uow.accounts.by_username("overseer").id)
    with pytest.raises(Denied, match="rules_nobody_agrees"):
        two.proposes()
    assert two.count("rules_proposed") == 0


def test_a_proposal_is_taken_back_and_decided_once(two: Two) -> None:
    two.proposes()
    seq = two.line.log()[-1].seq
    two.rejects("administrator")
    for decides in (two.agrees, two.rejects):
        with pytest.raises(Denied, match="rules_proposal_over"):
            decides(seq=seq)
    assert two.version() == 1
    two.proposes(late_kind="dice")
    with pytest.raises(Denied, match="rules_waiting"):
        two.proposes(access="2")
    with pytest.raises(Denied, match="rules_proposal_over"):
        two.agrees(seq=seq)
    two.agrees()
    assert two.version() == 2


def test_another_version_meanwhile_ends_a_proposal(two: Two) -> None:
    """What was weaker than the version before may now be weaker in more than anybody has read."""
    two.proposes()
    seq = two.line.log()[-1].seq
    two.proposes(slot_minutes="20")
    assert two.waits() is None
    with pytest.raises(Denied, match="rules_proposal_over"):
        two.agrees(seq=seq)
    assert two.proposes(access="2").weaker == (Weaker.LANES,)


def test_nobody_ends_what_two_others_want_by_a_version_of_his_own(two: Two) -> None:
    """He could announce a trivial change a minute before each agreement.

    He may reject the proposal, under his own name.
    """
    two.adds_administrator("other")
    two.proposes()
    with pytest.raises(Denied, match="rules_waiting"):
        two.proposes(by="other", slot_minutes="16")
    assert two.waits() is not None
    two.agrees()
    assert two.version() == 2
    assert two.proposes(by="other", slot_minutes="16").weaker == ()


def test_what_one_announces_alone_stops_nobody_for_a_quarter_of_a_year(two: Two) -> None:
    """No version begins before the newest one, so one that begins late blocks all others."""
    last = two.asks("administrator", rules_draft).mondays[-1]
    for from_on in (last, FIRST + 3 * WEEK):
        with pytest.raises(Invalid, match="rules_far_alone") as refused:
            two.proposes(from_on, slot_minutes="16")
        assert refused.value.facts["day"] == weekday_day(LATER)
    two.proposes(LATER, slot_minutes="16")
    with pytest.raises(Invalid, match="rules_far_alone"):  # nor step by step
        two.proposes(LATER + WEEK, slot_minutes="17")
    assert two.asks("administrator", rules_draft).mondays[0] == LATER
    assert two.proposes(last, access="2").weaker == (Weaker.LANES,), "two may"


def test_a_proposal_is_over_after_a_week(two: Two) -> None:
    made = two.proposes(LATER + WEEK)
    seq = two.line.log()[-1].seq
    assert made.agreed_by == two.line.clock.now + WEEK
    two.line.clock.set(made.agreed_by - timedelta(seconds=1))
    assert two.waits() is not None
    two.line.clock.set(made.agreed_by)
    assert two.waits() is None
    with pytest.raises(Denied, match="rules_proposal_over"):
        two.agrees(seq=seq)
    two.proposes(LATER + 3 * WEEK)


def test_a_proposal_is_over_once_its_first_monday_opens(two: Two) -> None:
    """Rules are public fourteen days before; seats and commitment are public at the opening."""
    made = two.proposes(FIRST)
    seq = two.line.log()[-1].seq
    opens = at_tehran(FIRST - 3 * WEEK)
    assert made.agreed_by == opens
    two.line.clock.set(opens)
    with pytest.raises(Denied, match="rules_proposal_over"):
        two.agrees(seq=seq)
    two.line.until(FIRST - 3 * WEEK, "08:00")
    assert two.version() == 1
    assert two.line.draw(FIRST).file["rules"]["version"] == 1


def test_a_proposal_of_who_is_no_administrator_any_more_is_over(two: Two) -> None:
    two.adds_administrator("other")
    two.proposes(by="other")
    seq = two.line.log()[-1].seq
    application = two.line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        uow.accounts.suspend(uow.accounts.by_username("other").id)
    with pytest.raises(Denied, match="rules_proposal_over"):
        two.agrees(seq=seq)


@pytest.mark.on_postgresql
def test_a_witness_of_the_rules_before_signs_it(two: Two) -> None:
    made = two.proposes()
    waiting = two.waits()
    assert waiting is not None
    assert (waiting.is_unsigned, waiting.signed_by) == (True, ())
    with pytest.raises(Denied, match="rules_unsigned"):
        two.agrees(unsigned="")
    press = Witness(two.line, "press")
    with pytest.raises(Denied, match="witness_signature"):
        press.signs_rules(LATER, made.rules.hash, sig="A" * 86 + "==")
    for monday, digest in ((FIRST, made.rules.hash), (LATER, "0" * 64)):
        with pytest.raises(Denied, match="monday_unknown"):
            press.signs_rules(monday, digest)
    seq = press.signs_rules(LATER, made.rules.hash)
    assert press.signs_rules(LATER, made.rules.hash) == seq
    assert two.count("rules_signed") == 1
    waiting = two.waits()
    assert waiting is not None
    assert (waiting.is_unsigned, waiting.signed_by) == (False, ("press",))
    two.agrees(unsigned="")
    assert two.version() == 2
    assert not two.found() & {Break.RULES_ALONE, Break.RULES_UNSIGNED}


@pytest.mark.on_postgresql
def test_of_two_words_at_the_same_instant_one_counts(two: Two) -> None:
    two.adds_administrator("other")
    made = two.proposes()
    seq = two.line.log()[-1].seq
    Witness(two.line, "council").signs_rules(LATER, made.rules.hash)
    two.line.city.as_("other")
    done, refused = together(
        lambda: two.does("overseer", agree_to_rules, OneRulesProposal(seq=seq)),
        lambda: two.does("other", agree_to_rules, OneRulesProposal(seq=seq)),
    )
    assert (len(done), [refusal.key for refusal in refused]) == (1, ["rules_proposal_over"])
    assert (two.count("rules_agreed"), two.version()) == (1, 2)


def test_without_a_witness_it_can_be_announced_and_every_auditor_says_so(two: Two) -> None:
    two.proposes()
    two.agrees(unsigned="yes")
    assert Break.RULES_UNSIGNED in two.found()
    two.line.expected.add("rules_unsigned")


@pytest.mark.on_postgresql
def test_a_row_that_names_another_proposer_lets_nobody_agree_to_his_own(two: Two) -> None:
    two.adds_administrator("second")
    two.proposes()
    waiting = two.waits()
    assert waiting is not None
    engine, other = two.line.city.application.store.engine, two.line.city.as_("second")
    named = "UPDATE rules_proposal SET proposed_by = :it"
    change_past_the_program(engine, named, it=other.account_id)
    with pytest.raises(Denied, match="rules_proposal_over"):
        two.agrees("administrator", waiting.seq, "yes")
    change_past_the_program(engine, named, it=two.line.city.as_("administrator").account_id)
    two.agrees("second", waiting.seq, "yes")
    two.line.expected.add("rules_unsigned")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("seq", [3, 99999])
def test_a_row_without_a_proposal_in_the_log_hides_none_and_ends_no_page(
    two: Two, seq: int
) -> None:
    two.proposes()
    engine = two.line.city.application.store.engine
    never = "infinity" if engine.dialect.name == "postgresql" else "zzz"
    new = (
        "INSERT INTO rules_proposal (seq, proposed_by, proposed_at, state)"
        " VALUES (:seq, 'x', :never, 'proposed')"
    )
    change_past_the_program(engine, new, seq=seq, never=never)
    two.line.clock.forward(minutes=1)
    two.line.worker.run_due()
    assert two.asks("administrator", rules_page).proposal
    assert two.waits() is not None
    with two.line.reading() as uow:
        assert uow.rules_proposals.unsent_since() is None
    two.agrees()


def test_whoever_writes_the_tables_alone_is_named(two: Two) -> None:
    made = two.proposes()
    application = two.line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        announce(uow, made.rules, made.from_on, application.clock())
    assert Break.RULES_ALONE in two.found()
    two.line.expected.add("rules_alone")


def test_the_menu_counts_what_waits_for_ones_own_word(two: Two) -> None:
    two.proposes()
    counts = {who: two.asks(who, workplaces).rules for who in ("administrator", "overseer", "desk")}
    assert counts == {"administrator": 0, "overseer": 1, "desk": 0}


def test_while_nobody_knows_the_keys_the_rules_and_the_menus_are_there_all_the_same(
    two: Two,
) -> None:
    """Nobody can agree then: the log takes no entry."""
    two.proposes()
    engine = two.line.city.application.store.engine
    with engine.connect() as connection:
        (seed,) = connection.execute(text("SELECT seed FROM log_head")).one()
    change = "UPDATE log_head SET seed = :seed"
    change_past_the_program(engine, change, seed=b"\x01damaged")
    assert two.version() == 1
    assert two.asks("overseer", workplaces).rules == 0
    assert two.waits() is None
    change_past_the_program(engine, change, seed=seed)
    assert two.asks("overseer", workplaces).rules == 1
    two.agrees()


def test_so_near_its_first_monday_nobody_could_agree_and_nothing_is_proposed(
    two: Two,
) -> None:
    two.line.clock.set(at_tehran(FIRST - 3 * WEEK))  # the clock opens it in this minute
    with pytest.raises(Invalid, match="rules_too_soon"):
        two.proposes(FIRST)
