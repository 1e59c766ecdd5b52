"""What a verifier may find wrong with a published draw or the public log, one sentence each.

`{place}` is where: a key of the file, a party, a ticket or the number of an entry.
"""

from publicmeeting.turns.finding import FindingCode

FINDING: dict[FindingCode, str] = {
    FindingCode.NOT_A_FILE: "این پروندهٔ قرعه نیست.",
    FindingCode.KEY_MISSING: "در پرونده بخش {place} نیست.",
    FindingCode.KEY_TOO_MANY: "بخش {place} جایش در این پرونده نیست.",
    FindingCode.MALFORMED: "آنچه در {place} آمده شکل درستی ندارد.",
    FindingCode.DISTRICT_DIFFERS: "نام قرعه از منطقهٔ دیگری است.",
    FindingCode.RULES_HASH_DIFFERS: "قاعده‌ها با اثرشان نمی‌خواند.",
    FindingCode.CITY_COMMITMENT_MISSING: "شهرداری پیش از قرعه رمزی نسپرده بود.",
    FindingCode.POOL_NOT_SORTED: "ردیف‌های فهرست به ترتیب نیست.",
    FindingCode.TICKET_TWICE: "یک نشان دو بار در فهرست است: {place}",
    FindingCode.POOL_ROOT_DIFFERS: "فهرست با ریشه‌اش نمی‌خواند.",
    FindingCode.CITY_REVEAL_MISSING: "شهرداری رمزش را نشان نداده است.",
    FindingCode.REVEAL_UNCOMMITTED: "رمزی نشان داده شد که پیش‌تر سپرده نشده بود: {place}",
    FindingCode.REVEAL_DIFFERS: "این رمز همانی نیست که سپرده شده بود: {place}",
    FindingCode.SEED_DIFFERS: "دانهٔ قرعه از رمزها به دست نمی‌آید.",
    FindingCode.SEATED_DIFFERS: "نوبت‌ها طبق قاعده نیست.",
    FindingCode.STANDBY_DIFFERS: "ترتیب ذخیره‌ها طبق قاعده نیست.",
    FindingCode.SEQ_BROKEN: "دفتر عمومی در ثبت {place} پیوسته نیست.",
    FindingCode.LINK_BROKEN: "ثبت {place} به ثبت پیش از خود بسته نیست.",
    FindingCode.HASH_DIFFERS: "ثبت {place} دست خورده است.",
    FindingCode.TIME_GOES_BACK: "ثبت {place} زمانی پیش از ثبت قبلی دارد.",
    FindingCode.NOT_IN_LOG: "دفتر عمومی چنین قرعه‌ای را نمی‌شناسد.",
    FindingCode.TOLD_OTHERWISE: "دفتر عمومی دربارهٔ {place} چیز دیگری گفته است.",
    FindingCode.REVEALED_EARLY: "رمزی پیش از بسته شدن فهرست نشان داده شد.",
    FindingCode.NEVER_FILED: "دفتر عمومی چنین درخواستی را نمی‌شناسد: {place}",
    FindingCode.WAITED_DIFFERS: "هفته‌های انتظار همان شمارش نیست: {place}",
    FindingCode.DEBT_DIFFERS: "بدهی شهرداری به این نشان با دفتر عمومی نمی‌خواند: {place}",
    FindingCode.LANE_DIFFERS: "سهمیهٔ این نشان با دفتر عمومی نمی‌خواند: {place}",
    FindingCode.WEEKS_RESTORED_WRONG: "ثبت {place} هفته‌های دیگری برگردانده است.",
}
