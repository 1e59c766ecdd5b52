"""What lies in the archive of the whole public log for whoever unpacks it."""

_COMMAND = "\n       python3 verify_draw.py . --lang fa\n"
_OPTIONS = "       --receipt FILE   --ticket TICKET   --key KEY\n"
_PROGRAM = "       SHA-256: {program}\n"
_ENGLISH = """\
-----------------------------------------------------------------------------

The public log of Tehran's public meetings ({origin}), up to entry {size}.

1. You need Python 3.8 or newer; no network, nothing to install.
2. In this folder (on Windows write py instead of python3):

       python3 verify_draw.py .

3. FINE: nothing was changed, left out or put in another order, and every seat
   follows from the rule. WRONG: the lines above name the entry or the draw, and why.

Also: --receipt FILE, --ticket TICKET, --key KEY, --lang fa.
Compare the SHA-256 of verify_draw.py with what witnesses say: {program}

checkpoint          what the city and witnesses signed of it
notes, note/SIZE    earlier signed notes
tile/entries/...    the entries (C2SP tlog-tiles)
draws/ID.json       lists, values and seats of each draw
verify_draw.py      the auditor; its rule is in docs/turns.md of the program's source
"""
_LINES = (
    "دفتر عمومی نوبت‌های دیدار با شهرداران مناطق.\n",
    "این بسته همهٔ دفتر {origin} تا سطر {size} است. پروندهٔ قرعه‌ها هم در آن هست،",
    "و برنامه‌ای که همه را از نو حساب می‌کند. نام و شمارهٔ کسی در آن نیست.\n",
    "۱. رایانه‌ای با پایتون ۳٫۸ یا تازه‌تر لازم است. اینترنت و نصب چیز دیگری لازم نیست.",
    "۲. پایانهٔ رایانه را در همین پوشه باز کنید و این فرمان را بنویسید.",
    "در ویندوز نخستین کلمهٔ فرمان را py بنویسید.",
    _COMMAND,
    "۳. اگر سطر آخر «درست» است، هیچ سطری عوض، کم یا جابه‌جا نشده است.",
    "هر نوبت هم به حکم قاعده داده شده است.",
    "اگر «نادرست» است، سطرهای بالای آن می‌گوید کدام ثبت یا قرعه و چرا.",
    "آن سطرها و همین بسته را نگه دارید. به شورای شهر، بازرسی یا روزنامه بدهید.\n",
    "رسید، نشان یا کلید شهر را هم می‌توانید در پایان فرمان بنویسید تا سنجیده شود:",
    _OPTIONS,
    "به این برنامه هم اعتماد نکنید. اثر آن باید همان باشد که شاهدان می‌گویند:",
    _PROGRAM,
    _ENGLISH,
)
README = "\n".join(_LINES)
"""`{origin}` names the log, `{size}` is its last entry, `{program}` the verifier's hash."""
