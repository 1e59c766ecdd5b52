"""What the invented people read on their telephones."""

from publicmeeting.application import Application
from publicmeeting.notify.phone import DemoPhone


def texted_code(application: Application, mobile: str) -> str:
    """The code in the newest text to this mobile; TypeError where no demo's phone is in use."""
    if not isinstance(application.phone, DemoPhone):
        raise TypeError("only the demo's phone can be read")
    text = application.phone.texts(mobile)[-1]
    return "".join(sign for sign in text if sign.isascii() and sign.isdecimal())
