"""Long forms of officials whose text is stored while it is typed."""

from enum import StrEnum

FIELDS_MOST = 80
"""Maximum number of stored fields; the form of a district has one for each unit."""
LETTERS_MOST = 20_000
"""Maximum characters of all stored fields together, with their names."""


class TypedForm(StrEnum):
    """A form; its text belongs to one account, and for some forms to one district."""

    TEXTS = "texts"
    """The texts of a district, `/district/`."""
    RULES = "rules"
    """A new version of the rules, `/city/rules/`."""
    CLOSING = "closing"
    """The closing of a Monday, `/city/calendar/`."""
    INVITATION = "invitation"
    """The invitation of an official, `/city/people/`."""
    REFUSAL = "refusal"
    """Why a proposal of a district's texts is refused, `/district/`; a field for each proposal."""
    STOCK = "stock"
    """A stock text of a mayor, `/mayor/profile/`."""
    NOTES = "notes"
    """What is written about cases and not sent yet; a field for each page and case."""

    def of(self, district: int = 0) -> str:
        """Return the name under which an account's text of this form is stored."""
        return f"{self}/{district}"
