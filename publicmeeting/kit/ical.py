"""Write one appointment as a calendar file (RFC 5545), for the calendar of any phone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FOLD = 75
"""Maximum octets of a line without its end (RFC 5545, section 3.1)."""


@dataclass(frozen=True, slots=True)
class Appointment:
    uid: str
    """Globally unique, and the same for every version of the appointment."""
    begins_at: datetime
    ends_at: datetime
    summary: str
    place: str = ""
    notes: str = ""
    reminders: tuple[timedelta, ...] = ()
    """How long before the beginning the calendar reminds her."""


def calendar_file(appointment: Appointment, made_by: str, made_at: datetime) -> str:
    """Return the file's text with times in UTC; ValueError for a naive time."""
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
    """Fold at 75 octets with a leading space on continuations, never inside a letter."""
    parts, room = [""], _FOLD
    for sign in line:
        size = len(sign.encode())
        if size > room:
            parts.append("")
            room = _FOLD - 1
        parts[-1] += sign
        room -= size
    return "\r\n ".join(parts)
