"""Names of the roles, and who did a step as the timeline says it."""

from publicmeeting.domain.roles import Role as R  # noqa: N817  (a column of names)
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian

ROLE: dict[R, str] = {
    R.CITIZEN: "شهروند",
    R.DESK: "میز خدمت",
    R.RECEPTION: "پذیرش",
    R.PHONE: "تلفن ۱۳۷",
    R.UNIT: "واحد مسئول",
    R.MAYOR: "شهردار",
    R.DEPUTY: "جانشین شهردار",
    R.OVERSEER: "ناظر شهر",
    R.ADMINISTRATOR: "مدیر سامانه",
    R.JUDGE: "کارشناس داور",
    R.CLOCK: "سامانه",
}


_YOU = "شما"
_DRAW = "قرعهٔ علنی"
_STANDBY = "فهرست ذخیره"

_IN_DISTRICT: dict[R, str] = {
    R.DESK: "میز خدمت منطقهٔ {district}",
    R.RECEPTION: "پذیرش منطقهٔ {district}",
    R.UNIT: "واحد مسئول در منطقهٔ {district}",
    R.MAYOR: "شهردار منطقهٔ {district}",
    R.DEPUTY: "جانشین شهردار منطقهٔ {district}",
}
_OF_THE_DRAW = {Action.SEAT: _DRAW, Action.OFFER: _STANDBY}


_HELPERS = (R.DESK, R.PHONE)
_HELPED = "با کمک {who}"
_UNIT = "واحد {unit} در منطقهٔ {district}"


def who(role: R, district: int, action: object = None, *, unit: str = "", own: bool = False) -> str:
    """Who did a step, without a name: «میز خدمت منطقهٔ ۶», «شما», «قرعهٔ علنی».

    `own`: the reader is the citizen of the case; `unit` the name of the unit, where it is known.
    """
    if role is R.UNIT and unit:
        return _UNIT.format(unit=unit, district=persian(district))
    if role in _HELPERS and action is Action.SUBMIT:  # its district is the request's, not his
        return _HELPED.format(who=ROLE[role])
    if role is R.CITIZEN:
        return _YOU if own else ROLE[role]
    if role is R.CLOCK and isinstance(action, Action):
        return _OF_THE_DRAW.get(action, ROLE[role])
    return _IN_DISTRICT.get(role, ROLE[role]).format(district=persian(district))


_SIGNED: dict[R, str] = {
    R.UNIT: "کارشناس واحد {unit}\u00a0· منطقهٔ\u00a0{district}",
    R.MAYOR: "شهردار منطقهٔ\u00a0{district}",
    R.DEPUTY: "جانشین شهردار منطقهٔ\u00a0{district}",
    R.DESK: "کارشناس میز خدمت منطقهٔ\u00a0{district}",
    R.RECEPTION: "پذیرش سالن ملاقات منطقهٔ\u00a0{district}",
    R.OVERSEER: "ناظر شهر",
    R.PHONE: "کارشناس تلفن\u00a0۱۳۷",
}


def signed(role: R, district: int, unit: str = "", *, own: bool = False) -> str:
    """Role and office under what somebody wrote or opened: «کارشناس واحد فنی و عمران · منطقهٔ ۶».

    A unit that is not known is signed as one of its district."""
    if role not in _SIGNED or (role is R.UNIT and not unit):
        return who(role, district, own=own)
    return _SIGNED[role].format(unit=unit, district=persian(district))
