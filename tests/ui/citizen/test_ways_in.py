"""Ways to sign in on `/enter/` and at the third step: always by mobile, by providers if set."""

import asyncio
from collections.abc import Iterator

import pytest
from support.citizens import citizen, own_visit
from support.city import City
from support.each import in_one_city
from support.provider import provider
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.sso.client import ProviderClient, Providers
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.refusals.sign_in_refusals_text import SIGN_ON
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.shell.session import EnterState, Way
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft

TYPED = {
    "district": "6",
    "subject": "street",
    "title": "پیاده‌روی شکسته",
    "text": "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد.",
}
WAYS = (
    Way("/auth/sso/city", "ورود با «تهران من»"),
    Way("/auth/sso/nation", "ورود با «درگاه ملی»"),
)


@pytest.fixture
def two_providers(application: Application, city: City) -> Iterator[None]:
    nation = provider(name="nation", title="درگاه ملی")
    application.sso = Providers([ProviderClient(provider()), ProviderClient(nation)])
    yield
    application.sso = Providers()


def opened(application: Application, address: str, keys: Keys | None = None) -> EnterState:
    tab = Tab(application, keys=keys or Keys(visit=own_visit(application, "hers")))
    state = tab.state(EnterState)
    tab.go(address)
    asyncio.run(do(state, EnterState.load))
    return state


@pytest.mark.usefixtures("two_providers")
def test_each_provider_is_a_way_in(application: Application) -> None:
    state = opened(application, "/enter/")
    assert state.ways == WAYS
    assert state.errors == {}


@pytest.mark.usefixtures("two_providers")
@in_one_city("key", SIGN_ON)
def test_what_became_of_a_sign_on_is_said_apart_from_the_mobiles_form(
    application: Application, key: str
) -> None:
    assert opened(application, f"/enter/?e={key}").errors == {"door": refusal(key)}


def test_without_a_provider_there_is_the_mobile_alone(application: Application, city: City) -> None:
    assert opened(application, "/enter/").ways == ()


@pytest.mark.usefixtures("two_providers")
def test_the_third_step_offers_them_until_a_mobile_is_known(application: Application) -> None:
    for keys, ways in (
        (Keys(visit=own_visit(application, "nobody's")), WAYS),
        (citizen(application, "09120000009", visit=own_visit(application, "hers")), ()),
    ):
        application.execute_now(save_draft, keys, SaveDraft(fields=TYPED))
        tab = Tab(application, keys=keys)
        state = tab.state(BookingState)
        tab.go("/request/?step=3")
        asyncio.run(do(state, BookingState.load))
        assert (state.step, state.ways) == (3, ways)
