"""Columns whose words are an enumeration of the program: text in the database, a member in it."""

from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from publicmeeting.domain.mondays import DrawState, MondayState, SeatState


class _States(TypeDecorator[StrEnum]):
    impl = String
    states: ClassVar[type[StrEnum]]

    def process_bind_param(self, value: StrEnum | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.states(value)


class MondayStates(_States):
    cache_ok = True
    states = MondayState


class DrawStates(_States):
    cache_ok = True
    states = DrawState


class SeatStates(_States):
    cache_ok = True
    states = SeatState
