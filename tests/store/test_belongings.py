"""Drafts and pictures belong to a visit, then to a person, then to a case, and to nobody else."""

from dataclasses import dataclass

import pytest
from support.citizens import a_form, citizen, someone
from support.together import refusal

from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Stage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for, speak_for_another
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft, submit

HERE, ELSEWHERE = Keys(visit="here"), Keys(visit="elsewhere")


@dataclass
class Desk:
    """Repository calls, each in a unit of work of its own."""

    application: object
    clock: object

    def uow(self, **mode):
        return self.application.store.unit_of_work(self.clock(), **mode)

    def actor(self, keys: Keys) -> Actor:
        with self.uow(reading=True) as uow:
            return uow.sessions.actor(keys)

    def draft(self, keys: Keys) -> dict[str, str]:
        with self.uow(reading=True) as uow:
            return uow.drafts.read(uow.sessions.actor(keys))

    def save(self, keys: Keys, **fields: str) -> None:
        self.application.execute_now(save_draft, keys, SaveDraft(fields=fields))

    def picture(
        self, actor: Actor, *, of_draft: bool = True, kind: PictureKind = PictureKind.DRAFT
    ) -> str:
        with self.uow() as uow:
            draft = uow.drafts.ensure(actor) if of_draft else None
            return uow.images.add(
                kind=PictureKind.DRAFT,
                web="a" * 64,
                thumb="b" * 64,
                original="c" * 64,
                width=4,
                height=3,
                actor=actor,
                draft_id=draft,
            ).id

    def get_visible(self, image_id: str, actor: Actor):
        with self.uow(reading=True) as uow:
            return uow.images.get_visible(image_id, actor)

    def pictures(self, keys: Keys) -> list[str]:
        with self.uow(reading=True) as uow:
            draft = uow.drafts.id(uow.sessions.actor(keys))
            return [image.id for image in uow.images.of_draft(draft)] if draft else []


@pytest.fixture
def desk(application, clock) -> Desk:
    return Desk(application, clock)


def filed_before(application, clock, who) -> None:
    """Let the city know this person from another browser, in which she is signed out."""
    keys = citizen(application, who.mobile, visit="first time")
    application.execute_now(submit, keys, a_form(who))
    with application.store.unit_of_work(clock()) as uow:
        uow.sessions.end(keys.session)
    clock.forward(minutes=5)


def test_a_draft_is_its_visits_alone(desk):
    desk.save(HERE, title="چاله", text="در کوچه")
    desk.save(HERE, text="در کوچهٔ ما")
    assert desk.draft(HERE) == {"title": "چاله", "text": "در کوچهٔ ما"}
    assert desk.draft(ELSEWHERE) == {}
    desk.save(HERE, title="")
    assert desk.draft(HERE) == {"text": "در کوچهٔ ما"}


def test_signing_in_takes_the_draft_and_its_pictures_along(desk, application, city, clock):
    who = someone(1)
    filed_before(application, clock, who)
    desk.save(HERE, title="چاله")
    picture = desk.picture(desk.actor(HERE))
    keys = citizen(application, who.mobile, visit="here")
    assert desk.draft(keys) == {"title": "چاله"}
    assert desk.pictures(keys) == [picture]
    assert desk.draft(HERE) == {}, "the browser alone no longer shows it"
    assert refusal(lambda: desk.get_visible(picture, desk.actor(HERE))).key == "not_found"
    other_device = Keys(keys.session, "elsewhere")
    assert desk.get_visible(picture, desk.actor(other_device)).id == picture


def test_the_next_person_at_the_same_browser_does_not_get_it(desk, application, city, clock):
    one, other = someone(1), someone(2)
    filed_before(application, clock, one)
    filed_before(application, clock, other)
    first = citizen(application, one.mobile, visit="library")
    desk.save(first, text="کار من")
    picture = desk.picture(desk.actor(first))
    second = citizen(application, other.mobile, visit="library")
    assert desk.draft(second) == {}
    assert refusal(lambda: desk.get_visible(picture, desk.actor(second))).key == "not_found"
    assert desk.draft(first) == {"text": "کار من"}


def test_what_she_typed_signed_out_joins_what_she_had_typed(desk, application, city, clock):
    who = someone(1)
    filed_before(application, clock, who)
    before = citizen(application, who.mobile, visit="here")
    desk.save(before, title="چاله", text="کوچهٔ یکم")
    picture = desk.picture(desk.actor(before))
    clock.forward(minutes=5)
    desk.save(HERE, text="کوچهٔ دوم")
    again = citizen(application, who.mobile, visit="here")
    assert desk.draft(again) == {"title": "چاله", "text": "کوچهٔ دوم"}
    assert desk.pictures(again) == [picture]


@pytest.mark.parametrize("signed_in_first", [True, False])
def test_for_another_the_draft_and_its_pictures_come_along(
    desk, application, city, clock, signed_in_first
):
    who = someone(1)
    filed_before(application, clock, who)
    typing = citizen(application, who.mobile, visit="here") if signed_in_first else HERE
    desk.save(typing, title="چاله", district="6")
    picture = desk.picture(desk.actor(typing))
    keys = typing if signed_in_first else citizen(application, who.mobile, visit="here")
    application.execute_now(speak_for_another, keys, Nothing())
    assert desk.draft(keys) == {"title": "چاله", "district": "6"}
    assert desk.pictures(keys) == [picture]
    assert desk.get_visible(picture, desk.actor(keys)).id == picture
    clock.forward(minutes=5)
    other_device = citizen(application, who.mobile, visit="elsewhere")
    assert desk.draft(other_device) == {}, "it is no longer hers"
    assert refusal(lambda: desk.get_visible(picture, desk.actor(other_device))).key == "not_found"
    filed = application.execute_now(submit, keys, a_form(someone(2)))
    with desk.uow(reading=True) as uow:
        assert [one.id for one in uow.images.of_request(filed.id)] == [picture]


