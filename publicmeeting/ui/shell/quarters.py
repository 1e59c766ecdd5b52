"""The names of a district's neighbourhoods, for forms in which a district is chosen."""

from functools import lru_cache

from publicmeeting.domain.districts import PlaceKind, district
from publicmeeting.kit.digits import persian
from publicmeeting.text.filing import filing_text

_SHOWN = 6
_TWO_NAMES = " - "
"""Separator in the name of a neighbourhood that has two names."""


@lru_cache(maxsize=32)
def quarters(number: int) -> str:
    """Return a sentence with up to six neighbourhoods: names in common use first, then official
    ones."""
    hoods = sorted(
        district(number).neighbourhoods,
        key=lambda neighbourhood: neighbourhood.kind is PlaceKind.OFFICIAL,
    )
    names = [hood.name for hood in hoods if _TWO_NAMES not in hood.name][:_SHOWN]
    return filing_text.QUARTERS.format(district=persian(number), names="، ".join(names))
