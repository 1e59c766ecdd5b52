"""The private proof sheet: what binds a ticket to a person."""

TITLE = "برگهٔ اثبات"
SALT = "رمز برگه"
WHY = "هر کس این رمز و نشان را داشته باشد، می‌تواند کد ملی شما را حدس بزند."
CHECK = "دیدن ردیف من در قرعه"
