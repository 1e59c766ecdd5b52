"""`/rules/`: the rules of the line, those in force and those announced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import reflex as rx

from publicmeeting.domain.line.lanes import LaneRate
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common.dates_text import until_words
from publicmeeting.text.districts import home_text
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.line import rules_text
from publicmeeting.text.line.witness_text import party_name
from publicmeeting.text.meetings import audiences_text
from publicmeeting.text.public_record import verify_text
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.announced import Announced
from publicmeeting.turns.rules.weaker import has_witnesses
from publicmeeting.ui.design.figures import data_table
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import (
    brand,
    page_title,
    phone_page,
    section,
    site_bar,
    site_foot,
)
from publicmeeting.ui.design.paper import fingerprint
from publicmeeting.ui.design.sheets import folded, notice, sheet
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.connection.trouble import live_sign
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.parts.line import four_rules
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.lanes import LaneRates, lane_rates
from publicmeeting.usecases.line.rules import RulesPage, rules_page
from publicmeeting.usecases.oversight.promises import overdue_decisions
from publicmeeting.usecases.public_record.open_risks import DistrictRisks, district_risks


@dataclass(frozen=True)
class Change:
    """A rule that differs from the previous version."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class Version(ViewModel):
    """One version; `program_facts` are read only by programs, `exact` is the hashed text."""

    title: str = ""
    announced: str = ""
    hash: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    program_facts: tuple[tuple[str, str], ...] = ()
    changes_title: str = ""
    changes: tuple[Change, ...] = ()
    exact: str = ""


@dataclass(frozen=True)
class Proposal(ViewModel):
    """A proposal that waits for a second person; `signed` names the witnesses who have signed
    it."""

    title: str = ""
    proposed: str = ""
    needs: str = ""
    signed: str = ""
    changes: tuple[Change, ...] = ()
    hash: str = ""


@dataclass(frozen=True)
class Shelf(ViewModel):
    """The content of the page; each table is folded under a sentence with its totals."""

    current: Version = field(default_factory=Version)
    proposals: tuple[Proposal, ...] = ()
    coming: tuple[Version, ...] = ()
    earlier: tuple[tuple[str, str], ...] = ()
    lanes: tuple[tuple[str, ...], ...] = ()
    lanes_sum: str = ""
    lanes_unread: str = ""
    originals: tuple[tuple[str, ...], ...] = ()
    originals_sum: str = ""
    districts: tuple[tuple[str, ...], ...] = ()
    districts_sum: str = ""
    overseer: str = ""
    """Whether the overseer decides in time."""


def shelf(
    page: RulesPage, lanes: LaneRates, districts: Sequence[DistrictRisks], overdue: int
) -> Shelf:
    return Shelf(
        current=in_force(page),
        proposals=tuple(proposals(page)),
        coming=tuple(coming(page)),
        earlier=tuple(earlier(page)),
        lanes=tuple(map(tuple, lane_rows(lanes.rates))),
        lanes_sum=lanes_sum(lanes.rates),
        lanes_unread=lanes_unread(lanes.unread),
        originals=tuple(map(tuple, original_rows(lanes.rates))),
        originals_sum=originals_sum(lanes.rates),
        districts=tuple(map(tuple, district_rows(districts))),
        districts_sum=districts_sum(districts),
        overseer=audiences_text.OVERSEER_LATE.format(count=grouped(overdue))
        if overdue
        else audiences_text.OVERSEER_IN_TIME,
    )


def in_force(page: RulesPage) -> Version:
    """Return the version for the coming Monday."""
    found = [version for version in page.versions if version.rules.version == page.in_force]
    return _version(page, found[0], rules_text.CHANGED) if found else Version()


def coming(page: RulesPage) -> list[Version]:
    """Return announced versions that are not in force yet, the soonest first."""
    ahead = [version for version in page.versions if version.rules.version > page.in_force]
    return [_version(page, announced, rules_text.CHANGES) for announced in reversed(ahead)]


