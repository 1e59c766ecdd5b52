"""What every door of a unit of work shares: the session, the vault and new ids."""

from typing import TYPE_CHECKING, TypeVar

from sqlmodel import Session, SQLModel

from publicmeeting.kit import chance

if TYPE_CHECKING:
    from publicmeeting.store.unit import Work
    from publicmeeting.store.vault import Vault


RowType = TypeVar("RowType", bound=SQLModel)


def new_id() -> str:
    """A random row id; personal fields are sealed for it before the row is written."""
    return chance.hex_digits(32)


class Door:
    """One family of objects inside one transaction."""

    def __init__(self, work: "Work") -> None:
        self._work = work

    @property
    def _session(self) -> Session:
        return self._work.session

    @property
    def _vault(self) -> "Vault":
        return self._work.vault

    def _locked(self, kind: type[RowType], key: object) -> RowType | None:
        """The row as it is now, whatever was read before; others wait until this work ends."""
        self._session.flush()  # or the reading would undo what this work has changed in the row
        return self._session.get(kind, key, with_for_update=True, populate_existing=True)
