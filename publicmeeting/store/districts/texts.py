"""Versions of the districts' public texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, select, update

from publicmeeting.domain.districts.texts import DECIDED, DistrictTexts, TextState, TextVersion
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.accounts.row_tags import TAGGED, row_tag
from publicmeeting.store.database.repository import Repository, readable_rows
from publicmeeting.store.database.rows.city import DistrictTextRow, UnitRow
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.database.words import at_most, is_instant, word, words
from publicmeeting.store.line.seats import line_topic
from publicmeeting.text.districts.texts_text import ASK_137

_Row: TypeAlias = sqlalchemy.Row[*tuple[Any, ...]]
_WHAT = "a district's texts"
_STATES = frozenset(TextState)
_HOLDS = col(DistrictTextRow.state).in_(words(DECIDED))
_NEWEST = (col(DistrictTextRow.from_on).desc(), col(DistrictTextRow.id).desc())
_MOST = 100_000
"""More letters than the texts of a district have."""
_BODIES = sqlalchemy.select(
    *(
        at_most(col(DistrictTextRow.body), _MOST).label("body")
        if name == "body"
        else getattr(DistrictTextRow, name)
        for name in TAGGED["district_text"]
    ),
    col(DistrictTextRow.tag),
).where(_HOLDS)
_OF_DISTRICT = _BODIES.where(col(DistrictTextRow.district) == bindparam("number")).order_by(
    *_NEWEST
)
_OF_ALL = _BODIES.order_by(*_NEWEST)
NEXT_DAY = sqlalchemy.select(sqlalchemy.func.min(col(DistrictTextRow.from_on))).where(
    col(DistrictTextRow.state) == word(TextState.APPROVED), is_instant(col(DistrictTextRow.from_on))
)


class DistrictTextVersions(Repository):
    def lock(self, district: int) -> None:
        """Lock the texts of a district until the transaction ends."""
        self._transaction.advisory_lock(f"district_text/{district}")

    def on(self, district: int, day: date) -> DistrictTexts | None:
        """Return the texts in force on a day; before the first version's day, the first version.

        None for a district that was not founded.
        """
        values = {"number": district}
        return self._holding(readable_rows(self._transaction, _OF_DISTRICT, _WHAT, values), day)

    def of_all(self, day: date) -> dict[int, DistrictTexts]:
        """Return the same for every district, ascending."""
        found: dict[int, list[_Row]] = {}
        for row in readable_rows(self._transaction, _OF_ALL, _WHAT):
            if isinstance(row.district, int):
                found.setdefault(row.district, []).append(row)
        return {
            number: texts
            for number in sorted(found)
            if (texts := self._holding(found[number], day)) is not None
        }

    def _holding(self, versions: Sequence[_Row], day: date) -> DistrictTexts | None:
        """Return the version for a day; `versions` are newest first.

        A version that this program did not write has warnings in place of what sends her somewhere,
        and its seats and units are those of another version of the district, if one is genuine.
        None if it cannot be read.
        """
        if not versions:
            return None
        begun = (at for at, row in enumerate(versions) if row.from_on <= day)
        at = next(begun, len(versions) - 1)
        if self._is_own(versions[at]):
            return _texts(versions[at].body)
        others = (*versions[at:], *versions[:at])
        try:
            texts = _texts(next(filter(self._is_own, others), versions[at]).body)
        except UNREADABLE:
            self._transaction.leave_out(_WHAT)
            return None
        return replace(
            texts,
            address=ASK_137,
            hall="",
            hours=ASK_137,
            bring=ASK_137,
            point="",
            is_genuine=False,
        )

    def _is_own(self, row: _Row) -> bool:
        tag = row_tag(self._vault, "district_text", dict(row._mapping))  # noqa: SLF001
        return bool(row.tag == tag)

    def untagged(self) -> Iterator[TextVersion]:
        """Yield the approved versions that this program did not write."""
        for row in self._session.exec(select(DistrictTextRow).where(_HOLDS)):
            if row.tag != row_tag(self._vault, "district_text", row.model_dump()):
                yield _version(row)

    def newest(self, district: int) -> TextVersion | None:
        """Return the approved version with the latest first day, to compare a new proposal with."""
        rows = self._session.exec(
            select(DistrictTextRow)
            .where(DistrictTextRow.district == district, _HOLDS)
            .order_by(*_NEWEST)
            .limit(1)
        )
        return next(map(_version, rows), None)

    def proposed(self, district: int) -> TextVersion | None:
        """Return the version that waits for approval, or None."""
        rows = self._session.exec(
            select(DistrictTextRow).where(
                DistrictTextRow.district == district,
                DistrictTextRow.state == TextState.PROPOSED.value,
            )
        )
        return next(map(_version, rows), None)

    def waiting(self, districts: Iterable[int]) -> list[TextVersion]:
        """Return all proposals of these districts."""
        rows = self._session.exec(
            select(DistrictTextRow).where(
                col(DistrictTextRow.district).in_(list(districts)),
                DistrictTextRow.state == TextState.PROPOSED.value,
            )
        )
        return list(map(_version, rows))

    def get(self, version: int) -> TextVersion | None:
        row = self._session.get(DistrictTextRow, version)
        return _version(row) if row else None

    def history(self, district: int, most: int) -> list[TextVersion]:
        """Return the decided and withdrawn versions, newest first."""
        rows = self._session.exec(
            select(DistrictTextRow)
            .where(
                DistrictTextRow.district == district,
                DistrictTextRow.state != TextState.PROPOSED.value,
            )
            .order_by(col(DistrictTextRow.id).desc())
            .limit(most)
        )
        return [_version(row) for row in rows if row.state in _STATES]

    def add(
        self,
        district: int,
        texts: DistrictTexts,
        from_on: date,
        *,
        by: str,
        at: datetime,
        state: TextState = TextState.PROPOSED,
    ) -> None:
        """Add a version; the first version of a district is founded as `IN_FORCE`."""
        row = DistrictTextRow(
            district=district,
            body=_body(texts),
            from_on=from_on,
            state=state.value,
            proposed_by=by,
            proposed_at=at,
        )
        self._session.add(row)
        self._session.flush()
        if state in DECIDED:
            row.tag = row_tag(self._vault, "district_text", row.model_dump())
            self._session.add(row)
            self._session.flush()
        self._transaction.publish(f"district:{district}")

    def decide(
        self,
        version: TextVersion,
        state: TextState,
        *,
        by: str,
        at: datetime,
        from_on: date | None = None,
        note: str = "",
    ) -> None:
        """Decide a proposal; with `APPROVED` it is in force from `from_on`."""
        self._session.flush()
        begins = from_on or version.from_on
        columns = {
            "id": version.id,
            "district": version.district,
            "from_on": begins,
            "body": _body(version.texts),
        }
        tag = row_tag(self._vault, "district_text", columns) if state in DECIDED else ""
        decided = (
            update(DistrictTextRow)
            .where(
                col(DistrictTextRow.id) == version.id,
                col(DistrictTextRow.state) == TextState.PROPOSED.value,
            )
            .values(
                state=state.value,
                decided_by=by,
                decided_at=at,
                from_on=begins,
                note=note,
                tag=tag,
            )
        )
        if self._transaction.execute(decided).rowcount != 1:
            raise KeyError(version.id)
        self._session.expire_all()
        # Holders of a seat in that district see where to come.
        self._transaction.publish(f"district:{version.district}", line_topic(version.district))

    def next_day(self) -> date | None:
        """Return the first day of the next approved version."""
        day: date | None = self._transaction.value(NEXT_DAY)
        return day

    def begin(self, today: date) -> None:
        """Put every version in force whose day has come; a genuine one also renames its units."""
        query = (
            select(DistrictTextRow)
            .where(
                DistrictTextRow.state == TextState.APPROVED.value,
                col(DistrictTextRow.from_on) <= today,
            )
            .order_by(col(DistrictTextRow.from_on), col(DistrictTextRow.id))
        )
        for (row,) in readable_rows(self._transaction, query, _WHAT, as_objects=True):
            replaced = (
                update(DistrictTextRow)
                .where(
                    col(DistrictTextRow.district) == row.district,
                    col(DistrictTextRow.state) == TextState.IN_FORCE.value,
                )
                .values(state=TextState.REPLACED.value)
            )
            self._transaction.execute(replaced)
            row.state = TextState.IN_FORCE.value
            self._session.add(row)
            if row.tag == row_tag(self._vault, "district_text", row.model_dump()):
                self._name_units(row.district, _texts(row.body))
            self._transaction.publish(f"district:{row.district}", line_topic(row.district))
        self._session.flush()

    def _name_units(self, district: int, texts: DistrictTexts) -> None:
        rows = self._session.exec(select(UnitRow).where(UnitRow.district == district))
        known = {row.code: row for row in rows}
        for code, name in texts.units:
            if code in known:
                known[code].name = name
                self._session.add(known[code])
            else:
                unit = f"d{district:02d}-{code}"
                self._session.add(UnitRow(id=unit, district=district, code=code, name=name))


def _body(texts: DistrictTexts) -> str:
    return canonical_json(
        {
            "address": texts.address,
            "hall": texts.hall,
            "hours": texts.hours,
            "bring": texts.bring,
            "point": texts.point,
            "seats": list(texts.seats),
            "units": [list(unit) for unit in texts.units],
        }
    )


@lru_cache(maxsize=256)
def _texts(body: str) -> DistrictTexts:
    """Cached, because a version never changes."""
    read = read_object(body)
    return DistrictTexts(
        address=read["address"],
        hall=read["hall"],
        hours=read["hours"],
        bring=read["bring"],
        point=read["point"],
        seats=tuple(read["seats"]),
        units=tuple((code, name) for code, name in read["units"]),
    )


def _version(row: DistrictTextRow) -> TextVersion:
    assert row.id is not None
    return TextVersion(
        id=row.id,
        district=row.district,
        texts=_texts(row.body),
        from_on=row.from_on,
        state=TextState(row.state),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
    )
