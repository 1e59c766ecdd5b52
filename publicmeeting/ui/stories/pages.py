"""The pages of stories; served everywhere but in production."""

from collections.abc import Callable

import reflex as rx

from publicmeeting.ui.design.models import Row
from publicmeeting.ui.design.sheets import rows
from publicmeeting.ui.stories import (
    after_story,
    board_story,
    citizen_story,
    hand_story,
    keeping_story,
    monday_story,
    notice_story,
    office_story,
    parts_story,
    voices_story,
)
from publicmeeting.ui.stories.showing import page

STORIES: dict[str, tuple[str, Callable[[], rx.Component]]] = {
    "tiles": ("کاشی‌ها و نشانه‌ها", parts_story.tiles_and_signs),
    "controls": ("دکمه و خانهٔ ورود", parts_story.controls),
    "messages": ("پیام‌ها و ردیف‌ها", parts_story.messages),
    "home": ("خانه", citizen_story.home),
    "district": ("گام منطقه", citizen_story.district),
    "timeline": ("راه درخواست", citizen_story.timeline),
    "order": ("دستور و قول", keeping_story.order),
    "papers": ("کاغذ در حالت‌های دیگر", keeping_story.papers),
    "sheets": ("برگهٔ دستور در صفحهٔ شهروند", after_story.sheets),
    "promises": ("قول، مهلت و پرسش", after_story.promises),
    "questions": ("پرسش، پیشنهاد و نوشته", after_story.questions),
    "pass": ("برگهٔ نوبت", keeping_story.day_pass),
    "verify": ("اعتبارسنجی", keeping_story.verify),
    "inbox": ("صندوق بررسی", office_story.inbox),
    "hand": ("نوشتن با قلم", hand_story.hand),
    "mayor": ("میز شهردار", monday_story.mayor),
    "hall": ("تابلوی سالن", monday_story.hall),
    "board": ("دوشنبه‌های شهر", board_story.board),
    "notices": ("همهٔ پیام‌ها", notice_story.notices),
    "lists": ("در فهرست نیستم", voices_story.lists),
    "audiences": ("ملاقات‌های بیرون از نوبت", voices_story.audience),
    "tables": ("جدول", board_story.tables),
}


def index() -> rx.Component:
    return page(
        "داستان‌ها",
        rows([Row(title, href=f"/stories/{name}/") for name, (title, _) in STORIES.items()]),
    )


def add_to(app: rx.App, *, production: bool) -> None:
    """Adds the stories, unless this is the real service."""
    if production:
        return
    app.add_page(index, route="/stories", title="stories")
    for name, (title, draw) in STORIES.items():
        app.add_page(draw, route=f"/stories/{name}", title=title)
