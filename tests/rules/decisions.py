"""Rules about the code: how it decides, where randomness comes from, who writes rows and seats."""

import ast
from collections.abc import Iterator, Mapping

from .sources import PACKAGE, Found, Project, Source, last_name, rule
from .texts import refusals

_STAGES = frozenset({"Stage", "OrderStage"})
_DECIDED = frozenset({"state", "stage", "action", "kind", "role", "level", "outcome", "verdict"})
_GRAMMARS = f"{PACKAGE}ui/first/", f"{PACKAGE}ui/design/"
"""Modules that parse another language, and looks of components, whose kinds are words of CSS."""
_ANSWERS = frozenset({"self", "state", "refusal", "refused", "word"})
"""Variable names of the answer to a press, and of a refusal."""

_DEALS = {f"{PACKAGE}seeder/fill.py"}
_RANDOMNESS = {
    f"{PACKAGE}kit/codes.py",
    *_DEALS,
    f"{PACKAGE}seeder/founding.py",
    f"{PACKAGE}store/database/repository.py",
    f"{PACKAGE}store/public_record/log.py",
    f"{PACKAGE}ui/citizen/timeline/page.py",
    f"{PACKAGE}ui/shell/live.py",
    f"{PACKAGE}web/hall/routes.py",
}
"""Modules that may use randomness.

For tracking codes, salts and the draw's value; the seeder; its log's other key; ids of rows; the
log's key, so that a city seeded again has the same log; the moments at which open pages and a
hall's screen reload by themselves.
"""
_SECRETS = {
    f"{PACKAGE}cli/commands/draw.py",
    f"{PACKAGE}cli/commands/log.py",
    f"{PACKAGE}config.py",
    f"{PACKAGE}kit/randomness.py",
    f"{PACKAGE}kit/codes.py",
    f"{PACKAGE}worker/scheduler.py",
}
"""Modules that may import `secrets`.

For an unnamed sample; a reserve key; the master key; randomness itself; cookies, codes and PINs;
the temporary name of a file; the name of a worker.
"""

_STORE = f"{PACKAGE}store/"
_ALLOT = {
    f"{PACKAGE}usecases/line/drawing.py": 1,
    f"{PACKAGE}usecases/line/offers.py": 2,
}
"""How often each module may call `allot`: the draw; the offer, and taking a free seat."""
_SEAT_ROWS = {f"{_STORE}line/seats.py": 1}
# Only the store knows SQL (import contract). Inside the store, rows that are no objects are written
# in one place, by the name of their table.
_BULK: dict[str, dict[str, int]] = {
    "insert": {f"{_STORE}database/gathered.py": 1, f"{_STORE}database/repository.py": 2},
    "gather": {f"{_STORE}database/repository.py": 4},
    "_insert": {f"{_STORE}database/repository.py": 2},
    "bulk_insert_mappings": {},
    "bulk_save_objects": {},
}
_WITHOUT_AN_OBJECT = frozenset(
    {"DrawRow", "EventRow", "JobRow", "LogRow", "MarkRow", "MondayRow", "NoteRow", "OutboxRow"}
    | {"DraftRow", "LogIndexRow", "LogNodeRow", "PersonRow", "RateRow", "RequestRow"}
    | {"FactRow", "PasskeyChallengeRow", "SecurityEventRow"}
)
"""Tables whose rows may be written without an object.

Their rows are written many at a time, at every filing, or by two processes at the same instant.
The seats are not among them.
"""

_SCRIPTS = frozenset({"run_script", "call_script", "run_function", "call_function"})


@rule
def stage_decides(project: Project) -> Iterator[Found]:
    """A query may select by stage; all else that follows from a stage is in the domain's tables."""
    for source in project.package:
        if source.name.startswith(f"{PACKAGE}domain/"):
            continue
        renamed = {a.asname for a in source.nodes(ast.alias) if a.name in _STAGES and a.asname}
        deciding: list[ast.Compare | ast.MatchValue] = [*source.nodes(ast.Compare)]
        for node in (*deciding, *source.nodes(ast.MatchValue)):
            if _names_a_member(node, _STAGES | renamed) and not _is_of_a_column(node):
                yield Found(source.name, node.lineno, f"decides by a stage: {ast.unparse(node)}")


