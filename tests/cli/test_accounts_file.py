"""Import of officials' accounts from a table: bad rows are named; all rows are taken or none."""

import csv
import errno
import stat

import pytest
from support.city import WHOLE
from support.each import in_one_city

from publicmeeting.cli.app import main
from publicmeeting.cli.commands.admin import import_accounts
from publicmeeting.cli.stop import StopError
from publicmeeting.domain.roles import Grant, Role
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.officials.table import COLUMNS, form

HEAD = ",".join(COLUMNS)
GOOD = f"{HEAD}\ndesk60,سارا محمدی,desk,۶,\ntech60,نادر کریمی,unit,,d06-technical\n"


@pytest.fixture
def table(tmp_path):
    def written(text, encoding="utf-8"):
        file = tmp_path / "accounts.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return written


def names(application):
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return {one.username: one for one in uow.accounts.all()}


def passwords_in(file):
    with file.open(encoding="utf-8", newline="") as opened:
        return {row["username"]: row["password"] for row in csv.DictReader(opened)}


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_looked_at_first_and_made_when_a_file_for_passwords_is_named(
    application, city, table, tmp_path, encoding
):
    file, passwords = table(GOOD, encoding), tmp_path / "passwords.csv"
    before = names(application).keys()
    assert "2 accounts can be made: 1 desk, 1 unit." in import_accounts(application, file, None)
    assert names(application).keys() == before
    assert "2 accounts were made" in import_accounts(application, file, passwords)
    made = names(application)
    assert made["desk60"].grants == (Grant(Role.DESK, 6),)
    assert made["tech60"].grants == (Grant(Role.UNIT, None, "d06-technical"),)
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    for username, password in passwords_in(passwords).items():
        command = SignIn(username=username, password=password)
        key, refused = application.execute_now(sign_in, Keys(), command)
        assert key, refused


BAD = {
    ",سارا,desk,6,": "a user name is needed",
    "a1,,desk,6,": "a name is needed",
    "a2,سارا,judge,6,": "the role is one of",
    "a3,سارا,Desk,6,": "the role is one of",
    "a4,سارا,desk,,": "this role needs a district",
    "a5,سارا,desk,شش,": "the district is a number",
    "a6,سارا,desk,²,": "the district is a number",
    "a7,سارا,desk,23,": "no such district",
    "a8,سارا,desk,0,": "no such district",
    "a9,سارا,desk,6,d06-technical": "only the role unit has a unit",
    "b1,سارا,unit,,": "needs a unit like",
    "b2,سارا,unit,,d06-kitchen": "no such unit",
    "b3,سارا,overseer,6,": "has no district",
    "شاهد,سارا,witness,,": "role",
    f"{'x' * 65},سارا,desk,6,": "more than 64",
    "DESK,سارا,desk,6,": "stands there twice, or is taken",
    "desk60,سارا,desk,6,": "stands there twice, or is taken",
}
"""Row → its message. `desk` is an account of the city, `desk60` another row of the table."""


def lines_of(sentence):
    """Return the lines that a sentence like "Lines 2, 4 to 6: …" names."""
    spans = sentence.partition(": ")[0].partition(" ")[2].split(", ")
    ends = [[int(end) for end in span.split(" to ")] for span in spans]
    return [line for span in ends for line in range(span[0], span[-1] + 1)]


def test_one_wrong_column_is_one_sentence_and_hides_no_other_mistake(application, city, table):
    wrong = [f"u{at},سارا,Mayor,6," for at in range(300)]
    with pytest.raises(StopError) as stop:
        import_accounts(application, table("\n".join([HEAD, *wrong, ",سارا,desk,6,", ""])), None)
    first, *rest = str(stop.value).splitlines()
    assert first.startswith("Lines 2 to 301: the role is one of ")
    assert rest == ["Line 302: a user name is needed.", "No account was made."]


