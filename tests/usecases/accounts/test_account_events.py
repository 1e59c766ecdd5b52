"""Changes of an account are recorded in its history, in the same transaction."""

import pytest
from support.together import refusal

from publicmeeting.domain.officials.audit import CARRIES, AccountEventKind
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.store.accounts.accounts import password_mark
from publicmeeting.usecases.accounts.staff_accounts import (
    AddAccount,
    ChangePassword,
    DismissAccount,
    add_account,
    change_password,
    dismiss_account,
    hash_password,
)

K = AccountEventKind


def history(application, account_id: str) -> list[tuple[AccountEventKind, object, dict]]:
    """Return kind, actor and body of each event, the oldest first."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        events = uow.account_events.of_account(account_id, most=50)
    return [(event.kind, event.by_account, dict(event.body)) for event in reversed(events)]


def test_each_kind_has_its_place_in_the_table():
    assert set(CARRIES) == set(K)


def test_a_body_carries_what_the_table_says_and_nothing_else(application, city, clock):
    with application.store.unit_of_work(clock()) as uow:
        for body in ({}, {"by": "owner", "password": "x"}):
            with pytest.raises(ValueError, match="carries"):
                uow.account_events.add(K.PASSWORD_CHANGED, None, None, body)
        uow.account_events.add(K.SUSPENDED, None, "somebody", {})


def test_commands_at_the_server_write_what_they_change(application, city):
    command = AddAccount(
        username="New۷",
        name="نو",
        password_hash=hash_password("a long password"),
        roles=(("desk", 6, None),),
    )
    account = application.execute_as(COMMAND_LINE, add_account, command)
    first = password_mark(command.password_hash)
    change = ChangePassword(username="new7", password_hash=hash_password("another password"))
    application.execute_as(COMMAND_LINE, change_password, change)
    application.execute_as(COMMAND_LINE, dismiss_account, DismissAccount(username="new7"))
    roles = [{"role": "desk", "district": 6, "unit": None, "from": None, "until": None}]
    mark = password_mark(change.password_hash)
    assert first != mark
    assert history(application, account.id) == [
        (K.ADDED, None, {"username": "new7", "roles": roles, "password_mark": first}),
        (K.PASSWORD_CHANGED, None, {"by": "command_line", "password_mark": mark}),
        (K.ENDED, None, {}),
    ]


def test_a_refused_change_leaves_no_entry(application, city):
    before = history(application, city.as_("desk").account_id)
    command = AddAccount(
        username="desk",
        name="دیگری",
        password_hash=hash_password("a long password"),
        roles=(("desk", 6, None),),
    )
    refused = refusal(lambda: application.execute_as(COMMAND_LINE, add_account, command))
    assert refused.key == "username_taken"
    assert history(application, city.as_("desk").account_id) == before
