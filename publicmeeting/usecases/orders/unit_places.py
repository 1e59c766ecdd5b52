"""Which requests the units of an officer answer for: a district's subjects, never another's."""

from publicmeeting.domain.districts import SUBJECTS
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork

Places = dict[int, tuple[str, ...]]


def unit_places(uow: UnitOfWork, actor: Actor) -> Places:
    """District of each of his units → the subjects that those there answer for, which may be
    none."""
    codes: dict[int, set[str]] = {}
    for one in sorted(actor.units()):
        unit = uow.city.unit(one)
        if unit is not None:
            codes.setdefault(unit.district, set()).add(unit.code)
    return {
        district: tuple(one.code for one in SUBJECTS if mine & set(one.unit_codes))
        for district, mine in sorted(codes.items())
    }
