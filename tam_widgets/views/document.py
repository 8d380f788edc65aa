"""What pages that load nothing have in common: a policy, and data that stays data."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any


def inert(value: Any) -> bytes:
    """JSON that holds no `<`, so that no text in it can end the element around it."""
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c").encode()


def as_script(code: str) -> str:
    """Code that does not end the element around it."""
    return code.replace("</script", "<\\/script")


def policy(script: str, style: str, pictures: str) -> str:
    """A policy by which a page runs this script, has this style, and loads nothing.

    Args:
        script: The text of its only script.
        style: The text of its only style sheet.
        pictures: Where pictures come from, such as ``"blob:"``.
    """
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"img-src {pictures}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
