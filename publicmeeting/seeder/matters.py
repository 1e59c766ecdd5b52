"""Every matter of the story."""

from publicmeeting.seeder.matters_office import OFFICE_MATTERS
from publicmeeting.seeder.matters_street import STREET_MATTERS

MATTERS = (*STREET_MATTERS, *OFFICE_MATTERS)
