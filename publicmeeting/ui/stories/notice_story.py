"""Story of every notice in the lifecycle tables, in the app and as an SMS."""

from collections.abc import Iterator
from dataclasses import dataclass

import reflex as rx

from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.notices.citizen_notices_text import BY_TELEPHONE
from publicmeeting.text.notices.notices_text import (
    FACTS,
    Notice,
    lateness,
    moved_for_standby,
    not_held,
    notice,
    notice_by_telephone,
    reminder,
    reminder_by_telephone,
)
from publicmeeting.text.notices.sms_text import code_text, sms_length, sms_parts
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.sheets import badge, sheet
from publicmeeting.ui.stories.showing import page

_FACTS = {
    "code": "0506221804",
    "district": 6,
    "day": "دوشنبه ۹ آذر",
    "time": "۹:۴۵",
    "until": "تا شنبه ۷ آذر، ساعت ۲۰:۰۰",
    "due": "دوشنبه ۳۰ آذر",
    "order": "140509090067",
    "unit": "فنی و عمران",
    "log": "70419082",
    "when": "پنجشنبه ۵ آذر، ساعت ۱۲:۰۰",
    "where": "meeting.example",
    "why": ": شهردار و جانشین نمی‌آیند",
    "place": "مسجد امام حسین، خیابان شریعتی، روبه‌روی بوستان هنر",
}
assert set(_FACTS) == FACTS, "a notice may name something that this page does not give"


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One notice, its recipient and the step before it; `key` is (action, role), for the tests."""

    key: tuple[str, str]
    after: str
    to: str
    notice: Notice


def every_notice() -> Iterator[ShownNotice]:
    """Yield the notices row by row as in the tables, so that none is missing."""
    for step in STEP_FOR.values():
        for role in step.notifies:
            shown = notice(step.action, role, **_FACTS)
            yield ShownNotice((step.action.value, role.value), DONE[step.action], ROLE[role], shown)


def by_telephone() -> Iterator[ShownNotice]:
    """Yield the notices that differ for a citizen who is telephoned at her time."""
    for action in BY_TELEPHONE:
        role = Role.CITIZEN
        shown = notice_by_telephone(action, role, **_FACTS)
        yield ShownNotice((action.value, role.value), DONE[action], ROLE[role], shown)


def notices() -> rx.Component:
    return page(
        "همهٔ پیام‌ها",
        rx.el.p(
            "هر پیامی که جدول مرحله‌ها می‌گوید. پیامک‌ها فقط برای شهروند است؛ کارکنان پیام را در "
            "سامانه می‌خوانند. متن فارسی تا ۷۰ نویسه یک پیامک است و بیش از آن، هر ۶۷ نویسه یکی.",
            class_name="text-ink2",
        ),
        _group("کد ورود", _bubble(code_text("482137", "meeting.example"))),
        _group("یادآوری شب پیش از ملاقات", *_letter(ROLE[Role.CITIZEN], _reminder())),
        _group("همان، صبح روز ملاقات", *_letter(ROLE[Role.CITIZEN], _reminder(days_ahead=0))),
        _group("روزی که دیرتر از برنامه است", *_letter(ROLE[Role.CITIZEN], _lateness())),
        _group("جای تازه، برای ذخیره‌ها", *_letter(ROLE[Role.CITIZEN], _moved_for_standby())),
        _group("دوشنبه‌ای که برگزار نشد", *_letter(ROLE[Role.CITIZEN], not_held(**_FACTS))),
        *(_group(shown.after, *_letter(shown.to, shown.notice)) for shown in every_notice()),
        _group("تلفنی: یادآوری", *_letter(ROLE[Role.CITIZEN], _reminder(by_telephone=True))),
        *(
            _group(f"تلفنی: {shown.after}", *_letter(shown.to, shown.notice))
            for shown in by_telephone()
        ),
        wide=True,
    )


def _lateness() -> Notice:
    return lateness(code=str(_FACTS["code"]), day="امروز", earliest="۱۰:۲۰", latest="۱۰:۴۵")


def _moved_for_standby() -> Notice:
    return moved_for_standby(**{**_FACTS, "time": ""})


def _reminder(*, by_telephone: bool = False, days_ahead: int = 1) -> Notice:
    about = {name: str(_FACTS[name]) for name in ("code", "day", "time", "log")}
    if by_telephone:
        return reminder_by_telephone(**about, days_ahead=days_ahead)
    return reminder(**about, place=str(_FACTS["place"]), days_ahead=days_ahead)


def _group(title: str, *parts: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="text-meta font-normal text-ink2"),
        rx.el.div(*parts, class_name="grid items-start gap-3 md:grid-cols-2"),
        class_name="grid gap-2 border-t border-line py-4",
    )


def _letter(to: str, shown: Notice) -> tuple[rx.Component, ...]:
    """The notice as the app shows it, and beside it the SMS if there is one."""
    app = sheet(
        rx.el.div(
            badge(Badge(to, "neutral", "bell")),
            rx.el.h3(shown.title, class_name="mt-2 text-h3"),
            rx.el.p(shown.text),
        )
    )
    return (app, _bubble(shown.sms)) if shown.sms else (app,)


def _bubble(text: str) -> rx.Component:
    parts = f"{persian(sms_parts(text))} پیامک\u00a0· {persian(sms_length(text))} نویسه"
    lines = (rx.el.span(line, dir="auto", class_name="block") for line in text.splitlines())
    return rx.el.figure(
        rx.el.p(*lines, class_name="rounded-sheet border border-line bg-sunk p-3"),
        rx.el.figcaption(parts, class_name="mt-1 text-meta text-ink2"),
        class_name="max-w-80",
    )
