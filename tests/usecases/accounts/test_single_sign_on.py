"""The state of a pending single sign-on is used once, by the browser that began it, and deleted."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import select
from support.city import City
from support.clock import FixedClock
from support.together import refusal

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied
from publicmeeting.sso.answers import Reason
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.accounts.sign_ins import SIGN_ON_STAYS
from publicmeeting.store.database.rows.doors import SsoAttemptRow
from publicmeeting.usecases.accounts.signing_in.single_sign_on import (
    BeginSignOn,
    BegunSignOn,
    RefuseSignOn,
    TakeSignOn,
    begin_sign_on,
    refuse_sign_on,
    take_sign_on,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import demo_people
from publicmeeting.worker.cleanup import forget

HER, STRANGER = Keys(visit="hers"), Keys(visit="a stranger's")


def begin(application: Application, keys: Keys = HER) -> str:
    command = BeginSignOn(provider="city", onward="/mine/", back="/enter/")
    return application.execute_now(begin_sign_on, keys, command).state


def take(application: Application, state: str, keys: Keys = HER) -> BegunSignOn | None:
    with suppress(Denied):
        return application.execute_now(take_sign_on, keys, TakeSignOn(provider="city", state=state))
    return None


def rows(application: Application, clock: FixedClock) -> list[SsoAttemptRow]:
    with application.store.unit_of_work(clock(), reading=True) as uow:
        return list(uow.session.exec(select(SsoAttemptRow)).all())


@pytest.mark.on_postgresql
def test_of_two_answers_at_once_one_is_believed(application: Application, city: City) -> None:
    state = begin(application)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: take(application, state), range(6)))
    assert [on.onward for on in found if on] == ["/mine/"]


@pytest.mark.on_postgresql
def test_a_strangers_answer_does_not_use_up_hers(application: Application, city: City) -> None:
    state = begin(application)
    assert take(application, state, STRANGER) is None
    assert take(application, state, Keys()) is None
    assert take(application, state) is not None


def test_nothing_secret_is_readable_in_the_row(
    application: Application, city: City, clock: FixedClock
) -> None:
    command = BeginSignOn(provider="city", onward="/mine/", back="/enter/")
    secrets = application.execute_now(begin_sign_on, HER, command)
    (row,) = rows(application, clock)
    for secret in (secrets.state, secrets.nonce, secrets.verifier):
        assert secret not in repr(row)
        assert secret not in repr(secrets)
    assert 43 <= len(secrets.verifier) <= 128


@pytest.mark.on_postgresql
def test_sign_ons_nobody_came_back_from_are_swept(
    application: Application, city: City, clock: FixedClock
) -> None:
    begin(application)
    clock.forward(seconds=(SIGN_ON_STAYS + timedelta(seconds=1)).total_seconds())
    with application.store.unit_of_work(clock()) as uow:
        forget(uow)
    assert rows(application, clock) == []


def test_without_a_visit_nothing_begins(application: Application, city: City) -> None:
    assert refusal(lambda: begin(application, Keys())).key == "not_ready"


def test_a_refusal_says_what_its_owner_can_do(application: Application, city: City) -> None:
    reply = {
        reason: application.execute_now(
            refuse_sign_on, HER, RefuseSignOn(provider="city", reason=reason)
        ).key
        for reason in Reason
    }
    assert reply.pop(Reason.IDENTITY) == "sso_no_identity"
    assert set(reply.values()) == {"sso_refused"}


def test_a_real_city_has_nobody_to_pretend(application: Application, city: City) -> None:
    refused = refusal(lambda: application.query_now(demo_people, HER, Nothing()))
    assert refused.key == "not_found"
