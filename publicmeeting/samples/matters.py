"""Every matter of the story."""

from publicmeeting.samples.matters_office import OFFICE_MATTERS
from publicmeeting.samples.matters_street import STREET_MATTERS

MATTERS = (*STREET_MATTERS, *OFFICE_MATTERS)
