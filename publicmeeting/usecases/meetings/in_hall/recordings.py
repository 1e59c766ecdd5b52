"""A district's own recordings, in place of the clips that every hall speaks with."""

from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.voice import CLIPS
from publicmeeting.kit.topics import hall_topic
from publicmeeting.store.halls import HallClip
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase
from publicmeeting.usecases.lifecycle.case_access import district_of


class OneClip(Command):
    """`clip` is one of `CLIPS`."""

    clip: str


class KeepRecording(OneClip):
    """What has been read of its file, which is stored already."""

    file: str
    kind: str
    millis: int


class DistrictClip(Query):
    district: int
    clip: str


@usecase(Role.RECEPTION)
def may_record(_uow: UnitOfWork, actor: Actor, command: OneClip, _now: datetime) -> int:
    """The district whose clip this reception may replace. Denied("not_found") for any other
    clip."""
    if command.clip not in CLIPS:
        raise Denied("not_found")
    return district_of(actor, 0, Role.RECEPTION)


@usecase(Role.RECEPTION)
def keep_recording(uow: UnitOfWork, actor: Actor, command: KeepRecording, now: datetime) -> None:
    """The screens of the hall speak with it from their next call on."""
    district = may_record(uow, actor, OneClip(clip=command.clip), now)
    uow.halls.lock(district)
    uow.halls.keep_clip(
        district,
        command.clip,
        file=command.file,
        kind=command.kind,
        millis=command.millis,
        by_account=actor.account_id or "",
    )
    uow.publish(hall_topic(district))


@usecase(Role.RECEPTION)
def reset_recording(uow: UnitOfWork, actor: Actor, command: OneClip, now: datetime) -> None:
    """The shipped clip is spoken again; without a recording nothing happens."""
    district = may_record(uow, actor, command, now)
    uow.halls.lock(district)
    uow.halls.drop_clip(district, command.clip)
    uow.publish(hall_topic(district))


@usecase(*ANYONE)
def recording(uow: UnitOfWork, _actor: Actor, command: DistrictClip, _now: datetime) -> HallClip:
    """It says a number, and is heard by everybody in the hall. Denied("not_found") without one."""
    found = uow.halls.clips(command.district).get(command.clip)
    if found is None:
        raise Denied("not_found")
    return found
