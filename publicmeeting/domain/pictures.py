"""What a picture is of; the values are stored, and stand in the addresses that pages send to."""

from publicmeeting.domain.stored import StoredEnum


class PictureKind(StoredEnum):
    DRAFT = "photo"
    """Of an unfinished request, and then of the request; belongs to the visit until somebody signs
    in."""
    CALLER = "caller"
    """Of somebody an officer files for; it waits with the officer until her request is filed."""
    PROOF = "proof"
    """A citizen's later picture, for a step on her own case."""
    LANE_DOCUMENT = "lane"
    """A document for a lane: it may show her name, so it is no picture of the case."""
    PAPER = "paper"
    """A photograph of what the mayor wrote by hand, for a sheet."""
    SHEET = "order"
    """The image of the mayor's order, drawn by the program."""
    BEFORE = "before"
    REPORT = "report"
    """A unit's pictures of the place of one order, before its work and after it; they wait there
    until the report is given."""
    UNKNOWN = "unknown"
