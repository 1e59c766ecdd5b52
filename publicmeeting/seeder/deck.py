"""Chance that keeps its shares: every card is dealt before any of them comes again."""

import random
from collections.abc import Mapping
from typing import Generic, TypeVar

Card = TypeVar("Card")


class Deck(Generic[Card]):
    """So many of each card, shuffled anew whenever all have been dealt."""

    def __init__(self, rng: random.Random, cards: Mapping[Card, int]) -> None:
        self._rng = rng
        self._cards = [card for card, count in cards.items() for _ in range(count)]
        self._left: list[Card] = []

    def deal(self) -> Card:
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()
