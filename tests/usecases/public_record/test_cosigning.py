"""Cosignatures: by whom, over which note, when; and which moments they cover."""

from datetime import timedelta

import pytest
from support.each import in_one_city
from support.line import MONDAY, Line
from support.triggers import change_past_the_program
from support.witness_keys import seed_of
from support.witnesses import Witness

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.public_record.cosignatures import retag_lines
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.tree import note as notes
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.note import Signature, SignedNote
from publicmeeting.usecases.public_record.ceremony import MondaysBefore, draw_list
from publicmeeting.usecases.public_record.cosigning import Cosign, cosign, moments

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY


@pytest.fixture
def council(line: Line) -> Witness:
    return Witness(line, "council")


@pytest.fixture
def press(line: Line) -> Witness:
    return Witness(line, "press")


def lines(text: str) -> int:
    return len(SignedNote.read(text).signatures)


def test_each_witness_once_under_one_note(line: Line, council: Witness, press: Witness) -> None:
    text = council.note()
    assert lines(council.sends(text)) == 2
    assert lines(press.cosigns()) == 3
    assert council.sends(text) == press.cosigns(), "sent again: nothing changes"
    with line.reading() as uow:
        assert uow.log.cosigned_sizes() == [uow.log.head().seq]


FORGED = (
    "INSERT INTO cosignature (size, name, key_id, line) VALUES (:size, :name, :key, :line)"
    " ON CONFLICT (size, name, key_id) DO UPDATE SET line = excluded.line"
)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("is_line", [True, False])
def test_a_line_that_the_owner_of_the_database_writes_is_none(
    line: Line, council: Witness, press: Witness, *, is_line: bool
) -> None:
    """Every checker would refuse the newest note. Her own line stands beside the forged one."""
    text = press.cosigns()
    note = SignedNote.read(council.note())
    size, her = Checkpoint.read(note.text).size, note.signatures[-1]
    garbage = Signature(her.name, her.id, bytes(len(her.data))).line if is_line else "zzz"
    engine = line.city.application.store.engine
    change_past_the_program(
        engine, FORGED, size=size, name=her.name, key=her.id.hex(), line=garbage
    )
    with line.reading() as uow:
        assert uow.log.checkpoint() == text
        assert uow.log.forged_cosignatures() == [f"{size} {her.name}"]
    assert her.line in council.sends(str(note))
    with line.reading() as uow:
        assert her.line in str(uow.log.checkpoint())


@pytest.mark.on_postgresql
def test_lines_have_tags_of_the_new_key_after_a_change_of_it(line: Line, council: Witness) -> None:
    council.cosigns()
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        retag_lines(uow, new := Vault(b"n" * 32))
        assert uow.log.cosigned_sizes() == []
        uow.vault = new
        assert len(uow.log.cosigned_sizes()) == 1
        uow.session.rollback()


def test_a_replayed_line_is_kept_as_it_was(line: Line, council: Witness) -> None:
    text = council.note()
    answer = council.sends(text)
    line.clock.set(line.clock.now + timedelta(days=3))
    assert council.sends(text) == answer
    later = council.note(Checkpoint.read(SignedNote.read(text).text).size)
    assert council.sends(later) == answer, "the first stamp of a size counts"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stamp_of_another_time_is_refused(line: Line, council: Witness, minutes: int) -> None:
    at = int((line.clock.now + timedelta(minutes=minutes)).timestamp())
    with pytest.raises(Invalid, match="witness_clock"):
        council.sends(council.note(seconds=at))
    council.cosigns()


def signed_by(name: str, seed: bytes, text: str, line: Line) -> str:
    found = SignedNote.read(text)
    made = notes.cosign(found.text, name, seed, int(line.clock.now.timestamp()))
    return str(SignedNote(found.text, (*found.signatures, made)))


def newest(line: Line) -> str:
    with line.reading() as uow:
        return str(uow.log.checkpoint())


