"""Lanes and contests of lost weeks: the citizen's pages and the page of the two judges."""

from publicmeeting.domain.choices import Lane, Verdict

# The citizen's timeline.
TITLE = "سهمیهٔ معلولان و سهمیهٔ فوری"
LEAD = "چند نوبت هر دوشنبه برای معلولان و کارهای بسیار فوری است. با مدرک می‌توانید بخواهید."
ASK = "خواستن سهمیه با مدرک"
KIND = "کدام سهمیه؟"
DOCUMENT_HINT = (
    "تا ۳ عکس خوانا. نام و شمارهٔ خود را روی مدرک بپوشانید. داوران نباید شما را بشناسند. پذیرش روز "
    "ملاقات اصل مدرک را کنار کارت شما می‌بیند."
)
HOW = (
    "دو کارشناس از دو واحد نظر می‌دهند، بی‌آنکه نام و نوشتهٔ شما یا نظر یکدیگر را ببینند. "
    "اگر هر دو موافق باشند، سهمیه می‌گیرید. دفتر عمومی آن را بی‌نام، کنار نشان درخواست، می‌نویسد."
)
SEND = "فرستادن مدرک"
ASKED = "«{lane}» خواسته‌اید"
ASKED_MEANS = "{answered} از ۲ کارشناس نظر داده است. {until} هر دو نظر می‌دهند."
LATE_MEANS = "{answered} از ۲ کارشناس نظر داده است. داوری {late} دارد و این دیرکرد شهرداری است."
MEANWHILE = "تا آن زمان در نوبت عمومی هستید و هفته‌های انتظارتان شمرده می‌شود."
GRANTED = "«{lane}» دارید"
GRANTED_MEANS = (
    "از قرعهٔ بعدی در این سهمیه هم هستید. کسی آن را پس نمی‌گیرد. روز ملاقات اصل مدرک را هم بیاورید."
)
REFUSED = "«{lane}» داده نشد"
REFUSED_MEANS = "در نوبت عمومی می‌مانید. با مدرک بهتر می‌توانید دوباره بخواهید."
REASONS = "دلیل دو کارشناس"
REASON: dict[Verdict, str] = {Verdict.YES: "موافق: {reason}", Verdict.NO: "مخالف: {reason}"}

# The road.
ROAD_OUTCOME: dict[Verdict, str] = {Verdict.YES: GRANTED, Verdict.NO: REFUSED}

# The judges' page.
LIST = "داوری"
LIST_EMPTY = "چیزی برای داوری نیست"
LIST_EMPTY_LEAD = "وقتی سامانه شما را برای داوری انتخاب کند، همین‌جا می‌آید."
CHOOSE = "یکی را انتخاب کنید"
CHOOSE_LEAD = "هر مدرک و هر اعتراض را دو کارشناس از دو واحد، جدا از هم، می‌بینند."
ASKED_ON = "فرستاده شد: {moment}"
BLIND = "نام و نوشتهٔ شهروند و نظر همکار دیگر پنهان است"
COUNTS = "چه مدرکی پذیرفته است؟"
COUNTS_AS: dict[Lane, str] = {
    Lane.ACCESS: "گواهی معلولیت که تاریخش نگذشته باشد.",
    Lane.URGENT: "مدرک خطر جان یا ساختمان، یا تاریخ دادگاه یا تخریب تا ده روز دیگر.",
}
DOCUMENTS = "مدرک"
YOURS = "نظر شما"
YOURS_LEAD = "شهروند همین دلیل را می‌خواند."
BECAUSE: dict[Verdict, str] = {
    Verdict.YES: "موافقم، چون:",
    Verdict.NO: "مخالفم، چون:",
}
RECORD = "ثبت نظر"
NEED = "یکی از دلیل‌ها را انتخاب کنید."
DONE = "نظر شما ثبت شد. نتیجه با نظر کارشناس دیگر معلوم می‌شود."

