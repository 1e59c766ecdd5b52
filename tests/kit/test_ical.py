"""Calendar files conform to RFC 5545."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.each import for_each

from publicmeeting.kit.ical import Appointment, calendar_file

BEGIN = datetime(2026, 11, 30, 9, 45, tzinfo=ZoneInfo("Asia/Tehran"))
MADE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def made(**other: object) -> str:
    end = BEGIN + timedelta(minutes=15)
    plain = {"uid": "1@x", "begins_at": BEGIN, "ends_at": end, "summary": "ملاقات"}
    return calendar_file(Appointment(**{**plain, **other}), "-//x//FA", MADE)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_times_are_utc() -> None:
    lines = unfolded(made())
    assert "DTSTART:20261130T061500Z" in lines
    assert "DTEND:20261130T063000Z" in lines
    assert "DTSTAMP:20261125T080000Z" in lines


def test_every_line_ends_with_cr_and_lf_and_has_75_octets_at_most() -> None:
    text = made(place="شهرداری منطقهٔ ۶، خیابان دکتر فاطمی، طبقهٔ همکف، سالن ملاقات " * 5)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


@for_each(range(60, 90))
def test_folding_loses_no_letter(length: int) -> None:
    words = "ض" * length
    assert f"SUMMARY:{words}" in unfolded(made(summary=words))


def test_signs_with_a_meaning_are_escaped() -> None:
    lines = unfolded(made(notes="یک; دو, سه\\چهار\nپنج"))
    assert "DESCRIPTION:یک\\; دو\\, سه\\\\چهار\\nپنج" in lines


def test_a_value_cannot_add_a_line_of_its_own() -> None:
    text = made(summary="x\r\nATTENDEE:evil", uid="1\nEND:VEVENT")
    assert not any(line.startswith("ATTENDEE") for line in unfolded(text))
    assert unfolded(text).count("END:VEVENT") == 1


def test_it_speaks_up_before() -> None:
    lines = unfolded(made(reminders=(timedelta(days=1), timedelta(hours=2))))
    assert [line for line in lines if line.startswith("TRIGGER")] == [
        "TRIGGER:-PT1440M",
        "TRIGGER:-PT120M",
    ]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        made(begins_at=datetime(2026, 11, 30))  # noqa: DTZ001  (the fault itself)