def test_a_stranger_and_a_witness_under_another_name(line: Line) -> None:
    for name, seed in (
        ("stranger.ir/w", b"\x09" * 32),
        ("shora.example.ir/council", b"\x09" * 32),
        ("other.ir/council", seed_of("council")),
    ):
        text = signed_by(name, seed, newest(line), line)
        with pytest.raises(Denied, match="witness_unknown"):
            line.city.application.execute_as(NOBODY, cosign, Cosign(note=text))
    with pytest.raises(Denied, match="witness_unknown"):
        line.city.application.execute_as(NOBODY, cosign, Cosign(note=newest(line)))


def test_a_wrong_signature_of_a_known_key_refuses_it_all(line: Line, council: Witness) -> None:
    text = council.note()
    found = SignedNote.read(text)
    size = Checkpoint.read(found.text).size
    moved = Checkpoint(found.text.split("\n")[0], size, b"\x05" * 32).text
    with pytest.raises(Invalid, match="signature_wrong"):
        council.sends(str(SignedNote(moved, found.signatures)))


def test_a_size_without_its_root_and_a_root_without_its_size(line: Line, council: Witness) -> None:
    found = Checkpoint.read(SignedNote.read(newest(line)).text)
    for size, root in (
        (found.size, b"\x05" * 32),
        (found.size - 1, found.root),
        (found.size + 1, found.root),
    ):
        text = Checkpoint(found.origin, size, root).text
        made = notes.cosign(text, council.key.name, council.seed, int(line.clock.now.timestamp()))
        with pytest.raises(Denied, match="log_size_unknown"):
            council.sends(str(SignedNote(text, (made,))))


def test_another_origin_is_another_log(line: Line, council: Witness) -> None:
    found = Checkpoint.read(SignedNote.read(newest(line)).text)
    text = Checkpoint("other.example/log", found.size, found.root).text
    made = notes.cosign(text, council.key.name, council.seed, int(line.clock.now.timestamp()))
    with pytest.raises(Invalid, match="note_malformed"):
        council.sends(str(SignedNote(text, (made,))))


@in_one_city("text", ["", "x", "a\n1\nAAAA\n\n— a b\n", "\n\n", "٣" * 500])
def test_what_is_no_note(council: Witness, text: str) -> None:
    with pytest.raises((Invalid, Denied)):
        council.sends(text)


def seen(line: Line) -> dict[Kind, object]:
    with line.reading() as uow:
        return {moment.kind: moment for moment in moments(uow, MONDAY)}


def shown(line: Line) -> dict[object, bool | None]:
    """Return what the list of draws says of each Monday's signatures, read together and singly."""
    application = line.city.application
    found = application.query_as(NOBODY, draw_list, MondaysBefore())
    assert found == application.execute_as(NOBODY, draw_list, MondaysBefore())
    return {summary.monday: summary.is_signed for summary in found.mondays}


def test_a_moment_shows_who_has_signed_it_and_until_when(line: Line, council: Witness) -> None:
    line.until(TUESDAY, "22:00")
    closed = seen(line)[Kind.REVEALS_CLOSED]
    assert (closed.until, closed.by_party) == (at_tehran(WEDNESDAY, "09:00"), {})
    council.cosigns()
    assert [*seen(line)[Kind.REVEALS_CLOSED].by_party] == ["council"]


def test_a_witness_cut_off_is_named_and_nothing_waits(line: Line, council: Witness) -> None:
    """One of two is no quorum: the log shows that for ever, and the draw runs."""
    line.file(3)
    council.commits()
    line.until(TUESDAY, "22:00")
    council.cosigns()
    line.until(WEDNESDAY, "20:01")
    assert line.draw().state == "drawn"
    assert shown(line)[MONDAY] is False


@pytest.mark.parametrize(
    ("at", "is_signed"), [("08:59", True), ("09:01", False)], ids=["in_time", "late"]
)
def test_a_list_of_draws_says_which_were_signed_in_time(
    line: Line, council: Witness, press: Witness, *, at: str, is_signed: bool
) -> None:
    line.file(3)
    line.until(TUESDAY, "22:00")
    council.cosigns()
    assert shown(line)[MONDAY] is None
    line.until(WEDNESDAY, at)
    council.cosigns()
    press.cosigns()
    line.until(WEDNESDAY, "20:01")
    assert shown(line)[MONDAY] is is_signed
    assert [one for one in shown(line).values() if one is not None] == [is_signed]