def test_every_bad_row_is_named_and_none_is_made(application, city, table, tmp_path):
    before = names(application).keys()
    file, passwords = table("\n".join([GOOD.rstrip(), *BAD, ""])), tmp_path / "passwords.csv"
    for wanted in (None, passwords):
        with pytest.raises(StopError) as stop:
            import_accounts(application, file, wanted)
        *sentences, last = str(stop.value).splitlines()
        assert last == "No account was made."
        for line, message in enumerate(BAD.values(), 4):
            (named,) = [one for one in sentences if line in lines_of(one)]
            assert message in named, named
    assert (names(application).keys(), passwords.exists()) == (before, False)


@in_one_city(
    "text, message",
    [
        ("", "first line"),
        ("username,name\n", "first line"),
        (f"{HEAD}\n\n", "names no account"),
        (f"{HEAD}\na,b,desk,6\n", "Line 2: 4 columns"),
        (f"{HEAD}\na,b,desk,6,,\n", "Line 2: 6 columns"),
        (f"{HEAD}\na\0,b,desk,6,\n", "is no table"),
    ],
)
def test_what_is_no_such_table_is_refused(application, city, table, text, message):
    with pytest.raises(StopError, match=message):
        import_accounts(application, table(text), None)


def test_another_encoding_is_named(application, city, table):
    with pytest.raises(StopError, match="not UTF-8"):
        import_accounts(application, table(f"{HEAD}\nx,محمد,desk,6,\n", "cp1256"), None)


def test_a_file_that_exists_is_never_written_over(application, city, table, tmp_path):
    passwords = tmp_path / "passwords.csv"
    passwords.write_text("of the last import")
    with pytest.raises(StopError, match="name a new file"):
        import_accounts(application, table(GOOD), passwords)
    assert passwords.read_text() == "of the last import"
    assert "desk60" not in names(application)


@pytest.mark.on_postgresql
def test_somebody_who_comes_first_meanwhile_leaves_nothing(application, city, table, tmp_path):
    """The check and the import are two transactions; the second repeats every check."""
    passwords = tmp_path / "passwords.csv"
    real = application.execute_as

    def overtaken(actor, usecase, command):
        real(actor, usecase, command.model_copy(update={"accounts": command.accounts[1:]}))
        return real(actor, usecase, command)

    application.execute_as = overtaken
    with pytest.raises(StopError, match="taken"):
        import_accounts(application, table(GOOD), passwords)
    assert not passwords.exists()
    assert "desk60" not in names(application)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("districts", [WHOLE], ids=["whole city"])
def test_a_whole_city_of_four_hundred_and_one(application, city, table, tmp_path):
    filled = [f"new-{line.replace(',', ',نام', 1)}" for line in form().splitlines()[1:]]
    more = [f"extra{n},نام,phone,," for n in range(401 - len(filled))]
    file, passwords = table("\n".join([HEAD, *filled, *more])), tmp_path / "passwords.csv"
    assert "401 accounts were made" in import_accounts(application, file, passwords)
    made = passwords_in(passwords)
    assert len(made) == len(set(made.values())) == 401
    assert made.keys() <= names(application).keys()


def test_the_form_is_refused_until_the_people_stand_in_it(application, city, table, capsys):
    assert main(["admin", "import", "--form"]) == 0
    with pytest.raises(StopError, match="Lines 2 to 355: a name is needed"):
        import_accounts(application, table(capsys.readouterr().out), None)


def test_a_file_that_is_not_there_is_named_and_nobody_is_made(application, city, table, tmp_path):
    before = names(application).keys()
    for file in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(StopError, match="cannot be read: "):
            import_accounts(application, file, None)
    for passwords in (tmp_path / "missing" / "passwords.csv", table(GOOD) / "below"):
        with pytest.raises(StopError, match=r"cannot be written: .*No account was made"):
            import_accounts(application, table(GOOD), passwords)
    assert names(application).keys() == before


def test_half_a_file_of_passwords_is_left_by_no_full_disk(
    application, city, table, tmp_path, monkeypatch
):
    def full(_number):
        raise OSError(errno.ENOSPC, "No space left on device")

    before, passwords = names(application).keys(), tmp_path / "passwords.csv"
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StopError, match="No space left on device"):
        import_accounts(application, table(GOOD), passwords)
    assert names(application).keys() == before
    assert not passwords.exists()
