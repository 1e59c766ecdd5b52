"""JavaScript expressions of pages, evaluated on the server as a browser would."""

from typing import Any

import pytest
from support.each import for_each

from publicmeeting.ui.first.expressions import UNDEFINED, UnreadableError, read

KNOWN: dict[str, Any] = {
    "s": {"list": [1, 2], "none": None, "text": "متن", "empty": "", "off": False, "no": []},
    "at": 3,
}


@for_each(
    [
        ('s?.["text"]', "متن"),
        ('s?.["gone"]?.["deeper"]', UNDEFINED),
        ('s?.["none"]?.deep.deeper()', UNDEFINED),
        ('(s?.["list"]?.length > 0)', True),
        ('(s?.["gone"]?.length > 0)', False),
        ('s?.["list"]?.at?.(-1)', 2),
        ('s?.["list"]?.[5]', UNDEFINED),
        ('("#m-"+s?.["none"])', "#m-null"),
        ('("#m-"+s?.["gone"])', "#m-undefined"),
        ('("p"+at)', "p3"),
        ("at+1", 4),
        ("(at?.valueOf?.() === 3?.valueOf?.())", True),
        ('(s?.["text"] === "متن" ? "\\u0622\\u0628" : "b")', "آب"),
        ('(s?.["empty"]?.valueOf?.() === ""?.valueOf?.())', True),
        ("at === true", False),
        ("1 === true", False),
        ("null === undefined", False),
        ('!(isTrue(s?.["no"]))', True),
        ('!(s?.["no"])', False),
        ('pyAnd(s?.["off"], () => gone.gone)', False),
        ('pyOr(s?.["text"], () => gone.gone)', "متن"),
        ('(s?.["none"] ?? "else")', "else"),
        ('(s?.["empty"] || "else")', "else"),
        ('(at > 2 && "yes")', "yes"),
        ('pyStrSlice("0512000007", 3, 6)', "200"),
        ('pyStrSlice("0512000007", 6, null)', "0007"),
        ('"a1".split("")', ["a", "1"]),
        ("'f'+(parseInt(\"e\",16)>>2)", "f3"),
        ("'f'+(parseInt(\"e\",16)&3)", "f2"),
        ('({ ["__html"] : "<b>", a: [1] })', {"__html": "<b>", "a": [1]}),
        ("2+3*4", 14),
        ("10-3-2", 5),
        ("1 < 2 === true", True),
    ]
)
def test_an_expression_has_the_value_a_browser_gives_it(script: str, value: Any) -> None:
    assert read(script)(KNOWN) == value


@for_each(
    [
        "gone",
        "globalThis.location",
        "`${at}`",
        "at = 4",
        "new Date()",
        "(() => { return 1 })()",
        '("a"+s)',
        '("a" > 1)',
        's?.["none"].deep',
        's?.["text"]?.trim()',
        "at()",
        '"a" "b"',
        "[...s]",
        "at ?",
        "(at",
        "",
    ]
)
def test_what_is_not_known_is_refused_and_never_guessed(script: str) -> None:
    with pytest.raises(UnreadableError):
        read(script)(KNOWN)
