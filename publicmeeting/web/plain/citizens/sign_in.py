"""Forms to sign in by mobile and code, on any plain page."""

from markupsafe import Markup
from starlette.requests import Request

from publicmeeting.domain.people import masked_mobile
from publicmeeting.kit.digits import persian
from publicmeeting.notify.codes import UNSENT
from publicmeeting.text.common import chrome_text, sign_in_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal_in, refusal_key
from publicmeeting.text.refusals.sign_in_refusals_text import SIGN_ON
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import (
    MISTYPED,
    PENDING,
    Pending,
    Refill,
    Refilled,
    open_mistyped,
    pending_mobile,
)
from publicmeeting.web import browser
from publicmeeting.web.plain.elements import button, digits, el, form, hidden, link, notice


async def sign_in_form(request: Request, here: str, onward: str) -> Markup:
    """Return the form that is due; `here` is this page, `onward` where a right code leads.

    The form for a mobile is due also while a code is pending, if she asks for it or a single
    sign-on has just failed: its providers are beside this form.
    """
    query = request.query_params
    refused, of_mobile = refusal_in(query), refusal_key(query).startswith("mobile")
    is_sign_on = refusal_key(query) in SIGN_ON
    tone = "saffron" if is_sign_on else "brick"
    waiting = "" if query.get("other") or is_sign_on else await _waiting(request)
    sent_to = masked_mobile(waiting) if waiting else ""
    back = hidden(back=here, next=onward)
    if not sent_to:
        ask = digits(
            filing_text.MOBILE,
            "mobile",
            persian(await _mistyped(request)) if of_mobile else "",
            hint=filing_text.MOBILE_HINT,
            complete="tel",
            error=refused if of_mobile else "",
        )
        return el(
            "div",
            notice("" if of_mobile else refused, tone=tone),
            form("/auth/code", ask, button(filing_text.SEND_CODE), back),
            *_other_ways(request, back),
            el(
                "p",
                el("strong", chrome_text.NO_MOBILE),
                " ",
                el("a", chrome_text.CALL_137, href="tel:137", class_="link"),
                " ",
                chrome_text.OR_THE_DESK,
                class_="text-ink2",
            ),
            class_="grid gap-6",
        )
    is_unsent = refusal_key(query) in UNSENT
    code = digits(
        filing_text.CODE,
        "code",
        hint=filing_text.CODE_HINT,
        error="" if is_unsent else refused,
        complete="one-time-code",
    )
    mobile = el("bdi", sent_to, dir="ltr")
    return el(
        "div",
        notice(refused) if is_unsent else notice(filing_text.CODE_SENT, mobile, tone="glaze"),
        form("/auth/confirm", code, button(filing_text.CHECK_CODE), back),
        form("/auth/code", button(filing_text.CODE_AGAIN, kind="secondary"), back),
        link(filing_text.CODE_MISSING, f"{here}{'&' if '?' in here else '?'}other=1"),
        class_="grid gap-6",
    )


def _other_ways(request: Request, back: Markup) -> list[Markup]:
    """Return a form for each single sign-on provider."""
    links = [
        form(
            f"/auth/sso/{client.provider.name}",
            button(sign_in_text.ENTER_WITH.format(title=client.provider.title), kind="secondary"),
            back,
        )
        for client in browser.application(request).sso.clients
    ]
    return [el("p", sign_in_text.OR, class_="text-center text-ink2"), *links] if links else []


async def _mistyped(request: Request) -> str:
    """Return the mobile that was just refused; empty if there is none."""
    command = Refill(sealed=browser.cookie(request, MISTYPED), field=Refilled.MOBILE)
    return await browser.query(request, open_mistyped, command)


async def _waiting(request: Request) -> str:
    """Return the mobile that waits for its code; empty if there is none."""
    sealed = browser.cookie(request, PENDING)
    if not sealed:
        return ""
    command = Pending(sealed=sealed)
    mobile = await browser.query(request, pending_mobile, command)
    return mobile or ""
