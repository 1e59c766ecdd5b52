"""A new text of a request needs changes in five files only; a copy of the project proves it.

The field is added in the copy, then a request is filed with it, found by search, and sealed.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from publicmeeting.config import PROJECT

VERSIONS = "publicmeeting/store/database/migrations/versions"
NEWEST = max(path.stem[:4] for path in (PROJECT / VERSIONS).glob("[0-9]*.py"))
MIGRATION = f"""\"\"\"Where exactly it is, as she writes it.\"\"\"

import sqlalchemy as sa
from alembic import op

revision = "{int(NEWEST) + 1:04}"
down_revision = "{NEWEST}"


def upgrade() -> None:
    op.add_column("request", sa.Column("landmark", sa.LargeBinary, nullable=True))
"""
ADDED = {
    "publicmeeting/domain/matter.py": (
        r"(    text: str = written[^\n]*\n)",
        "    landmark: str = written(most=200, is_searched=True)\n",
    ),
    "publicmeeting/usecases/filing/submitting.py": (
        r"(class MatterForm.*?    text: str = \"\"\n)",
        '    landmark: str = ""\n',
    ),
    "publicmeeting/store/database/rows/cases.py": (
        r"(    title: bytes\n    text: bytes\n)",
        "    landmark: bytes | None = None\n",
    ),
    "publicmeeting/text/filing/filing_text.py": (
        r'(WRITTEN = \{.*?    "text": "[^"]*",\n)',
        '    "landmark": "نشانهٔ نزدیک",\n',
    ),
}
"""File → the pattern after which a line is added, and the line."""
SHOWN = """
import pytest
import reflex as rx
from support.citizens import a_form, citizen, file, someone

from publicmeeting.domain.errors import FormError
from publicmeeting.domain.matter import texts_of
from publicmeeting.store.rekey import SEALED
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.ui.citizen.request.parts import matter_step, review_step
from publicmeeting.usecases.accounts.signing_in.sign_in import Nothing
from publicmeeting.usecases.filing.drafting import filing_page, save_matter
from publicmeeting.usecases.filing.submitting import MatterForm, submit
from publicmeeting.usecases.screening.inbox import Inbox, inbox
from publicmeeting.web.plain.citizens import steps

WHERE = "کنار داروخانهٔ شبانه"


def test_a_new_field_is_filed_found_shown_and_sealed(application, city):
    who = someone(81)
    keys = citizen(application, who.mobile)
    form = a_form(who, landmark=WHERE)
    typed = MatterForm(**{name: getattr(form, name) for name in MatterForm.model_fields})
    assert application.execute_now(save_matter, keys, typed) == ()
    page = application.query_now(filing_page, keys, Nothing())
    assert page.fields["landmark"] == WHERE
    plain = str(steps.matter_step(steps.Sheet(page)))
    assert 'name="landmark"' in plain and WHERE in plain and "نشانهٔ نزدیک" in plain
    assert WHERE in str(steps.review_step(steps.Sheet(page)))
    for part in (matter_step(sender=rx.fragment()), review_step(rx.fragment())):
        assert "landmark" in str(part)
    with pytest.raises(FormError) as wrong:
        application.execute_now(submit, keys, a_form(who, landmark="ن" * 201))
    (error,) = wrong.value.errors
    assert (error.field, error.key, error.facts["limit"]) == ("landmark", "text_too_long", 200)
    request = application.execute_now(submit, keys, form)
    assert texts_of(request)["landmark"] == WHERE
    assert whole_text(request).endswith("نشانهٔ نزدیک: " + WHERE)
    found = application.query_as(city.as_("desk"), inbox, Inbox(words="داروخانه"))
    assert [one.line.code for one in found.lines] == [request.code]
    assert any("landmark" in columns for _, _, columns in SEALED)
    without = file(application, someone(82))
    assert whole_text(without) == without.text
"""


def test_a_new_text_of_a_request_touches_five_files(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    leave = shutil.ignore_patterns("__pycache__", "journeys", "production", "bench", ".states")
    for folder in ("publicmeeting", "tests", "assets"):
        shutil.copytree(PROJECT / folder, copy / folder, ignore=leave)
    for file in ("pyproject.toml", "rxconfig.py"):
        shutil.copy(PROJECT / file, copy)
    for name, (after, line) in ADDED.items():
        before = (copy / name).read_text(encoding="utf-8")
        changed, times = re.subn(
            after, lambda found, line=line: found[1] + line, before, count=1, flags=re.DOTALL
        )
        assert times == 1, name
        (copy / name).write_text(changed, encoding="utf-8")
    (copy / VERSIONS / f"{int(NEWEST) + 1:04}_landmark.py").write_text(MIGRATION, encoding="utf-8")
    (copy / "tests/usecases/test_landmark.py").write_text(SHOWN, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "0", "--engine=sqlite"),
            *("tests/usecases/test_landmark.py", f"--basetemp={tmp_path / 'base'}"),
        ],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
