"""Retention periods of citizens' data; the privacy page reads these numbers.

A case is erased when the citizen asks for it, never because of its age. She must be able to prove
for as long as she likes what the city owed her and whether it was delivered
(docs/decisions/policy/people.md).
"""

ERASABLE_DAYS = 30
"""Days after the end of a case before the citizen may have its texts and images erased.

She may reopen an order for as long, and the city must then know what it is about.
"""
BACKUPS_DAYS = 90
"""Maximum age, in days, of a backup of the database and the files (docs/operations.md).

Erased data may remain in a backup for as long.
"""
