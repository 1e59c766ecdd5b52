"""Her day as sentences: the same on her page, on the plain page and in a message."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.meetings.estimate import MISSED, NOT_BEFORE, DayState, MyDay
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.meetings import estimate_text
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_length
from publicmeeting.text.tracking import day_text


@dataclass(frozen=True, slots=True)
class DayWords:
    """All sentences of a page about her day; those that do not apply now are empty."""

    head: str
    means: str
    number: str
    before: str
    inside: str
    entry: str
    right: str
    """How far the hours can be believed; empty where none are named."""
    passed: str
    answer: str
    answer_why: str
    is_called: bool
    is_followed: bool
    call: str
    """Identity of the newest call while it stands; empty without one."""


def words_of(day: MyDay) -> DayWords:
    answer, why = coming_words(day)
    entry = entry_words(day)
    return DayWords(
        head=head_words(day),
        means=means_words(day),
        number=persian(day.number),
        before=before_words(day),
        inside=inside_words(day),
        entry=entry,
        right=estimate_text.right_words(day.ranges) if entry else "",
        passed=day_text.PASSED if day.is_passed else "",
        answer=answer,
        answer_why=why,
        is_called=day.is_called,
        is_followed=day.is_followed,
        call=str(day.call_id) if day.is_called else "",
    )


def head_words(day: MyDay) -> str:
    """What has happened."""
    if _is_outside(day):
        return day_text.OUTSIDE_HEAD
    heads = day_text.AGAIN if day.calls > 1 and day.is_called else day_text.HEAD
    own = day_text.HEAD_BY_PHONE.get(day.state) if day.was_rung else None
    return (own or heads[day.state]).format(**_facts(day))


def means_words(day: MyDay) -> str:
    """What she does now."""
    means = day_text.OUTSIDE_MEANS if _is_outside(day) else day_text.MEANS[day.state]
    contest = day_text.CONTEST
    if day.was_rung:
        means, contest = day_text.MEANS_BY_PHONE.get(day.state, means), day_text.CONTEST_BY_PHONE
    lost = day_text.NOTHING_LOST if day.state in MISSED else ""
    after = contest[day.contest] if day.contest else lost
    return " ".join(filter(None, (means.format(**_facts(day)), after)))


def coming_words(day: MyDay) -> tuple[str, str]:
    """Her answer to a call, and what it does; whoever is fetched only says that she is outside."""
    if day.is_fetched:
        return day_text.OUTSIDE, day_text.OUTSIDE_WHY
    return day_text.COMING, day_text.COMING_WHY


def _is_outside(day: MyDay) -> bool:
    return day.is_fetched and day.state is DayState.COMING


def inside_words(day: MyDay) -> str:
    """Who is in: a number, and nothing else of her."""
    if day.inside:
        return day_text.INSIDE.format(number=persian(day.inside))
    if day.begins_at:
        return day_text.BEGINS.format(time=clock_words(day.begins_at))
    return day_text.ROOM_FREE


def before_words(day: MyDay) -> str:
    """How many go in before her; empty for whoever is called, or does not wait any more."""
    if day.before is None or day.calls:
        return ""
    return (
        day_text.BEFORE.format(people=dates_text.people(day.before))
        if day.before
        else day_text.IS_NEXT
    )


def entry_words(day: MyDay) -> str:
    """Between when and when she goes in; empty likewise."""
    if day.entry is None or day.calls or day.state is DayState.REACHED:
        return ""
    sentence = day_text.ENTRY_BY_PHONE if day.is_by_phone else day_text.ENTRY
    return sentence.format(range=estimate_text.range_words(day.entry))


def sms_words(day: MyDay, now: datetime) -> str:
    """The answer to whoever asks by a message: at most two parts, and of which minute."""
    going_on = (before_words(day), inside_words(day), entry_words(day))
    parts = going_on if before_words(day) else (f"{head_words(day)}.", means_words(day))
    text = day_text.SMS.format(number=persian(day.number), state=" ".join(filter(None, parts)))
    whole = f"{text} {day_text.SMS_AS_OF.format(time=clock_words(now))}"
    if sms_length(whole) <= SMS_MOST:
        return whole
    return day_text.SMS.format(number=persian(day.number), state=f"{head_words(day)}.")


def _facts(day: MyDay) -> dict[str, str]:
    return {
        "time": clock_words(day.own_time),
        "opens": clock_words(day.own_time - NOT_BEFORE),
        "ends": clock_words(day.ends_at),
        "came": clock_words(day.came_at) if day.came_at else "",
        "until": clock_words(day.waited_until) if day.waited_until else "",
        "weeks": day_text.WEEKS_BACK if day.contest else "",
        "times": dates_text.times(day.calls),
    }