def _is_of_a_column(node: ast.AST) -> bool:
    """Return whether this is a condition on a column, `RequestRow.stage == ...`, not a decision."""
    return any(isinstance(part, ast.Name) and part.id.endswith("Row") for part in ast.walk(node))


def _names_a_member(node: ast.Compare | ast.MatchValue, enums: frozenset[str]) -> bool:
    sides = (node.left, *node.comparators) if isinstance(node, ast.Compare) else (node.value,)
    parts = [
        part
        for side in sides
        for part in (side.elts if isinstance(side, ast.Tuple | ast.Set | ast.List) else (side,))
    ]
    members = [
        part.value if isinstance(part, ast.Attribute) and part.attr == "value" else part
        for part in parts
    ]
    return any(
        isinstance(member, ast.Attribute)
        and isinstance(member.value, ast.Name)
        and member.value.id in enums
        for member in members
    )


@rule
def literal_decides(project: Project) -> Iterator[Found]:
    """Code compares a state, stage or action with its enum member; a literal may be misspelt."""
    for source in project.package:
        if source.name.startswith((*_GRAMMARS, f"{_STORE}database/migrations/")):
            continue
        wanted = _DECIDED if not source.name.startswith(f"{PACKAGE}ui/") else _DECIDED - {"kind"}
        for node in source.nodes(ast.Compare):
            sides = (node.left, *node.comparators)
            if any(_words(side) for side in sides) and any(
                isinstance(side, ast.Attribute) and side.attr in wanted for side in sides
            ):
                yield Found(source.name, node.lineno, f"decides by a word: {ast.unparse(node)}")


def _words(side: ast.expr) -> bool:
    """Return whether this is a string literal or a collection of some; an empty one is no state."""
    parts = side.elts if isinstance(side, ast.Tuple | ast.Set | ast.List) else (side,)
    return any(isinstance(p, ast.Constant) and isinstance(p.value, str) and p.value for p in parts)


