"""How far an order's lateness has climbed, in the same words for everybody."""

from publicmeeting.domain.climbing import Level

LEVEL: dict[Level, str] = {
    Level.NONE: "",
    Level.UNIT: "واحد دیر کرده است",
    Level.MAYOR: "به شهردار رسید",
    Level.CITY: "به شهر رسید",
}
"""Beside the days of lateness; nothing where nobody is late."""