def proposals(page: RulesPage) -> list[Proposal]:
    """Return the proposal, if there is one."""
    rules, before = page.proposal, page.versions[:1]
    if rules is None or not before:
        return []
    was, names = before[0].rules.body, "، ".join(map(party_name, rules.signed_by))
    unsigned = rules_text.OPEN_UNSIGNED if has_witnesses(was) else ""
    day = day_words(tehran_day(rules.proposed_at))
    return [
        Proposal(
            title=_since(rules.rules, rules.from_on),
            proposed=rules_text.OPEN_PROPOSED.format(day=day, seq=persian(rules.seq)),
            needs=rules_text.OPEN_NEEDS.format(until=until_words(rules.until)),
            signed=rules_text.OPEN_SIGNED.format(names=names) if names else unsigned,
            changes=_differences(was, rules.rules.body),
            hash=rules.rules.hash,
        )
    ]


def earlier(page: RulesPage) -> list[tuple[str, str]]:
    """Return earlier versions with their hashes."""
    past = [version for version in page.versions if version.rules.version < page.in_force]
    return [(_title(announced), announced.rules.hash) for announced in past]


def lane_rows(rates: Sequence[LaneRate]) -> list[list[str]]:
    return [_lane_row(rate) for rate in rates]


def _lane_row(rate: LaneRate) -> list[str]:
    counts = (rate.asked, rate.granted, rate.refused, rate.waiting, rate.late)
    return [_lane_head(rate), *map(persian, counts)]


def _lane_head(rate: LaneRate) -> str:
    return rules_text.LANE_ROW.format(district=persian(rate.district), lane=LANE[rate.lane])


def original_rows(rates: Sequence[LaneRate]) -> list[list[str]]:
    """Return the lanes by which somebody has come.

    The reason why a paper was not seen is not published for anybody. If a published sum for the
    whole city grew, the rows beside it would identify the one ticket it can be.
    """
    return [
        [_lane_head(rate), *map(persian, (rate.came, rate.seen, rate.came - rate.seen))]
        for rate in rates
        if rate.came
    ]


def originals_sum(rates: Sequence[LaneRate]) -> str:
    came, seen = sum(rate.came for rate in rates), sum(rate.seen for rate in rates)
    words = rules_text.ORIGINALS_SUM
    return words.format(came=grouped(came), seen=grouped(seen)) if came else ""


def lanes_unread(count: int) -> str:
    """Return what the figures leave out; "" if they are complete."""
    return rules_text.LANES_UNREAD.format(count=persian(count)) if count else ""


def lanes_sum(rates: Sequence[LaneRate]) -> str:
    """Return the totals of all districts; "" before the first request for a lane."""
    if not rates:
        return ""
    return rules_text.LANES_SUM.format(
        asked=grouped(sum(rate.asked for rate in rates)),
        desks=grouped(sum(rate.at_desk for rate in rates)),
        granted=grouped(sum(rate.granted for rate in rates)),
    )


def districts_sum(districts: Sequence[DistrictRisks]) -> str:
    if not districts:
        return ""
    return audiences_text.DISTRICTS_SUM.format(
        off=grouped(sum(district.off_system for district in districts)),
        silent=grouped(sum(district.silent for district in districts)),
        mondays=grouped(sum(district.mondays for district in districts)),
        away=grouped(sum(district.turned_away for district in districts)),
    )


def district_rows(districts: Sequence[DistrictRisks]) -> list[list[str]]:
    return [
        [
            audiences_text.DISTRICT.format(district=persian(district.district)),
            *map(
                persian,
                (district.mondays, district.off_system, district.silent, district.turned_away),
            ),
            audiences_text.UNDONE_OF.format(
                undone=persian(district.undone), acts=persian(district.in_their_names)
            ),
        ]
        for district in districts
    ]


def _version(page: RulesPage, announced: Announced, changes_title: str) -> Version:
    before = page.before(announced.rules.version)
    words = rules_text.rule_words(announced.rules.body).items()
    return Version(
        title=_title(announced),
        announced=rules_text.ANNOUNCED.format(day=day_words(tehran_day(announced.announced_at))),
        hash=announced.rules.hash,
        facts=tuple(fact for key, fact in words if not rules_text.is_for_auditors(key)),
        program_facts=tuple(fact for key, fact in words if rules_text.is_for_auditors(key)),
        changes_title=changes_title.format(version=persian(before.rules.version)) if before else "",
        changes=_differences(before.rules.body, announced.rules.body) if before else (),
        exact=canonical_json(announced.rules.body),
    )