def test_for_another_on_another_device_takes_nothing_away(desk, application, city, clock):
    who = someone(1)
    filed_before(application, clock, who)
    keys = citizen(application, who.mobile, visit="here")
    desk.save(keys, title="چاله")
    picture = desk.picture(desk.actor(keys))
    clock.forward(minutes=5)
    away = citizen(application, who.mobile, visit="elsewhere")
    application.execute_now(speak_for_another, away, Nothing())
    assert (desk.draft(away), desk.pictures(away)) == ({}, [])
    assert (desk.draft(keys), desk.pictures(keys)) == ({"title": "چاله"}, [picture])


def test_for_another_and_back_to_herself_it_is_hers_again(desk, application, city, clock):
    who = someone(1)
    filed_before(application, clock, who)
    keys = citizen(application, who.mobile, visit="here")
    desk.save(keys, title="چاله")
    picture = desk.picture(desk.actor(keys))
    person = desk.actor(keys).person_id
    application.execute_now(speak_for_another, keys, Nothing())
    clock.forward(minutes=1)
    desk.save(keys, text="در کوچه")
    application.execute_now(speak_for, keys, SpeakFor(person=person))
    assert desk.draft(HERE) == {}
    assert desk.draft(keys) == {"title": "چاله", "text": "در کوچه"}
    assert desk.pictures(keys) == [picture]


def test_only_with_a_confirmed_mobile_is_a_draft_handed_on(desk, application, city, clock):
    who = someone(1)
    filed_before(application, clock, who)
    keys = citizen(application, who.mobile, visit="here")
    desk.save(keys, title="چاله")
    word = refusal(lambda: application.execute_now(speak_for_another, HERE, Nothing()))
    assert word.key == "session_ended"
    assert (desk.draft(HERE), desk.draft(keys)) == ({}, {"title": "چاله"})


def test_a_forgotten_draft_goes_with_its_pictures(desk, clock):
    desk.save(HERE, title="چاله")
    picture = desk.picture(desk.actor(HERE))
    clock.forward(days=15)
    with desk.uow() as uow:
        uow.drafts.sweep()
        assert uow.images.blobs() == set()
    assert desk.draft(HERE) == {}
    assert refusal(lambda: desk.get_visible(picture, desk.actor(HERE))).key == "not_found"


def test_a_loose_picture_is_its_senders(desk, city):
    sender = desk.actor(HERE)
    picture = desk.picture(sender, of_draft=False)
    with desk.uow() as uow:
        assert [one.id for one in uow.images.loose(sender, "photo")] == [picture]
        for other in (desk.actor(ELSEWHERE), Actor(), city.as_("desk"), city.as_("administrator")):
            assert uow.images.loose(other, "photo") == []
            for act in (uow.images.get_visible, uow.images.take, uow.images.drop_loose):
                word = refusal(lambda act=act, other=other: act(picture, other))
                assert word.key in {"not_found", "image_not_yours"}
        uow.images.drop_loose(picture, sender)
    assert refusal(lambda: desk.get_visible(picture, sender)).key == "not_found"


def test_pictures_of_a_request_are_for_those_who_see_the_request(
    desk, city, a_request, application
):
    who = someone(5)
    desk.save(HERE, title="چاله")
    picture = desk.picture(desk.actor(HERE))
    keys = citizen(application, who.mobile, visit="here")
    application.execute_now(submit, keys, a_form(who))
    for insider in (desk.actor(keys), city.as_("desk"), city.as_("technical")):
        assert desk.get_visible(picture, insider).id == picture
    stranger = a_request()
    for outsider in (
        desk.actor(HERE),
        desk.actor(stranger.keys),
        city.as_("desk4"),
        city.as_("services"),
        city.as_("administrator"),
    ):
        assert (
            refusal(lambda outsider=outsider: desk.get_visible(picture, outsider)).key
            == "not_found"
        )


def test_nobody_attaches_anothers_picture(desk, application, a_request):
    walked = a_request(at=Stage.NEEDS_INFO)
    theirs = desk.picture(desk.actor(ELSEWHERE), of_draft=False)
    mine = desk.picture(desk.actor(walked.keys), of_draft=False)
    word = refusal(lambda: walked.citizen("give_info", note="پلاک ۱۲", photos=(theirs,)))
    assert word.key == "image_not_yours"
    assert walked.request.stage is Stage.NEEDS_INFO
    walked.citizen("give_info", note="پلاک ۱۲", photos=(mine,))
    with desk.uow(reading=True) as uow:
        attached = uow.images.of_request(walked.request.id)
        assert [(one.id, one.event_id) for one in attached] == [
            (mine, walked.request.history[-1].id)
        ]
        actor = uow.sessions.actor(walked.keys)
        assert refusal(lambda: uow.images.take(mine, actor)).key == "image_not_yours"


def test_drafts_of_the_last_day_stay(desk, clock):
    desk.save(HERE, title="چاله")
    clock.forward(hours=23)
    with desk.uow() as uow:
        uow.drafts.sweep()
    assert desk.draft(HERE) == {"title": "چاله"}
