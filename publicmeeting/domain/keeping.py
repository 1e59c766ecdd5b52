"""How long the city keeps what belongs to a citizen; the page that says so reads these numbers.

A case is erased when she asks for it, never by its age: what the city owed her and whether it was
stored is hers to show for as long as she likes (docs/decisions/policy/people.md).
"""

ERASABLE_DAYS = 30
"""After a case is over she may have its texts and pictures erased: as long as she may open an order
again, the city has to know what it is about."""
BACKUPS_DAYS = 90
"""The longest that a copy of the database and of the files may be stored (docs/operations.md): so
long something erased may still lie in one."""