@rule
def unraised_decides(project: Project) -> Iterator[Found]:
    """Code that decides by the key of a refusal uses a key that has a sentence."""
    known = refusals(project)
    for source in project.package:
        fixed = {
            target.id: node.value.value
            for node in source.tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in source.nodes(ast.Compare):
            if not (isinstance(node.left, ast.Attribute) and node.left.attr in {"why", "key"}):
                continue
            if not isinstance(node.left.value, ast.Name) or node.left.value.id not in _ANSWERS:
                continue
            for side in node.comparators:
                word = side.value if isinstance(side, ast.Constant) else None
                word = fixed.get(side.id) if isinstance(side, ast.Name) else word
                if isinstance(word, str) and word and word not in known:
                    yield Found(source.name, node.lineno, f"{word} has no sentence")


@rule
def sentence_decides(project: Project) -> Iterator[Found]:
    """No code decides by a sentence: a refusal has a key, and its sentence may change any day."""
    for source in project.package:
        comparing = [
            node
            for node in source.nodes(ast.Compare)
            if any(_is_wording(side) for side in (node.left, *node.comparators))
            and not any(isinstance(side, ast.Constant) for side in node.comparators)
        ]
        keyed = [node for node in source.nodes(ast.DictComp) if _is_wording(node.key)]
        listed = [
            node
            for node in source.nodes(ast.Dict)
            if any(key is not None and _is_wording(key) for key in node.keys)
        ]
        for node in (*comparing, *keyed, *listed):
            yield Found(source.name, node.lineno, f"decides by words: {ast.unparse(node)}")


def _is_wording(node: ast.expr) -> bool:
    """Return whether this is the sentence of a refusal: of a state, or from the table."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "refusal"
    return isinstance(node, ast.Attribute) and node.attr == "refused"


@rule
def dealt_chance(project: Project) -> Iterator[Found]:
    """Only the demo city uses randomness that can be foretold; no other code deals from a seed."""
    dealing = {
        source.name: node.lineno
        for source in project.package
        for node in (*source.nodes(ast.Attribute), *source.nodes(ast.Name))
        if last_name(node) == "repeated"
    }
    yield from _exactly(dealing, _DEALS, "deals chance from a seed")
    yield from _exactly(_importing(project, "randomness"), _RANDOMNESS, "imports randomness")


@rule
def secrets(project: Project) -> Iterator[Found]:
    """Whatever gives access comes from the secure generator, in the few files that make it."""
    yield from _exactly(_importing(project, "secrets"), _SECRETS, "imports secrets")


def _importing(project: Project, name: str) -> dict[str, int]:
    """Return file → line for each file that imports this module."""
    found: dict[str, int] = {}
    for source in project.package:
        lines = [node.lineno for node in source.nodes(ast.alias) if node.name == name]
        lines += [node.lineno for node in source.nodes(ast.ImportFrom) if node.module == name]
        if lines:
            found[source.name] = lines[0]
    return found


def _exactly(found: Mapping[str, int], known: set[str], does: str) -> Iterator[Found]:
    """Yield files that do something unexpected, and files that are expected to do it and do not."""
    for name in sorted(found.keys() - known):
        yield Found(name, found[name], f"{does}, and is not known for it")
    for name in sorted(known - found.keys()):
        yield Found(name, 1, f"no longer {does}: strike it from the rule's list")


@rule
def seats(project: Project) -> Iterator[Found]:
    """Only the draw, the offer and taking a free seat allot seats, in one place."""
    yield from _as_often(project.package, "allot", _ALLOT)
    yield from _as_often(project.package, "SeatRow", _SEAT_ROWS)


@rule
def bulk_writes(project: Project) -> Iterator[Found]:
    """Rows that are no objects are written in the store's one place, into the known tables."""
    store, written = project.below(_STORE), set()
    for name, known in _BULK.items():
        yield from _as_often(project.package if name == "_insert" else store, name, known)
    for source in store:
        for name, call in source.calls():
            if name in {"write", "write_numbered", "write_if_new"} and isinstance(
                call.func, ast.Name
            ):
                table = ast.unparse(call.args[1])
                written.add(table)
                if table not in _WITHOUT_AN_OBJECT:
                    yield Found(source.name, call.lineno, f"writes {table} without an object")
    for table in sorted(_WITHOUT_AN_OBJECT - written):
        yield Found(_STORE, 1, f"no longer writes {table} in bulk: strike it from the rule's list")


def _as_often(sources: list[Source], name: str, known: Mapping[str, int]) -> Iterator[Found]:
    for gone in sorted(known.keys() - {one.name for one in sources}):
        yield Found(gone, 1, f"is gone, and was known to call {name}")
    for source in sources:
        lines = [call.lineno for called, call in source.calls() if called == name]
        wanted = known.get(source.name, 0)
        if len(lines) != wanted:
            line = (lines or [1])[-1]
            yield Found(source.name, line, f"calls {name} {len(lines)} times; known are {wanted}")


@rule
def evaluated_scripts(project: Project) -> Iterator[Found]:
    """No handler returns a script: the content security policy lets no page evaluate it.

    Components may name a script, because it is compiled into the page.
    """
    for source in project.below(f"{PACKAGE}ui/"):
        for owner in source.nodes(ast.ClassDef):
            for node in ast.walk(owner):
                if (
                    isinstance(node, ast.Attribute)
                    and node.attr in _SCRIPTS
                    and ast.unparse(node.value) == "rx"
                ):
                    yield Found(source.name, node.lineno, f"answers with {ast.unparse(node)}")


@rule
def followed_topics(project: Project) -> Iterator[Found]:
    """A page follows topics that its address and visitor determine, not its state."""
    followed = 0
    for source in project.below(f"{PACKAGE}ui/"):
        named = {top.name for top in source.tree.body if isinstance(top, ast.AsyncFunctionDef)} | {
            alias.name
            for top in source.tree.body
            if isinstance(top, ast.ImportFrom)
            for alias in top.names
        }
        for name, call in source.calls():
            if name == "follow" and isinstance(call.func, ast.Name):
                followed += 1
                if not _is_beside_its_state(call.args[1], named):
                    code = ast.unparse(call.args[1])
                    yield Found(
                        source.name, call.lineno, f"follows {code}: name it beside the state"
                    )
    if not followed:
        yield Found(f"{PACKAGE}ui/", 1, "nothing calls follow: the rule watches an old name")


def _is_beside_its_state(topics: ast.expr, named: set[str]) -> bool:
    """Return whether these topics are no closure and no method, and so know no state."""
    if isinstance(topics, ast.Call):
        fixed = not any("self" in ast.unparse(one) for one in topics.args)
        return fixed and ast.unparse(topics.func) == "always"
    return isinstance(topics, ast.Name) and topics.id in named