# Contests of lost weeks: the page of the two officers who judge, and her own page.

# The judges' page.
CONTEST_KIND = "اعتراض به از دست رفتن هفته‌ها"
CONTEST_BLIND = "نام شهروند و نظر همکار دیگر پنهان است"
CONTEST_QUESTION = "چه را داوری می‌کنید؟"
CONTEST_QUESTION_LEAD = (
    "پذیرش نوشته است که این شهروند نیامد و هفته‌های انتظارش از نو شمرده شد. او اعتراض دارد. "
    "اگر هر دو کارشناس حق را به او بدهند، هفته‌ها را پس می‌گیرد."
)
GIVEN_UP_QUESTION_LEAD = (
    "این شهروند نوبتش را {moment} پس داد و هفته‌های انتظارش از نو شمرده شد. او اعتراض دارد. "
    "اگر هر دو کارشناس حق را به او بدهند، هفته‌ها را پس می‌گیرد."
)
CONTEST_ON = "اعتراض: {moment}"
CONTEST_WORDS = "نوشتهٔ شهروند"
CONTEST_NO_WORDS = "نوشته پاک شده است."
CONTEST_DAY = "آنچه ثبت شد"
CONTEST_SEAT = "نوبت: {day}، ساعت {time}"
CONTEST_RULE = "قاعده: دو بار صدا زدن، و نیامدن ده دقیقه پس از وقت نوبت."
GIVEN_UP_RULE = (
    "قاعده: پس دادن دیر، یا بار سوم، هفته‌ها را از نو می‌شمارد. "
    "مدرک بیماری، حادثه یا درگذشت یکی از نزدیکان عذر است."
)
CONTEST_PRESENT_HERSELF = "خودش با کد سالن نوشت که در سالن است"
CONTEST_PRESENT_RECEPTION = "پذیرش نوشت که در سالن است"
CONTEST_ARRIVED = "پذیرش او را با کارت شناسایی پذیرفت"
CONTEST_MOVED = "جای ملاقات عوض شد"
CONTEST_CALLED = "صدایش زدند"
CONTEST_COMING = "گفت دارد می‌آید"
CONTEST_RUNG = "تلفن زدند و پاسخی نیامد"
CONTEST_REACHED = "تماس تلفنی برقرار شد"
CONTEST_FETCHED = "پذیرش در سالن سراغش رفت"
CONTEST_MISSED = "پذیرش نوشت «نیامد»"
CONTEST_GAVE_UP = "نوبت را پس داد"
CONTEST_CAME_LATE = "دیرتر آمد و پذیرفته شد"
CONTEST_NO_TIME = "—"
CONTEST_NEVER_PRESENT = "حضوری ثبت نشده است"
CONTEST_NEVER_CALLED = "صدا زدنی ثبت نشده است"

# Her own page.
CONTEST_DOCUMENT_HINT = (
    "اگر بیماری، حادثه یا درگذشت یکی از نزدیکان مانع شد، عکس مدرک آن لازم است. نام و شماره را روی "
    "آن بپوشانید."
)
CONTEST_TITLE = "اعتراض شما به از دست رفتن هفته‌ها"
CONTEST_HEAD = "دو کارمند داوری می‌کنند"
CONTEST_WHO = "دو کارمند از دو واحد، بی آنکه نام شما را ببینند، نظر می‌دهند."
CONTEST_MEANS = "{answered} از ۲ کارمند نظر داده است. {until} هر دو نظر می‌دهند."
CONTEST_LATE_MEANS = (
    "{answered} از ۲ کارمند نظر داده است. داوری {late} دارد و این دیرکرد شهرداری است."
)
CONTEST_NOBODY = "هنوز دو کارمندی که بتوانند داوری کنند پیدا نشده‌اند. سامانه دنبال آن‌هاست."
CONTEST_THEN = "اگر هر دو حق را به شما بدهند، هفته‌های انتظارتان را پس می‌گیرید."
