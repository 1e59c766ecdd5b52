"""Kinds of images; the values are stored and appear in upload addresses."""

from publicmeeting.domain.stored import StoredEnum


class PictureKind(StoredEnum):
    DRAFT = "photo"
    """Image of a draft and then of the request; belongs to the visit until somebody signs in."""
    CALLER = "caller"
    """Image for a citizen whom an officer files for; the officer's until the request is filed."""
    PROOF = "proof"
    """Image that a citizen adds later, with a step on her own case."""
    LANE_DOCUMENT = "lane"
    """Document for a lane; it may show her name, so it is not among the images of the case."""
    PAPER = "paper"
    """Photograph of the mayor's handwriting, for a sheet."""
    SHEET = "order"
    """Image of the mayor's order, drawn by the program."""
    BEFORE = "before"
    REPORT = "report"
    """A unit's images of one order's site, before and after the work, until its report."""
    UNKNOWN = "unknown"
