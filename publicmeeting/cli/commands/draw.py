"""`draw`: an invented draw to test verifiers, and simulations of waiting under other rules."""

import argparse
import random
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError, new_file, write_whole
from publicmeeting.kit.hashing import canonical_json

if TYPE_CHECKING:
    from publicmeeting.turns.simulation import Rule, Size, Waits

_PERCENTILES = (50, 90, 99)
_WORST = 100
_LEGEND = (
    "Weeks of waiting of everybody who filed, over 22 districts. Who still waits when the weeks",
    "are over counts with the weeks so far; + is at least: too many still wait to know more.",
)
_BROKERS = (
    "hired: people he pays, who come with their own card. paper: names nobody comes for; their",
    "seats stay empty or go to whoever of the standby is present, and after two missed they are",
    "in no list. clicks: for how many seats a program that clicks first changes who gets them.",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("draw", help="sample a draw, or simulate the weeks of waiting")
    kinds = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    sample = kinds.add_parser("sample", help="write a published draw of invented people")
    sample.add_argument("--rows", type=_count, default=5000, help="requests in the list (5000)")
    sample.add_argument("--seats", type=_count, default=12, help="seats of the Monday (12)")
    sample.add_argument("--out", type=new_file, required=True, metavar="FILE")
    sample.add_argument("--seed", help="any word: the same word, the same file")
    sample.set_defaults(perform=_sample)
    simulate = kinds.add_parser("simulate", help="weeks of waiting under three rules")
    _counts(simulate, "--weeks", [13, 26, 52, 104, 208], "figures after so many weeks")
    _counts(simulate, "--demand", [10, 12, 14], "requests in a week")
    _ruled(simulate)
    simulate.add_argument("--svg", type=new_file, metavar="FILE", help="draw the first size, too")
    simulate.set_defaults(perform=_simulate)
    broker = kinds.add_parser("broker", help="seats a broker holds, and how long others then wait")
    broker.add_argument("--weeks", type=_count, default=52, help="weeks of filing (52)")
    broker.add_argument("--demand", type=_count, default=12, help="citizens' requests a week (12)")
    _counts(broker, "--persons", [2, 5, 10], "whom he files for in a week")
    _ruled(broker)
    broker.set_defaults(perform=_broker)


def _counts(parser: argparse.ArgumentParser, name: str, default: Sequence[int], what: str) -> None:
    shown = " ".join(map(str, default))
    parser.add_argument(
        name, type=_count, nargs="+", default=default, metavar="N", help=f"{what} ({shown})"
    )


def _ruled(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seats", type=_count, default=12, help="seats of a Monday (12)")
    parser.add_argument("--rule", choices=RULES, help="one of the rules, not all side by side")
    parser.add_argument("--seed", default="1405", help="any word: the same word, the same figures")


RULES = ("fcfs", "lottery", "line")


def _count(text: str) -> int:
    """Return a whole number from 0; anything else is a usage error."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"not a whole number: {text}")
    return int(text)


def _chance(word: str | None) -> random.Random:
    """Return a random generator, repeatable with a word; invented data need no secure one."""
    return random.Random(word or secrets.token_hex(16))  # noqa: S311


def _sample(arguments: argparse.Namespace) -> None:
    from publicmeeting.turns.simulation import MOST_SEATS, sample_draw

    if arguments.seats > MOST_SEATS:
        raise StopError(f"A day has room for {MOST_SEATS} seats.")
    file = sample_draw(_chance(arguments.seed), arguments.rows, arguments.seats)
    write_whole(arguments.out, f"{canonical_json(file)}\n")
    print(
        f"{arguments.out}: {len(file['pool'])} rows, {len(file['seated'])} seats given, "
        f"{len(file['reveals'])} of {len(file['commitments'])} parties revealed, "
        f"value {file['late_value']} of {file['late_day']}"
    )


def _simulate(arguments: argparse.Namespace) -> None:
    from publicmeeting.turns.simulation import Size, simulate

    rules, weeks = _rules(arguments), sorted(set(arguments.weeks))
    drawn: list[Waits] = []
    print(f"{'':<20}{_titles()}")
    for demand in sorted(set(arguments.demand)):
        size = Size(demand, arguments.seats)
        found = [simulate(rule, arguments.seed, size, weeks) for rule in rules]
        drawn = drawn or [one[0] for one in found]
        print(f"{demand} requests a week for {size.seats} seats")
        for together in zip(*found, strict=True):
            for draw in together:
                print(f"{draw.weeks:>5} weeks  {draw.rule:<8}{_figures(draw)}")
        if size.grows:
            print("      The line grows without end under every rule: add seats.")
    print(*_LEGEND, sep="\n")
    if arguments.svg:
        size = Size(min(arguments.demand), arguments.seats)
        write_whole(arguments.svg, _chart(drawn, size, arguments.seed))


def _broker(arguments: argparse.Namespace) -> None:
    from publicmeeting.turns.simulation import Broker, Persons, Size, simulate

    rules, size = _rules(arguments), Size(arguments.demand, arguments.seats)
    brokers = [
        Broker(kind, weekly) for kind in Persons for weekly in sorted(set(arguments.persons))
    ]
    print(f"{size.demand} requests a week for {size.seats} seats, {arguments.weeks} weeks")
    print(f"{'':<8}{'broker':<12}{'holds':>7}{'clicks':>8}  {_titles()}")
    for rule in rules:
        for broker in (None, *brokers):
            (waits,) = simulate(rule, arguments.seed, size, [arguments.weeks], broker)
            who = f"{broker.weekly} {broker.persons}" if broker else "none"
            holds = f"{waits.held_percent} %" if broker else "-"
            clicks = "-" if broker or not waits.by_speed else f"{waits.by_speed_percent} %"
            print(f"{rule:<8}{who:<12}{holds:>7}{clicks:>8}  {_figures(waits)}")
    print(*_BROKERS, *_LEGEND, sep="\n")


def _rules(arguments: argparse.Namespace) -> "list[Rule]":
    from publicmeeting.turns.simulation import MOST_SEATS, Rule

    if arguments.seats > MOST_SEATS:
        raise StopError(f"A day has room for {MOST_SEATS} seats.")
    return [Rule(arguments.rule)] if arguments.rule else list(Rule)


def _titles() -> str:
    return "".join(f"{title:>6}" for title in ("p50", "p90", "p99", "worst")) + (
        "   requests   still waiting   longest of them"
    )


def _figures(waits: "Waits") -> str:
    """Return the weeks by percentile, and how many still wait."""
    weeks = "".join(
        f"{found.weeks:>5}{'+' if found.is_least else ' '}"
        for found in map(waits.within, (*_PERCENTILES, _WORST))
    )
    return f"{weeks}{waits.requests:>11}{len(waits.waiting):>16}{waits.longest_so_far:>18}"


def _chart(found: "Sequence[Waits]", size: "Size", seed: str) -> str:
    from publicmeeting.media.waits_chart import Bar, waits_chart
    from publicmeeting.text.line import simulation_text
    from publicmeeting.turns.simulation import Broker, Persons, Rule, simulate

    hired = Broker(Persons.HIRED, 5)
    bars = []
    for waits in found:
        half, ninety, most, worst = map(waits.within, (*_PERCENTILES, _WORST))
        (sold,) = simulate(waits.rule, seed, size, [waits.weeks], hired)
        lines = (
            simulation_text.waits(half, most),
            simulation_text.longest(worst.weeks, is_waiting=waits.longest_so_far == worst.weeks),
            simulation_text.hired(hired.weekly, sold.held_percent),
            simulation_text.clicks(waits.by_speed_percent),
            *((simulation_text.OURS,) if waits.rule is Rule.LINE else ()),
        )
        weeks = (half.weeks, ninety.weeks, most.weeks, worst.weeks)
        bars.append(Bar(simulation_text.RULE[waits.rule], weeks, lines))
    return waits_chart(
        simulation_text.TITLE,
        bars,
        (simulation_text.HALF, simulation_text.NINETY, simulation_text.MOST),
        simulation_text.basis(found[0].weeks, size, found[0]),
    )
