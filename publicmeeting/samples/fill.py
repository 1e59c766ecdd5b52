"""Twelve weeks of a pretend city, told in under a minute."""

import logging
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context

from publicmeeting.config import Settings
from publicmeeting.kit.clock import at_tehran, tehran_day, utc_now
from publicmeeting.office import open_office
from publicmeeting.samples.filing import Filing
from publicmeeting.samples.founding import BUSY, PASSWORD, found
from publicmeeting.samples.mondays import Mondays, mondays_between
from publicmeeting.samples.people import citizens
from publicmeeting.samples.pictures import Pictures
from publicmeeting.samples.promises import Promises
from publicmeeting.samples.story import Story, StoryClock
from publicmeeting.samples.witnesses import attend
from publicmeeting.store.engine import sqlite_files
from publicmeeting.usecases.demo import mark_demo

Say = Callable[[str], None]

SEED = 1405
WEEKS = 12
REQUESTS = 400
BUSY_SHARE = 0.7
STARTS = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
"""City time of the demo: Saturday 7 Azar 1405, 10:00."""
FIRST = date(2026, 9, 5)
"""The Saturday on which the story begins."""
LAST_MONDAY = date(2026, 11, 23)
WEEK = timedelta(weeks=1)
ANSWERS = (
    (4, "12:20"),
    (5, "10:00"),
    *((8, f"{hour}:10") for hour in ("08", "10", "12", "14", "16")),
)
"""Days after Saturday and times at which the newly invited look at their phones."""
NOT_HELD = (15, LAST_MONDAY)
"""Nobody received anybody here: those who held a seat are owed one."""

_log = logging.getLogger(__name__)


def fill_if_empty(settings: Settings, say: Say) -> None:
    """Tell the story once; a database with a city in it is left alone."""
    clock = StoryClock(at_tehran(FIRST, "07:00"))
    office = open_office(settings, clock)
    try:
        with office.store.work(clock.now, reading=True) as work:
            if work.city.districts():
                return
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as composers:
            pictures = Pictures(office.images, composers)
            say("districts, units and officials")
            staff = found(office, FIRST)
            story = Story(office, clock, random.Random(SEED))
            filing = Filing(story, staff, pictures)
            promises = Promises(story, staff, pictures)
            mondays = Mondays(story, staff, filing, promises, composers, settings.public_url)
            attend(story, staff.witnesses, mondays_between(FIRST, LAST_MONDAY + WEEK))
            _tell(story, filing, mondays, say)
        start = settings.clock or STARTS
        with office.store.work(utc_now()) as work:
            work.outbox.sent_all()
            mark_demo(work, start)
            work.clockwork.set_offset(start - utc_now())
    finally:
        office.store.close()


def _tell(story: Story, filing: Filing, mondays: Mondays, say: Say) -> None:
    mondays.not_held.add(NOT_HELD)
    people = citizens(story.rng, REQUESTS)
    days = (STARTS.date() - FIRST).days
    for person in people:
        at = at_tehran(FIRST, "08:00") + timedelta(
            days=story.rng.randrange(days), minutes=story.rng.randrange(16 * 60)
        )
        number = story.rng.choice(BUSY) if story.chance(BUSY_SHARE) else story.rng.randrange(1, 23)
        story.plan(at, partial(filing.file, person, number))
    for monday in mondays_between(FIRST, LAST_MONDAY):
        mondays.hold(monday)
    at = at_tehran(FIRST, "00:00")
    while at < STARTS:
        # Invitations come by the draw at Wednesday noon and, one by one, by standby.
        for days_on, clock in ANSWERS:
            moment = at_tehran(tehran_day(at) + timedelta(days=days_on), clock)
            story.plan(moment, mondays.answer_invitations)
        story.tell(min(at + WEEK, STARTS))
        at += WEEK
        weeks = min(WEEKS, (at.date() - FIRST).days // 7)
        say(f"week {weeks} of {WEEKS}: {len(filing.cases)} requests")


def reset(settings: Settings) -> None:
    """Forget the demo's city: database and pictures."""
    shutil.rmtree(settings.data_dir / "images", ignore_errors=True)
    for file in sqlite_files(settings.database_url):
        file.unlink(missing_ok=True)


def sign_ins() -> list[str]:
    """The demo's accounts, for the console."""
    return [
        f"officials: desk6, reception6, mayor6, unit6, overseer, admin, council, press; password {PASSWORD}",
        "citizens: any mobile; the code appears in the demo bar",
    ]
