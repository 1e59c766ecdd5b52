"""Which page a tab shows, to distinguish a page that is read again from one that is opened.

Reflex runs what a page loads at every connection. A page that was left in between and opened again
has the address it had before: only what was loaded meanwhile distinguishes the two.
"""

import reflex as rx
from reflex.state import BaseState

from publicmeeting.ui.reflex.router import url_of
from publicmeeting.ui.reflex.wire import NamedByClass


class Whereabouts(NamedByClass, rx.State):
    """Stored for each tab, and sent to no browser."""

    _address: str = ""
    _opened: int = 0


async def note_page(state: BaseState) -> None:
    """The page of this event's address loads; another one than before has been opened."""
    here = await state.get_state(Whereabouts)
    url = url_of(state)
    address = f"{url.path}?{url.query}"
    if address != here._address:  # noqa: SLF001 (no browser may set it)
        here._address, here._opened = address, here._opened + 1  # noqa: SLF001


async def note_document(state: BaseState) -> None:
    """A document opens, as when she reloads: whatever loads next has been opened, also where it has
    the address it had."""
    (await state.get_state(Whereabouts))._address = ""  # noqa: SLF001 (no browser may set it)


async def opened(state: BaseState) -> int:
    """How many pages this tab has opened so far."""
    return (await state.get_state(Whereabouts))._opened  # noqa: SLF001
