"""What officials are notified of in the app; their notices never leave it."""

from publicmeeting.domain.roles import Role as R  # noqa: N817  (a column of names)
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O

STAFF: dict[tuple[A | O, R], tuple[str, str]] = {
    (A.SUBMIT, R.DESK): ("درخواست تازه", "درخواست {code} {until} پاسخ می‌خواهد."),
    (A.GIVE_INFO, R.DESK): ("توضیح یا مدرک رسید", "درخواست {code} {until} پاسخ می‌خواهد."),
    (A.REDIRECT, R.DESK): ("درخواستی از منطقهٔ دیگر", "درخواست {code} {until} پاسخ می‌خواهد."),
    (A.OBJECT_REDIRECT, R.OVERSEER): (
        "اعتراض به تغییر منطقه",
        "شهروند می‌گوید درخواست {code} از منطقهٔ {district} نیست.",
    ),
    (A.OBJECT, R.DESK): (
        "اعتراض به رد",
        "درخواست {code} نظر کارشناس دیگری را {until} می‌خواهد.",
    ),
    (A.INSIST, R.DESK): ("شهروند ملاقات خواست", "درخواست {code} در نوبت ملاقات است."),
    (A.ACCEPT_ANSWER, R.DESK): ("پاسخ پذیرفته شد", "درخواست {code} با پاسخ بسته شد."),
    (A.SAY_MET, R.MAYOR): (
        "ملاقات روی برگه درست بود",
        "شهروند درخواست {code} گفت روی کاغذ ملاقات شده است.",
    ),
    (A.ARRIVE, R.MAYOR): ("شهروند رسید", "نوبت ساعت {time} در سالن است."),
    (A.ARRIVE, R.DEPUTY): ("شهروند رسید", "نوبت ساعت {time} در سالن است."),
    (A.UNDO_ARRIVAL, R.MAYOR): ("پذیرش برگشت", "نوبت ساعت {time} هنوز نرسیده است."),
    (A.UNDO_ARRIVAL, R.DEPUTY): ("پذیرش برگشت", "نوبت ساعت {time} هنوز نرسیده است."),
    (A.COME_LATE, R.MAYOR): ("شهروند با تأخیر رسید", "درخواست {code} آخرین نفر امروز است."),
    (A.COME_LATE, R.DEPUTY): ("شهروند با تأخیر رسید", "درخواست {code} آخرین نفر امروز است."),
    (A.UNDO_LATE, R.MAYOR): ("پذیرش با تأخیر برگشت", "درخواست {code} در سالن نیست."),
    (A.UNDO_LATE, R.DEPUTY): ("پذیرش با تأخیر برگشت", "درخواست {code} در سالن نیست."),
    (A.OBJECT_REFUSAL, R.OVERSEER): (
        "اعتراض به پاسخ شهردار",
        "به اعتراض درخواست {code} {until} پاسخ دهید.",
    ),
    (O.ISSUE, R.UNIT): ("شهردار دستور داد", "دستور {order} را {until} بپذیرید یا برگردانید."),
    (O.RETURN, R.MAYOR): ("واحد کار را برگرداند", "برای دستور {order} {until} تصمیم بگیرید."),
    (O.RETURN, R.DEPUTY): ("واحد کار را برگرداند", "برای دستور {order} {until} تصمیم بگیرید."),
    (O.REASSIGN, R.UNIT): (
        "شهردار کاری را به شما سپرد",
        "دستور {order} را {until} بپذیرید یا برگردانید.",
    ),
    (O.ASK_EXTENSION, R.MAYOR): ("واحد مهلت خواست", "دلیل دستور {order} را ببینید و پاسخ دهید."),
    (O.ASK_EXTENSION, R.DEPUTY): ("واحد مهلت خواست", "دلیل دستور {order} را ببینید و پاسخ دهید."),
    (O.EXTEND, R.UNIT): ("شهردار مهلت داد", "مهلت تازهٔ دستور {order}: {due}."),
    (O.REFUSE_EXTENSION, R.UNIT): (
        "شهردار مهلت نداد",
        "مهلت دستور {order} همان است: {due}.",
    ),
    (O.TELL_UNIT, R.UNIT): ("شهروند پاسخ داد", "پاسخ دربارهٔ دستور {order} رسید."),
    (O.ASK_NEWS, R.UNIT): (
        "شهروند از وضع کار پرسید",
        "دربارهٔ دستور {order} تا پنج روز کاری بنویسید.",
    ),
    (O.CONFIRM_DONE, R.UNIT): ("شهروند گفت انجام شد", "دستور {order} به پایان رسید."),
    (O.CONFIRM_DONE, R.MAYOR): ("شهروند گفت انجام شد", "دستور {order} به پایان رسید."),
    (O.CONFIRM_DONE, R.DEPUTY): ("شهروند گفت انجام شد", "دستور {order} به پایان رسید."),
    (O.CONTEST, R.UNIT): ("شهروند گفت انجام نشد", "دلیل او دربارهٔ دستور {order} را ببینید."),
    (O.CONTEST, R.MAYOR): ("شهروند گفت انجام نشد", "دربارهٔ دستور {order} {until} تصمیم بگیرید."),
    (O.CONTEST, R.DEPUTY): ("شهروند گفت انجام نشد", "دربارهٔ دستور {order} {until} تصمیم بگیرید."),
    (O.RETRY, R.UNIT): ("کار دوباره به شما رسید", "دستور {order} را تا {due} تمام کنید."),
    (O.REOPEN, R.UNIT): ("شهروند کار را دوباره باز کرد", "دلیل او دربارهٔ دستور {order} را ببینید."),
    (O.REOPEN, R.MAYOR): (
        "شهروند کار را دوباره باز کرد",
        "دربارهٔ دستور {order} {until} تصمیم بگیرید.",
    ),
    (O.REOPEN, R.DEPUTY): (
        "شهروند کار را دوباره باز کرد",
        "دربارهٔ دستور {order} {until} تصمیم بگیرید.",
    ),
    (O.COMMENT, R.UNIT): ("یادداشت تازه", "دربارهٔ دستور {order} نوشته‌ای رسید."),
    (O.SAY_DONE, R.UNIT): ("شهروند از وضع کار گفت", "پاسخ او دربارهٔ دستور {order} را ببینید."),
    (O.SAY_DONE, R.MAYOR): ("شهروند از وضع کار گفت", "پاسخ او دربارهٔ دستور {order} را ببینید."),
    (O.SAY_DONE, R.DEPUTY): ("شهروند از وضع کار گفت", "پاسخ او دربارهٔ دستور {order} را ببینید."),
    (O.GIVE_DAYS_BACK, R.UNIT): (
        "مهلت شما جابه‌جا شد",
        "سامانه در پایان مهلت قطع بود. دستور {order} را تا {due} گزارش دهید.",
    ),
    (O.WARN_UNIT, R.UNIT): (
        "مهلت شما گذشت",
        "دستور {order} دیرکرد دارد. پس از سه روز کاری به شهردار می‌رسد.",
    ),
    (O.CLIMB_TO_MAYOR, R.UNIT): ("دیرکرد به شهردار رسید", "دستور {order} اکنون نزد شهردار است."),
    (O.CLIMB_TO_MAYOR, R.MAYOR): (
        "دیرکرد به شما رسید",
        "دستور {order} دیرکرد دارد. پس از پنج روز کاری به ناظر شهر می‌رسد.",
    ),
    (O.CLIMB_TO_MAYOR, R.DEPUTY): (
        "دیرکرد به شهردار رسید",
        "دستور {order} دیرکرد دارد. پس از پنج روز کاری به ناظر شهر می‌رسد.",
    ),
    (O.CLIMB_TO_CITY, R.MAYOR): ("دیرکرد به شهر رسید", "ناظر شهر دستور {order} را می‌بیند."),
    (O.CLIMB_TO_CITY, R.DEPUTY): ("دیرکرد به شهر رسید", "ناظر شهر دستور {order} را می‌بیند."),
    (O.CLIMB_TO_CITY, R.OVERSEER): (
        "دیرکردی به شهر رسید",
        "دستور {order} در منطقهٔ {district} دیرکرد دارد و شهردار کاری نکرده است.",
    ),
    (O.ASK_VOID, R.OVERSEER): (
        "دستوری به اشتباه ثبت شده است",
        "شهردار منطقهٔ {district} می‌گوید دستور {order} از آن شهروند دیگری است. تصمیم با شماست.",
    ),
    (O.VOID, R.UNIT): ("دستوری باطل شد", "دستور {order} به اشتباه ثبت شده بود و دیگر کاری ندارد."),
    (O.VOID, R.MAYOR): ("دستور باطل شد", "دستور درست درخواست {code} {until} با شماست."),
    (O.KEEP_ORDER, R.MAYOR): ("دستور می‌ماند", "ناظر شهر دستور {order} را باطل نکرد."),
}
