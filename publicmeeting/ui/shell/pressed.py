"""An event belongs to the address at which it was pressed, whatever its page shows by now.

A press may come late: sent again after a lost connection (redelivery.js) it arrives behind the load
of the page that stands open by then, which may be another case on the same state. Its own address
comes with it. A state that is read for one address at a time keeps which (`_arrives`), and whatever
was pressed at another one is not carried out with the data of this one: what was typed is stored
under its own case, and the page says at once that it was not sent. Handlers that need nothing but
what they are called with and the address of their event are named in `AT_ANY_ADDRESS`.

Where one address shows one case after the other (the reception's Monday, the mayor's agenda), a
form carries the code it was opened for.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex.var_field import set_fields
from publicmeeting.ui.reflex.whereabouts import opened
from publicmeeting.ui.shell.act import Answer, Asking, keys
from publicmeeting.ui.shell.trouble import repeat_over_page

_LOAD = "load"


class Addressed(Asking, mixin=True):
    """A page whose state shows the case of one address at a time."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset()
    """Handlers that are carried out for the address of their own event."""
    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset()
    """Handlers whose press need not be spoken of where it comes too late."""
    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT
    _shown_at: str | None = None
    """What the address named for which this state was read last; None before the first time."""
    _opened: tuple[int, str] = (0, "")

    def _subject(self) -> str:
        """The case that the address of this event names; reads it, and changes nothing."""
        return str(self.router.url.path).strip("/")

    async def _arrives(self) -> bool:
        """For `load`: the page is read for the address of this event. Whether it was opened, and
        not only read again by whom it was shown to before."""
        self._shown_at = self._subject()
        # Whoever signs in at this tab finds nothing that was shown to somebody else.
        mark = hashlib.sha256(keys(self).session.encode()).hexdigest()[:16]
        before, self._opened = self._opened, (await opened(self), mark)
        return before != self._opened

    async def _opens(self, forget: Callable[[], None]) -> None:
        """For `load` of a form that is previewed before it is sent: nothing of an earlier visit is
        shown. Where the page is only read again, what was looked at can still be sent."""
        if await self._arrives():
            self.errors, self.refused, self.done = {}, "", ""
            forget()

    def _restore_answer(self, answer: Answer) -> None:
        """What stood on the page before it was read again: only its answer may have been lost."""
        if not (self.refused or self.signed_out or self.missing):
            fields = {"errors": answer.errors, "refused": answer.refused, "done": answer.done}
            set_fields(self, "answer", **fields)

    def _keep_typed(self, handler: str, payload: Mapping[str, Any]) -> bool:
        """Store what was typed in a press that comes too late; whether there was any."""
        del handler, payload
        return False

    async def _report_not_sent(self, *, is_stored: bool = False) -> None:
        """The page says it, and so does the line over it: she may be far from the head of the
        page."""
        added = f" {chrome_text.WRITING_STORED}" if is_stored else ""
        self.refused, self.done = f"{self.NOT_SENT}{added}", ""
        await repeat_over_page(self.refused)


async def comes_too_late(state: Asking, handler: str, payload: Mapping[str, Any]) -> bool:
    """Whether this event of a page must not be carried out: its state shows another address by now.

    The page has been notified then, and what was typed is stored.
    """
    if not isinstance(state, Addressed) or handler == _LOAD or handler in state.AT_ANY_ADDRESS:
        return False
    if state._shown_at in (None, state._subject()):  # noqa: SLF001 (a page's own, sent to no browser)
        return False
    is_stored = state._keep_typed(handler, payload)  # noqa: SLF001
    if is_stored or handler not in state.LOSES_NOTHING:
        await state._report_not_sent(is_stored=is_stored)  # noqa: SLF001
    return True
