"""Column types that store an enumeration of the program as text."""

from typing import ClassVar

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from publicmeeting.domain.mondays import DrawState, MondayState, SeatState
from publicmeeting.domain.pictures import PictureKind
from publicmeeting.domain.stored import StoredEnum


class _Stored(TypeDecorator[StoredEnum]):
    impl = String
    words: ClassVar[type[StoredEnum]]

    def process_bind_param(self, value: StoredEnum | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StoredEnum | None:
        return None if value is None else self.words(value)


class MondayStates(_Stored):
    cache_ok = True
    words = MondayState


class DrawStates(_Stored):
    cache_ok = True
    words = DrawState


class SeatStates(_Stored):
    cache_ok = True
    words = SeatState


class PictureKinds(_Stored):
    cache_ok = True
    words = PictureKind
