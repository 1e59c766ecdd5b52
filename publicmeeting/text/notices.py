"""The notice of every (action, told role): for the app, and for a citizen also by SMS."""

from dataclasses import dataclass

from publicmeeting.domain.lifecycle import AnyAction
from publicmeeting.domain.roles import Role
from publicmeeting.text.facts import shown
from publicmeeting.text.notices_citizen import ORDER, REQUEST
from publicmeeting.text.notices_staff import STAFF

FACTS = frozenset(
    {"code", "district", "day", "time", "until", "due", "order", "unit", "log", "when", "why"}
)
"""What a template may name, all given as words: `day` and `due` dates with their weekday, `until`
the deadline of the new stage («تا پایان دوشنبه ۹ آذر»), `log` the log's first 8 characters, `when`
the moment to which a draw has moved («پنجشنبه ۵ آذر، ساعت ۱۲:۰۰»), `why` the reason of a closure
with the colon before it («: آلودگی هوا»), or nothing."""

SMS_BEGINS = "ملاقات مردمی، درخواست {code}: "
SMS_MOST = 134
"""Characters of two joined parts of a message in Persian letters (67 each)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A title, a sentence, and for a citizen the text of an SMS: no name and no identity in it."""

    title: str
    text: str
    sms: str = ""


NOTICE: dict[tuple[AnyAction, Role], Notice] = {
    **{
        (action, Role.CITIZEN): Notice(title, text, SMS_BEGINS + sms)
        for action, (title, text, sms) in {**REQUEST, **ORDER}.items()
    },
    **{key: Notice(title, text) for key, (title, text) in STAFF.items()},
}


def notice(action: AnyAction, role: Role, **facts: object) -> Notice:
    """The filled notice; KeyError where the tables do not tell this role."""
    template = NOTICE[action, role]
    words = {name: shown(facts.get(name, "")) for name in FACTS}
    # A hash of eight digits is still a hash.
    words["log"] = facts.get("log", "")
    return Notice(template.title, template.text.format(**words), template.sms.format(**words))
