"""`draw`: an invented draw to try verifiers on, and what waiting would be under other rules."""

import argparse
import random
import secrets
from pathlib import Path

from publicmeeting.cli.stop import StopError
from publicmeeting.kit.canonical import canonical_json


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("draw", help="sample a draw, or simulate the weeks of waiting")
    kinds = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    sample = kinds.add_parser("sample", help="write a published draw of invented people")
    sample.add_argument("--rows", type=_count, default=5000, help="requests in the list (5000)")
    sample.add_argument("--seats", type=_count, default=12, help="seats of the Monday (12)")
    sample.add_argument("--out", type=Path, required=True, metavar="FILE")
    sample.add_argument("--seed", help="any word: the same word, the same file")
    sample.set_defaults(perform=_sample)


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
