"""Each kind of picture, requested by everybody without a right: the same answer to the byte."""

from dataclasses import dataclass

import anyio
import pytest
from browsers import Browser, Browsers, as_answered
from signed_in import sign_in, sign_in_staff
from support.citizens import someone
from support.city import City
from support.images import add_image

from publicmeeting.application import Application
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Stage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.web.routes import pictures

SEES = {
    "draft": ("visitor",),
    "proof": ("citizen", "desk", "mayor"),
    "order": ("citizen", "mayor", "technical"),
    "report": ("citizen", "mayor", "technical"),
    "before": ("citizen", "mayor", "technical"),
    "paper": ("mayor",),
    "caller": ("desk",),
    "straightened": ("mayor",),
    PictureKind.LANE_DOCUMENT: ("citizen",),
}
"""Kind → some who may see it: a picture that nobody sees would prove nothing."""
OUTSIDERS = ("nobody", "somebody", "desk4", "mayor4", "services", "phone", "overseer")
NOT_EVEN = {
    "draft": ("citizen", "desk", "mayor"),
    "paper": ("citizen", "deputy", "technical"),
    "caller": ("citizen", "deputy", "technical", "mayor"),
    "straightened": ("citizen", "deputy", "technical"),
    PictureKind.LANE_DOCUMENT: ("technical", "desk", "mayor", "deputy", "reception"),
}
NONE_SUCH = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Gallery:
    """One picture of each kind, and browsers by their users."""

    ids: dict[str, str]
    at: dict[str, Browser]


@pytest.fixture
def gallery(browsers: Browsers, application: Application, city: City, a_request) -> Gallery:
    walked = a_request(at=Stage.FOLLOW_UP)
    at = {name: browsers() for name in ("visitor", "nobody", "somebody", "citizen")}
    at["citizen"].put_cookie("session", walked.keys.session)
    at["citizen"].put_cookie("visit", walked.keys.visit)
    sign_in(at["somebody"], application, someone(2))
    for name in (
        "desk",
        "desk4",
        "mayor",
        "deputy",
        "mayor4",
        "technical",
        "services",
        "phone",
        "overseer",
        "reception",
    ):
        at[name] = browsers()
        sign_in_staff(at[name], name)
    return Gallery(_hung(application, city, walked, at["visitor"].cookie("visit")), at)


def _hung(application: Application, city: City, walked, visit: str) -> dict[str, str]:
    request, ids = walked.request, {}
    with application.store.unit_of_work(application.clock()) as uow:
        (order,) = uow.orders.of_request(request.id)
        by = {
            "visitor": uow.sessions.actor(Keys(visit=visit)),
            "citizen": Actor(person_id=request.person_id),
            "mayor": city.as_("mayor"),
            "desk": city.as_("desk"),
            "technical": city.as_("technical"),
        }
        owner = {
            "draft": "visitor",
            "paper": "mayor",
            "caller": "desk",
            "order": "mayor",
            "straightened": "mayor",
            "report": "technical",
            "before": "technical",
        }
        for kind in SEES:
            actor = by[owner.get(kind, "citizen")]
            about: dict[str, str | None] = {}
            if kind in {"order", "report", "before"}:
                about = {"request_id": request.id, "order_id": order.id}
            elif kind in {"proof", PictureKind.LANE_DOCUMENT}:
                about = {"request_id": request.id}
            elif kind == "draft":
                about = {"draft_id": uow.drafts.ensure(actor)}
            elif kind == "straightened":
                about = {"made_from": ids["paper"]}
            name = application.images.put(b"\xff\xd8\xff" + kind.encode())
            stored = {"draft": "photo", "straightened": "paper"}.get(kind, kind)
            ids[kind] = add_image(uow, actor, name, kind=PictureKind(stored), **about).id
    return ids


def seen(browser: Browser, image: str) -> set[tuple[int, bytes, tuple[tuple[str, str], ...]]]:
    """Return everything that the two addresses of a picture tell."""
    answers = (browser.get(f"/images/{image}"), browser.get(f"/images/{image}/thumb"))
    return {as_answered(answer) for answer in answers}


@pytest.fixture
def refuses_at_once(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the fixed time of refusals, after the gallery was made; the last test is about it."""
    del gallery
    monkeypatch.setattr(pictures, "NO_TAKES", 0)


@pytest.mark.usefixtures("refuses_at_once")
def test_each_picture_is_seen_by_those_it_is_for_and_by_nobody_else(gallery: Gallery) -> None:
    (no,) = seen(gallery.at["nobody"], NONE_SUCH)
    assert no[0] == 404
    for kind, image in gallery.ids.items():
        for who in SEES[kind]:
            assert {status for status, *_ in seen(gallery.at[who], image)} == {200}, (kind, who)
        for who in (*OUTSIDERS, *NOT_EVEN.get(kind, ())):
            assert seen(gallery.at[who], image) == {no}, (kind, who)


@pytest.mark.usefixtures("refuses_at_once")
def test_a_dismissed_mayor_sees_no_more_than_anybody(
    gallery: Gallery, application: Application
) -> None:
    (no,) = seen(gallery.at["nobody"], NONE_SUCH)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.session.connection().exec_driver_sql("DELETE FROM session")
    for kind, image in gallery.ids.items():
        if kind != "draft":
            assert seen(gallery.at["mayor"], image) == {no}, kind


def test_a_no_opens_no_file_and_takes_as_long_for_whatever_reason(
    gallery: Gallery, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    sleep_until, began = anyio.sleep_until, anyio.current_time

    async def noted(deadline: float) -> None:
        waits.append(round(deadline - asked[-1], 6))
        await sleep_until(deadline)

    asked: list[float] = []

    def now() -> float:
        asked.append(began())
        return asked[-1]

    def opened(name: str) -> bytes:
        raise AssertionError(name)

    monkeypatch.setattr(anyio, "sleep_until", noted)
    monkeypatch.setattr(anyio, "current_time", now)
    monkeypatch.setattr(application.images, "get", opened)
    for image in (NONE_SUCH, *gallery.ids.values()):
        gallery.at["nobody"].get(f"/images/{image}")
    assert waits == [pictures.NO_TAKES] * (len(SEES) + 1)
