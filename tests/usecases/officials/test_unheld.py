"""The administrator reads where nobody can receive on the coming Monday, or read the orders."""

from datetime import timedelta

from support.hall import SERVICES, TECHNICAL, Hall
from support.line import DISTRICT, MONDAY

from publicmeeting.domain.roles import Role
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.deputies import NameHolder, day_holder, name_holder
from publicmeeting.usecases.officials.listing import AskOfficials, officials
from publicmeeting.usecases.officials.managing import (
    DateRole,
    OneOfficial,
    date_role,
    lift,
    suspend,
)


def is_unheld(hall: Hall) -> bool:
    unheld = hall.query("administrator", officials, AskOfficials()).unheld
    return unheld is not None and DISTRICT in unheld[1]


def account_of(hall: Hall, username: str) -> str:
    account_id = hall.as_(username).account_id
    assert account_id is not None
    return account_id


def test_a_district_whose_mayor_is_suspended_is_named(hall: Hall) -> None:
    assert not is_unheld(hall)
    hall.execute("administrator", suspend, OneOfficial(account=account_of(hall, "mayor")))
    assert is_unheld(hall), "a deputy who is not named for the day receives nobody"


def test_the_deputy_named_for_the_day_receives_on_it_alone(hall: Hall) -> None:
    mayor, deputy = (account_of(hall, role) for role in ("mayor", "deputy"))
    named = NameHolder(monday=f"{MONDAY}", district=DISTRICT, account=deputy)
    hall.execute("mayor", name_holder, named)
    hall.execute("administrator", suspend, OneOfficial(account=mayor))
    assert not is_unheld(hall)
    hall.execute("administrator", suspend, OneOfficial(account=deputy))
    assert is_unheld(hall)


def test_a_district_whose_reception_is_suspended_is_named(hall: Hall) -> None:
    """The mayor calls in only who has arrived, and nobody else notes arrivals."""

    def is_named() -> bool:
        found = hall.query("administrator", officials, AskOfficials()).no_reception
        return found is not None and DISTRICT in found[1]

    reception = OneOfficial(account=account_of(hall, "reception"))
    assert not is_named()
    hall.execute("administrator", suspend, reception)
    assert is_named()
    assert not is_unheld(hall)
    hall.execute("administrator", lift, reception)
    assert not is_named()


def test_a_role_that_ends_before_the_coming_monday_is_noticed_days_ahead(hall: Hall) -> None:
    mayor = account_of(hall, "mayor")
    hall.clock.set(hall.clock() + timedelta(days=1))
    with hall.reading() as uow:
        account = uow.accounts.get(mayor)
    assert account is not None
    (term,) = (term for term in account.terms if term.grant.role is Role.MAYOR)
    for last_on, expected in (("1405/09/16", False), ("1405/09/15", True)):
        command = DateRole(account=mayor, term=term.key, last_on=last_on)
        hall.execute("administrator", date_role, command)
        assert is_unheld(hall) is expected, "the coming Monday is 16 Azar"
        holder = hall.query("reception", day_holder, ADay())
        assert (holder is None) is expected, "reception reads the same"


def test_a_unit_with_orders_and_without_an_officer_is_named(hall: Hall) -> None:
    def unread() -> tuple[tuple[int, str, int], ...]:
        found: tuple[tuple[int, str, int], ...] = hall.query(
            "administrator", officials, AskOfficials()
        ).unread
        return found

    technical = OneOfficial(account=account_of(hall, "technical"))
    hall.execute("administrator", suspend, technical)
    assert unread() == (), "nothing waits for this unit"
    hall.met(hall.guests[0], TECHNICAL, SERVICES)
    assert unread() == ((DISTRICT, "فنی و عمران", 1),), "the other unit has its officer"
    hall.execute("administrator", lift, technical)
    assert unread() == ()