def _differences(was: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(Change(*difference) for difference in rules_text.differences(was, body))


def _title(announced: Announced) -> str:
    return _since(announced.rules, announced.from_on)


def _since(rules: Rules, from_on: date) -> str:
    return rules_text.SINCE.format(version=persian(rules.version), day=day_words(from_on))


class RulesState(Asking, rx.State):
    """State of `/rules/`."""

    shelf: Shelf = Shelf()

    @rx.event
    async def load(self) -> None:
        """Read every version, and the results of requests for lanes."""
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again after an announcement, a proposal or a draw."""
        await follow(self, always("rules", "draws"), self._read)

    async def _read(self) -> None:
        page = await query(self, rules_page, Nothing())
        lanes = await query(self, lane_rates, Nothing())
        districts = await query(self, district_risks, Nothing())
        overdue = await query(self, overdue_decisions, Nothing())
        if page is None or lanes is None or overdue is None:
            return
        # Without figures, while the log cannot be read, everybody still reads the rules.
        self.shelf = shelf(page, lanes, districts or (), overdue)


S = RulesState
NARROW = "min-w-0"
"""CSS class: when a grid asks for the minimum width, Safari counts a witness's key as one word."""


def page() -> rx.Component:
    """The page: who is ahead of whom, then announced changes, which readers need in time.

    The third sentence is the one that is true of every city (`four_rules`).
    """
    return phone_page(
        page_title(rules_text.TITLE),
        rx.el.p(rules_text.LEAD, class_name="max-w-read"),
        section(home_text.HOW, four_rules(is_watched=False)),
        rx.cond(S.ready, _rules(), loading("card")),
        bar=site_bar(brand(), live_sign()),
        site_footer=site_foot(
            [
                (home_text.VERIFY, "/verify/"),
                (verify_text.LOG_LINK, "/verify/log/"),
                (home_text.DRAWS, "/draws/"),
                (home_text.REQUEST, "/request/"),
            ]
        ),
    )


def _rules() -> rx.Component:
    return rx.cond(
        S.shelf.current.hash,
        rx.fragment(
            section(
                rules_text.COMING,
                each(S.shelf.coming, _coming),
                each(S.shelf.proposals, _proposal),
                rx.cond(
                    any_of(S.shelf.coming) | any_of(S.shelf.proposals),
                    rx.fragment(),
                    notice(rules_text.NO_COMING, tone="neutral"),
                ),
            ),
            section(rules_text.IN_FORCE, _current(S.shelf.current)),
            _lanes(),
            _districts(),
            rx.cond(
                any_of(S.shelf.earlier),
                section(
                    rules_text.EARLIER, rx.el.ul(each(S.shelf.earlier, _earlier), class_name="rows")
                ),
            ),
        ),
        empty(rules_text.NOT_YET, rules_text.NOT_YET_WHY),
    )


def _coming(version: Version) -> rx.Component:
    changes = _changes(version.changes_title, version.changes)
    return sheet(_head(version), changes, _whole(version), _proof(version), class_name=NARROW)


def _proposal(proposal: Proposal) -> rx.Component:
    return sheet(
        rx.el.div(
            rx.el.p(rules_text.OPEN_PROPOSAL, class_name="font-semibold"),
            rx.el.h3(proposal.title, class_name="text-h3"),
            rx.el.p(proposal.proposed, class_name="text-ink2"),
            rx.el.p(proposal.needs),
            shown(proposal.signed, rx.el.p(proposal.signed)),
        ),
        _changes(rules_text.CHANGES, proposal.changes),
        _hash(proposal.hash),
        class_name=NARROW,
    )


def _current(version: Version) -> rx.Component:
    return sheet(
        _head(version),
        _facts(version.facts),
        rx.cond(
            any_of(version.changes), _changes(version.changes_title, version.changes), rx.fragment()
        ),
        _keys(version),
        _proof(version),
        class_name=NARROW,
    )


def _head(version: Version) -> rx.Component:
    return rx.el.div(
        rx.el.h3(version.title, class_name="text-h3"),
        rx.el.p(version.announced, class_name="text-ink2"),
    )


def _facts(facts: Sequence[tuple[str, str]]) -> rx.Component:
    def fact(pair: tuple[str, str]) -> rx.Component:
        return rx.el.div(
            rx.el.dt(pair[0], class_name="text-ink2"),
            rx.el.dd(pair[1], class_name="min-w-0 wrap-anywhere font-semibold"),
            class_name="flex flex-wrap justify-between gap-x-4",
        )

    return rx.el.dl(each(facts, fact), class_name="grid grid-cols-1 gap-2")


def _changes(title: str, changes: Sequence[Change]) -> rx.Component:
    def change(two: Change) -> rx.Component:
        return rx.el.li(
            rx.el.p(two.name, class_name="font-semibold"),
            rx.el.p(rules_text.BEFORE, two.was, class_name="wrap-anywhere text-ink2"),
            rx.el.p(rules_text.AFTER, two.now, class_name="wrap-anywhere"),
            class_name="border-s-4 border-glaze ps-3",
        )

    return rx.el.div(
        rx.el.h4(title, class_name="mb-2 font-semibold"),
        rx.el.ul(each(changes, change), class_name="grid grid-cols-1 gap-3"),
    )


def _whole(version: Version) -> rx.Component:
    return folded(rules_text.WHOLE, _facts(version.facts), _facts(version.program_facts))


def _keys(version: Version) -> rx.Component:
    return folded(rules_text.KEYS, rx.el.div(_facts(version.program_facts), class_name="mt-2"))


def _proof(version: Version) -> rx.Component:
    """The hash, and the exact text from which everybody can compute it."""
    return rx.el.div(
        rx.el.div(
            fingerprint(version.hash, rules_text.HASH),
            _hash(version.hash),
            class_name="flex flex-wrap items-center gap-4",
        ),
        rx.el.p(rules_text.HASH_WHY, class_name="text-ink2"),
        folded(
            rules_text.EXACT,
            rx.el.pre(
                version.exact,
                dir="ltr",
                class_name="rounded-[3px] bg-sunk p-3 text-meta break-all whitespace-pre-wrap",
            ),
        ),
        class_name="grid gap-2",
    )


def _hash(hash_: str) -> rx.Component:
    return rx.el.p(
        rx.el.span(rules_text.HASH, class_name="block text-ink2"),
        rx.el.span(hash_, dir="ltr", class_name="block break-all text-meta"),
        class_name="min-w-0 flex-1 basis-48",
    )


def _lanes() -> rx.Component:
    return section(
        rules_text.LANES,
        rx.cond(
            S.shelf.lanes_sum,
            _folded(
                S.shelf.lanes_sum,
                data_table(rules_text.LANES, rules_text.LANE_HEADS, S.shelf.lanes),
            ),
            rx.el.p(rules_text.LANES_NONE, class_name="text-ink2"),
        ),
        rx.cond(
            S.shelf.originals_sum,
            _folded(
                S.shelf.originals_sum,
                data_table(rules_text.ORIGINALS, rules_text.ORIGINAL_HEADS, S.shelf.originals),
            ),
        ),
        rx.cond(S.shelf.lanes_unread, notice(S.shelf.lanes_unread, tone="neutral")),
        lead=rules_text.LANES_LEAD,
    )


def _districts() -> rx.Component:
    table = data_table(audiences_text.DISTRICTS, audiences_text.HEADS, S.shelf.districts)
    return section(
        audiences_text.DISTRICTS,
        rx.cond(
            S.shelf.districts_sum,
            _folded(S.shelf.districts_sum, table),
            rx.el.p(audiences_text.DISTRICTS_NONE, class_name="text-ink2"),
        ),
        rx.el.p(S.shelf.overseer),
        lead=audiences_text.DISTRICTS_LEAD,
    )


def _folded(total: str, table: rx.Component) -> rx.Component:
    """The city's totals in one sentence, with the long table of districts folded."""
    return rx.fragment(
        rx.el.p(total, class_name="font-semibold"),
        folded(rules_text.BY_DISTRICT, rx.el.div(table, class_name="mt-2")),
    )


def _earlier(one: tuple[str, str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(one[0], class_name="row-title block"),
            rx.el.span(one[1], dir="ltr", class_name="row-meta block break-all"),
            class_name="row-body",
        ),
        class_name="row row-static",
    )
