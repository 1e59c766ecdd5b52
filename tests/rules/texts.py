"""Rules about Persian texts: letters, spelling, length, and a sentence for every refusal."""

import ast
import re
import string
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .sources import PACKAGE, Found, Project, Source, rule, strings

TEXT = f"{PACKAGE}text/"
_PERSIAN = re.compile("[آ-ی]")
_NOT_PERSIAN = re.compile("[يكة0-9٠-٩]")
_WORDS_MOST = 20
_GUARDS = tuple(
    f"{PACKAGE}domain/lifecycle/{name}.py" for name in ("guards", "order_guards", "absence")
)

_FORBIDDEN = {
    "Arabic yeh, kaf or digits": "[يك٠-٩]",
    "digits that are not Persian": "[0-9]",
    "an exclamation": "[!]",
    "quotes that are not «»": '["“”]',
    "a verb without its half-space": r"(?<![\w‌])ن?می [آ-ی]",
    "a plural without its half-space": r" ها(ی|یی|ست|یتان)?(?![\w‌])",
    "a stiff verb": "می‌باش|گردید|گردد|نمایید|نموده",
    "an hour that the city announces": "(?<!پنج)شنبه [^.؛«{}]{0,14}(ظهر|شب|ساعت [۰-۹])",
    "a spelling": "تایید|مسئله|حتما ",
    "a second name of the tracking code": "کد پیگیری|شناسهٔ پیگیری|شمارهٔ پیگیری",
    "a second name of the ticket": "شمارهٔ بی‌نام",
    "a second name of the way back": "^برگشت( به [^.]+)?$",
    "a second name of lateness": "عقب (است|اند|ماند)",
    "a second name of a promise": "وعده",
    "a district without its hamza": "منطقه [۰-۹]",
    "blame": "اشتباه کرده‌اید|نامعتبر|کاربر عزیز|ارباب",
    "an unmeasured promise": "اسرع وقت|به‌زودی|بزودی",
    "office jargon": "ذی‌ربط|مقتضی|عنداللزوم|اقدام لازم",
    "a word that readers stumble over": "برگزی|برمی‌گزین|نماگرفت|رخداد|اول‌آمده|بردارید|بی عکس",
    "a command to one familiar person": (
        r"(?<![\w‌])(بده|بسپار|بزن|کن|ببند|بفرست|بساز|بخوان|برو|ببین|بنویس|بگذار|بردار)(?![\w‌])"
    ),
    "how many districts there are": "۲۲ منطق",
    "two spaces": "  ",
    "a space before a stop": " [.،؛:؟]",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One string literal and its place."""

    path: str
    line: int
    text: str


@rule
def persian_letters(project: Project) -> Iterator[Found]:
    """Persian text has Persian letters and digits; docstrings are English, a pattern is code."""
    for source in project.below(TEXT):
        patterns = {
            id(argument)
            for node in source.nodes(ast.Call)
            if ast.unparse(node.func).startswith("re.")
            for argument in node.args
        }
        for sentence in _sentences(source, patterns):
            # A placeholder in braces is code, not Persian.
            found = _NOT_PERSIAN.search(re.sub(r"\{[^}]*\}", "", sentence.text))
            if found:
                yield Found(sentence.path, sentence.line, f"«{found[0]}» in «{sentence.text}»")


@rule
def forbidden_words(project: Project) -> Iterator[Found]:
    """No text has words or forms that `_FORBIDDEN` lists with their reasons."""
    patterns = {what: re.compile(pattern) for what, pattern in _FORBIDDEN.items()}
    for source in project.below(TEXT):
        for sentence in _sentences(source):
            # With a number in place of each placeholder.
            shown = re.sub(r"\{[a-z_]*\}", "۵", sentence.text)
            for what, pattern in patterns.items():
                if pattern.search(shown):
                    yield Found(sentence.path, sentence.line, f"{what}: «{sentence.text}»")


@rule
def dots_end_lines(project: Project) -> Iterator[Found]:
    """A dot between two facts sticks to the one before it, so that no line begins with it."""
    for source in project.below(TEXT, f"{PACKAGE}ui/", f"{PACKAGE}web/"):
        docstrings = {id(node.value) for node in source.nodes(ast.Expr)}
        for node in source.nodes(ast.Constant):
            text = node.value
            if isinstance(text, str) and " · " in text and id(node) not in docstrings:
                yield Found(source.name, node.lineno, "write «\\u00a0· »")


@rule
def sentence_length(project: Project) -> Iterator[Found]:
    """A sentence has at most 20 words."""
    for source in project.below(TEXT):
        for sentence in _sentences(source):
            for part in re.split("[.؛؟:]", sentence.text):
                words = len(part.split())
                if words > _WORDS_MOST:
                    yield Found(sentence.path, sentence.line, f"{words} words: «{part.strip()}»")


def _sentences(source: Source, but: Collection[int] = ()) -> Iterator[Sentence]:
    """Yield every Persian text of a module, except docstrings and the excluded nodes."""
    left_out = {id(node.value) for node in source.nodes(ast.Expr)}.union(but)
    for node in source.nodes(ast.Constant):
        text = node.value
        if isinstance(text, str) and id(node) not in left_out and _PERSIAN.search(text):
            yield Sentence(source.name, node.lineno, text)


@rule
def refusal_sentences(project: Project) -> Iterator[Found]:
    """Every refusal raised with a fixed key has a sentence and passes the facts that it needs."""
    known = refusals(project)
    for source in project.package:
        for name, call in source.calls():
            if name not in {"Denied", "Invalid"} or not isinstance(call.func, ast.Name):
                continue
            facts = {keyword.arg for keyword in call.keywords}
            for key in sorted(_fixed_keys(call.args[0]) if call.args else ()):
                for lacking in _lacking(key, facts, known):
                    yield Found(source.name, call.lineno, lacking)


def _fixed_keys(argument: ast.expr) -> set[str]:
    if isinstance(argument, ast.Constant | ast.IfExp):
        return {key for key in strings(argument) if key.isidentifier()}
    return set()


def _lacking(key: str, facts: set[str | None], known: dict[str, Sentence]) -> Iterator[str]:
    if key not in known:
        yield f"{key} has no sentence"
    elif key == "photo_kind":  # it has a sentence for each kind of file
        if "photo_kind_pdf" not in known:
            yield "photo_kind has no sentence for a PDF"
    elif None not in facts:  # None stands for **facts, taken from another refusal
        missing = _placeholders(known[key].text) - facts
        if missing:
            yield f"{key} is not given {', '.join(sorted(missing))}"


@rule
def guard_sentences(project: Project) -> Iterator[Found]:
    """Every key of a guard has a sentence without placeholders, because guards pass no facts."""
    known = refusals(project)
    returns = (
        (source, node)
        for source in (project.sources[name] for name in _GUARDS)
        for function in source.nodes(ast.FunctionDef)
        if function.returns and ast.unparse(function.returns) == "str | None"
        for node in ast.walk(function)
        if isinstance(node, ast.Return)
    )
    for source, node in returns:
        for word in sorted(strings(node)):
            if word not in known:
                yield Found(source.name, node.lineno, f"{word} has no sentence")
            elif _placeholders(known[word].text):
                yield Found(source.name, node.lineno, f"the sentence of {word} needs facts")


@rule
def refusal_form(project: Project) -> Iterator[Found]:
    """A refusal says what happened and what to do; for an empty field only the latter."""
    for key, sentence in _refusals(project):
        shown = re.sub(r"\{[a-z_]+\}", "۱۲", sentence.text)
        if re.search("[{}0-9]", shown) or not shown.endswith("."):
            yield Found(
                sentence.path, sentence.line, f"{key} is no sentence to be shown: «{sentence.text}»"
            )
        if not key.endswith("_missing") and not re.search("[.؛] ", shown):
            yield Found(
                sentence.path, sentence.line, f"{key} says only one thing: «{sentence.text}»"
            )


@rule
def refusal_once(project: Project) -> Iterator[Found]:
    """A refusal has one sentence: of two with the same key, one would never be shown."""
    first: dict[str, Sentence] = {}
    for key, sentence in _refusals(project):
        if first.setdefault(key, sentence) is not sentence:
            yield Found(sentence.path, sentence.line, f"{key} stands in {first[key].path} already")


def refusals(project: Project) -> dict[str, Sentence]:
    """Return key → sentence of every refusal in `text/refusals`."""
    return dict(_refusals(project))


def _refusals(project: Project) -> list[tuple[str, Sentence]]:
    return [
        (key.value, Sentence(source.name, key.lineno, value.value))
        for source in project.below(f"{TEXT}refusals")
        for node in source.nodes(ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
        and isinstance(value, ast.Constant)
        and isinstance(key.value, str)
        and isinstance(value.value, str)
    ]


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
