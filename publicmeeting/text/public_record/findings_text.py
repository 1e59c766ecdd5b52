"""What a verifier may find wrong with a published draw or the public log, one sentence each.

`{place}` is where: a key of the file, a party, a ticket or the number of an entry.
"""

from publicmeeting.turns.fault import Finding

FINDING: dict[Finding, str] = {
    Finding.NOT_A_FILE: "این پروندهٔ قرعه نیست.",
    Finding.KEY_MISSING: "در پرونده بخش {place} نیست.",
    Finding.KEY_TOO_MANY: "بخش {place} جایش در این پرونده نیست.",
    Finding.MALFORMED: "آنچه در {place} آمده شکل درستی ندارد.",
    Finding.DISTRICT_DIFFERS: "نام قرعه از منطقهٔ دیگری است.",
    Finding.RULES_HASH_DIFFERS: "قاعده‌ها با اثرشان نمی‌خواند.",
    Finding.CITY_COMMITMENT_MISSING: "شهرداری پیش از قرعه رمزی نسپرده بود.",
    Finding.POOL_NOT_SORTED: "ردیف‌های فهرست به ترتیب نیست.",
    Finding.TICKET_TWICE: "یک نشان دو بار در فهرست است: {place}",
    Finding.POOL_ROOT_DIFFERS: "فهرست با ریشه‌اش نمی‌خواند.",
    Finding.CITY_REVEAL_MISSING: "شهرداری رمزش را نشان نداده است.",
    Finding.REVEAL_UNCOMMITTED: "رمزی نشان داده شد که پیش‌تر سپرده نشده بود: {place}",
    Finding.REVEAL_DIFFERS: "این رمز همانی نیست که سپرده شده بود: {place}",
    Finding.SEED_DIFFERS: "دانهٔ قرعه از رمزها به دست نمی‌آید.",
    Finding.SEATED_DIFFERS: "نوبت‌ها طبق قاعده نیست.",
    Finding.STANDBY_DIFFERS: "ترتیب ذخیره‌ها طبق قاعده نیست.",
    Finding.SEQ_BROKEN: "دفتر عمومی در ثبت {place} پیوسته نیست.",
    Finding.LINK_BROKEN: "ثبت {place} به ثبت پیش از خود بسته نیست.",
    Finding.HASH_DIFFERS: "ثبت {place} دست خورده است.",
    Finding.TIME_GOES_BACK: "ثبت {place} زمانی پیش از ثبت قبلی دارد.",
    Finding.NOT_IN_LOG: "دفتر عمومی چنین قرعه‌ای را نمی‌شناسد.",
    Finding.TOLD_OTHERWISE: "دفتر عمومی دربارهٔ {place} چیز دیگری گفته است.",
    Finding.REVEALED_EARLY: "رمزی پیش از بسته شدن فهرست نشان داده شد.",
    Finding.NEVER_FILED: "دفتر عمومی چنین درخواستی را نمی‌شناسد: {place}",
    Finding.WAITED_DIFFERS: "هفته‌های انتظار همان شمارش نیست: {place}",
    Finding.DEBT_DIFFERS: "بدهی شهرداری به این نشان با دفتر عمومی نمی‌خواند: {place}",
    Finding.LANE_DIFFERS: "سهمیهٔ این نشان با دفتر عمومی نمی‌خواند: {place}",
    Finding.WEEKS_RESTORED_WRONG: "ثبت {place} هفته‌های دیگری برگردانده است.",
}
