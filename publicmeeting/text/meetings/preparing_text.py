"""What reception prepares for visitors who need something on the day."""

TITLE = "برای این دوشنبه آماده کنید"
PROGRESS = "{ready} از {all} آماده است"
TICK = "آماده شد"
TAKE_BACK = "هنوز نه"
READY = "آماده: {name}، {at}"
