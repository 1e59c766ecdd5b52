"""Addresses by which a telephone or a browser shows a place on its map."""

from urllib.parse import quote

_POINT = "https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=17/{north}/{east}"
_SEARCH = "https://www.openstreetmap.org/search?query="


def maps_of(point: str, place: str) -> tuple[str, str]:
    """The map of her phone, and one on the web for other devices; by name without a point."""
    if point:
        return f"geo:{point}?q={point}", web_point(point)
    return f"geo:0,0?q={quote(place)}", f"{_SEARCH}{quote(place)}"


def web_point(point: str) -> str:
    """Of `latitude,longitude`."""
    north, _, east = point.partition(",")
    return _POINT.format(north=north, east=east)
