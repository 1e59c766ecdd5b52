"""Events that arrive late: an event belongs to the address at which its button was pressed.

An event may be sent again after a lost connection (redelivery.js). It then arrives behind the load
of the page that is open by now, which may show another case with the same state. The event carries
its own address. A state that shows one address at a time remembers which one it has read
(`_arrives`). An event from another address is not carried out with this address's data. What was
typed is stored under its own case, and the page says at once that it was not sent.

Handlers that need only their arguments and the event's address are named in `AT_ANY_ADDRESS`. On
pages where one address shows one case after another (the reception's Monday, the mayor's agenda), a
form contains the code it was opened for.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex.view_model import set_fields
from publicmeeting.ui.reflex.whereabouts import opened
from publicmeeting.ui.shell.act import Answer, Asking, keys
from publicmeeting.ui.shell.trouble import repeat_over_page

_LOAD = "load"


class Addressed(Asking, mixin=True):
    """Mixin for a page whose state shows the case of one address at a time."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset()
    """Handlers that are carried out for the address of their own event."""
    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset()
    """Handlers whose late press is dropped without a message."""
    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT
    _shown_at: str | None = None
    """The subject of the address for which this state was last read; None before the first time."""
    _opened: tuple[int, str] = (0, "")

    def _subject(self) -> str:
        """Return the case that the event's address names. Must not change anything."""
        return str(self.router.url.path).strip("/")

    async def _arrives(self) -> bool:
        """Note that the page is read for this event's address; call it in `load`.

        Returns whether the page was opened, and not only read again by the session that saw it
        before.
        """
        self._shown_at = self._subject()
        # A person who signs in at this tab must not find what was shown to the person before.
        mark = hashlib.sha256(keys(self).session.encode()).hexdigest()[:16]
        before, self._opened = self._opened, (await opened(self), mark)
        return before != self._opened

    async def _opens(self, forget: Callable[[], None]) -> None:
        """Reset a page whose form is previewed before it is sent; call it in `load`.

        If the page is opened, `forget` removes what an earlier visit left. If it is only read
        again, what was previewed can still be sent.
        """
        if await self._arrives():
            self.errors, self.refused, self.done = {}, "", ""
            forget()

    def _restore_answer(self, answer: Answer) -> None:
        """Restore the answer that was shown before the page was read again: the browser may not
        have got it."""
        if not (self.refused or self.signed_out or self.missing):
            fields = {"errors": answer.errors, "refused": answer.refused, "done": answer.done}
            set_fields(self, "answer", **fields)

    def _keep_typed(self, handler: str, payload: Mapping[str, Any]) -> bool:
        """Store what was typed in a press that comes too late; return whether there was
        anything."""
        del handler, payload
        return False

    async def _report_not_sent(self, *, is_stored: bool = False) -> None:
        """Report that a press was not sent, on the page and in the line over it.

        The line is needed because the head of the page may be out of view.
        """
        added = f" {chrome_text.WRITING_STORED}" if is_stored else ""
        self.refused, self.done = f"{self.NOT_SENT}{added}", ""
        await repeat_over_page(self.refused)


async def comes_too_late(state: Asking, handler: str, payload: Mapping[str, Any]) -> bool:
    """Return whether this event must not be carried out because its state shows another address by
    now.

    In that case what was typed has been stored and the page has been told.
    """
    if not isinstance(state, Addressed) or handler == _LOAD or handler in state.AT_ANY_ADDRESS:
        return False
    if state._shown_at in (None, state._subject()):  # noqa: SLF001 (a page's own, sent to no browser)
        return False
    is_stored = state._keep_typed(handler, payload)  # noqa: SLF001
    if is_stored or handler not in state.LOSES_NOTHING:
        await state._report_not_sent(is_stored=is_stored)  # noqa: SLF001
    return True
