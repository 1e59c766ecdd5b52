"""One appointment as a calendar file (RFC 5545), for any telephone's calendar."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FOLD = 75
"""Octets of a line without its end (RFC 5545, section 3.1)."""


@dataclass(frozen=True, slots=True)
class Appointment:
    uid: str
    """The same for every version of it, unlike everybody else's."""
    begins_at: datetime
    ends_at: datetime
    summary: str
    place: str = ""
    notes: str = ""
    reminders: tuple[timedelta, ...] = ()
    """How long before it begins the calendar speaks up."""


def calendar_file(appointment: Appointment, made_by: str, made_at: datetime) -> str:
    """The text of the file, times in UTC. ValueError for a time without a zone."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_escaped(made_by)}",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_escaped(appointment.uid)}",
        f"DTSTAMP:{_instant(made_at)}",
        f"DTSTART:{_instant(appointment.begins_at)}",
        f"DTEND:{_instant(appointment.ends_at)}",
        f"SUMMARY:{_escaped(appointment.summary)}",
        f"LOCATION:{_escaped(appointment.place)}",
        f"DESCRIPTION:{_escaped(appointment.notes)}",
    ]
    for before in appointment.reminders:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-PT{int(before / timedelta(minutes=1))}M",
            f"DESCRIPTION:{_escaped(appointment.summary)}",
            "END:VALARM",
        ]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an appointment needs a time zone")
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """At most 75 octets a line, going on after a space; no letter is torn apart."""
    parts, room = [""], _FOLD
    for sign in line:
        size = len(sign.encode())
        if size > room:
            parts.append("")
            room = _FOLD - 1
        parts[-1] += sign
        room -= size
    return "\r\n ".join(parts)
