"""Who holds a Monday: the mayor's own word about it."""

from publicmeeting.domain.roles import Role

TITLE = "{day} را چه کسی برگزار می‌کند؟"
ME = "خودم"
BY = {Role.MAYOR: ME, Role.DEPUTY: "جانشین: {name}"}
WHY = "فقط کسی که اینجا نوشته شده می‌تواند آن روز دستور بدهد. مردم می‌بینند شهردار پذیرفت یا جانشین."
SEND = "ثبت"
SENDING = "در حال ثبت"
DONE = "ثبت شد: {who}"
