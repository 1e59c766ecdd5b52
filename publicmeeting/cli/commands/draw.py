"""`draw`: an invented draw to try verifiers on, and what waiting would be under other rules."""

import argparse
import random
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.kit.hashing import canonical_json

if TYPE_CHECKING:
    from publicmeeting.turns.simulation import Waits

_PERCENTILES = (50, 90, 99, 100)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("draw", help="sample a draw, or simulate the weeks of waiting")
    kinds = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    sample = kinds.add_parser("sample", help="write a published draw of invented people")
    sample.add_argument("--rows", type=_count, default=5000, help="requests in the list (5000)")
    sample.add_argument("--seats", type=_count, default=12, help="seats of the Monday (12)")
    sample.add_argument("--out", type=Path, required=True, metavar="FILE")
    sample.add_argument("--seed", help="any word: the same word, the same file")
    sample.set_defaults(perform=_sample)
    simulate = kinds.add_parser("simulate", help="weeks of waiting under three rules")
    simulate.add_argument("--weeks", type=_count, default=26, help="weeks of filing (26)")
    simulate.add_argument("--demand", type=_count, default=14, help="requests in a week (14)")
    simulate.add_argument("--seats", type=_count, default=12, help="seats of a Monday (12)")
    simulate.add_argument("--rule", choices=RULES, help="one of the rules, not all side by side")
    simulate.add_argument("--svg", type=Path, metavar="FILE", help="draw the picture, too")
    simulate.add_argument(
        "--seed", default="1405", help="any word: the same word, the same figures"
    )
    simulate.set_defaults(perform=_simulate)


RULES = ("fcfs", "lottery", "line")


def _count(text: str) -> int:
    """A whole number from 0; anything else is an error of use."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"not a whole number: {text}")
    return int(text)


def _chance(word: str | None) -> random.Random:
    """Repeatable for a word; invented data need no secure generator."""
    return random.Random(word or secrets.token_hex(16))  # noqa: S311


def _sample(arguments: argparse.Namespace) -> None:
    from publicmeeting.turns.sample import MOST_SEATS, sample_draw

    if arguments.seats > MOST_SEATS:
        raise StopError(f"A day has room for {MOST_SEATS} seats.")
    file = sample_draw(_chance(arguments.seed), arguments.rows, arguments.seats)
    arguments.out.write_text(f"{canonical_json(file)}\n", encoding="utf-8")
    print(
        f"{arguments.out}: {len(file['pool'])} rows, {len(file['seated'])} seats given, "
        f"{len(file['reveals'])} of {len(file['commitments'])} parties revealed, "
        f"{'dice' if file['public_value'] else 'no dice'}"
    )


def _simulate(arguments: argparse.Namespace) -> None:
    from publicmeeting.turns.sample import MOST_SEATS
    from publicmeeting.turns.simulation import Rule, simulate

    if arguments.seats > MOST_SEATS:
        raise StopError(f"A day has room for {MOST_SEATS} seats.")
    rules = [Rule(arguments.rule)] if arguments.rule else list(Rule)
    size = {name: getattr(arguments, name) for name in ("weeks", "demand", "seats")}
    found = [simulate(rule, arguments.seed, **size) for rule in rules]
    print(_table(found))
    if arguments.svg:
        arguments.svg.write_text(_chart(found, size), encoding="utf-8")


def _table(found: Sequence["Waits"]) -> str:
    """Weeks by rule; who still waits at the end counts with the weeks so far."""
    titles = ("p50", "p90", "p99", "worst")
    head = f"{'weeks of waiting':<18}" + "".join(f"{title:>7}" for title in titles)
    lines = [f"{head}  still waiting  a broker can sell"]
    for one in found:
        weeks = "".join(f"{one.within(percent):>7}" for percent in _PERCENTILES)
        lines.append(f"{one.rule:<18}{weeks}{one.still:>15}{one.sold_percent:>17} %")
    return "\n".join(lines)


def _chart(found: Sequence["Waits"], size: Mapping[str, int]) -> str:
    from publicmeeting.media.waits_chart import Bar, waits_chart
    from publicmeeting.text.line import simulation_text
    from publicmeeting.turns.simulation import DISTRICTS, Rule

    bars = []
    for one in found:
        half, ninety, most, worst = (one.within(percent) for percent in _PERCENTILES)
        ours = (simulation_text.OURS,) if one.rule is Rule.LINE else ()
        lines = (
            *simulation_text.waits(half, most, worst),
            simulation_text.broker(one.sold_percent),
            *ours,
        )
        bars.append(Bar(simulation_text.RULE[one.rule], (half, ninety, most, worst), lines))
    basis = simulation_text.basis(runs=DISTRICTS, requests=len(found[0].weeks), **size)
    return waits_chart(
        simulation_text.TITLE,
        bars,
        (simulation_text.HALF, simulation_text.NINETY, simulation_text.MOST),
        basis,
    )
