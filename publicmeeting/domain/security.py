"""What is worth an administrator's look: attacks, closed doors, and commands at the server."""

from enum import StrEnum


class SecurityKind(StrEnum):
    """A kind of security event; the value is kept."""

    SIGN_IN_FAILED = "sign_in_failed"
    CODE_WRONG = "code_wrong"
    TRACKING_WRONG = "tracking_wrong"
    IDENTITY_REFUSED = "identity_refused"
    """Somebody filed with an identity that is registered with another mobile."""
    DISPLACED = "displaced"
    """Who had typed an identity has lost it to whoever has proved it."""
    SSO_REFUSED = "sso_refused"
    """An answer of a sign-on provider that was not believed; provider and reason are said."""
    MOBILE_CHANGED = "mobile_changed"
    """A citizen has given her files another mobile; the one before is named by its mark."""
    LIMIT_REACHED = "limit_reached"
    """A limit has refused; which one is said."""
    ROLE_REFUSED = "role_refused"
    """A use case of another role was asked for."""
    OBJECT_REFUSED = "object_refused"
    """Something that exists was asked for by somebody who may not see it."""
    SECOND_STEP_WRONG = "second_step_wrong"
    """The password was right, the code behind it was not."""
    PASSKEY_REFUSED = "passkey_refused"
    PASSKEY_COPIED = "passkey_copied"
    """A key's count of signatures went back: two devices may hold it."""
    SMS_BUDGET = "sms_budget"
    COMMAND = "command"
    """An administrative command at the server."""
