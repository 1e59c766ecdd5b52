"""What Reflex's own script says to people, in our words; `rxconfig.py` puts them in."""

import json

from publicmeeting.text.common import shell_text

_OURS = {
    '"A new version of this app is available."': shell_text.NEW_VERSION,
    '"Reload"': shell_text.RELOAD,
}


def in_persian(script: str) -> str:
    """Reflex's `state.js` with our words. ValueError where it says them in another way."""
    for english, persian in _OURS.items():
        if script.count(english) != 1:
            raise ValueError(f"state.js has not one {english}: Reflex says it in another way now")
        script = script.replace(english, json.dumps(persian, ensure_ascii=False))
    return script
