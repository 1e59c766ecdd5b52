"""The table of story pages, which every installation serves except production."""

from collections.abc import Callable

import reflex as rx

from publicmeeting.ui.design.models import Row
from publicmeeting.ui.design.sheets import rows
from publicmeeting.ui.stories import (
    after_story,
    notice_story,
    parts_story,
    reception_story,
    turn_story,
    voices_story,
)
from publicmeeting.ui.stories.showing import page

STORIES: dict[str, tuple[str, Callable[[], rx.Component]]] = {
    "tiles": ("کاشی‌ها و نشانه‌ها", parts_story.tiles_and_signs),
    "controls": ("دکمه و خانهٔ ورود", parts_story.controls),
    "messages": ("پیام‌ها و ردیف‌ها", parts_story.messages),
    "turn": ("راه تا نوبت", turn_story.turn),
    "papers": ("کاغذ و قول", after_story.papers),
    "sheets": ("برگهٔ دستور در صفحهٔ شهروند", after_story.sheets),
    "promises": ("قول، مهلت و پرسش", after_story.promises),
    "questions": ("پرسش، پیشنهاد و نوشته", after_story.questions),
    "day": ("روز ملاقات", turn_story.day),
    "pass": ("برگهٔ نوبت", after_story.day_pass),
    "hand": ("نوشتن با قلم", parts_story.hand),
    "reception": ("فهرست پذیرش", reception_story.reception),
    "hall": ("تابلوی سالن", reception_story.hall),
    "notices": ("همهٔ پیام‌ها", notice_story.notices),
    "lists": ("در فهرست نیستم", voices_story.lists),
    "audiences": ("ملاقات‌های بیرون از نوبت", voices_story.audience),
    "tables": ("جدول", reception_story.tables),
}


def index() -> rx.Component:
    return page(
        "داستان‌ها",
        rows([Row(title, href=f"/stories/{name}/") for name, (title, _) in STORIES.items()]),
    )


def add_to(app: rx.App, *, production: bool) -> None:
    """Add the stories to the app, unless it runs in production."""
    if production:
        return
    app.add_page(index, route="/stories", title="stories")
    for name, (title, draw) in STORIES.items():
        app.add_page(draw, route=f"/stories/{name}", title=title)
