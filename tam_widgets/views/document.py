"""What pages that load nothing have in common: how they begin, and data that stays data."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import Any

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
"""


def inert(value: Any) -> bytes:
    """JSON that holds no `<`, so that no text in it can end the element around it."""
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c").encode()


def as_script(code: str) -> str:
    """Code that does not end the element around it."""
    return code.replace("</script", "<\\/script")


def head(title: str, style: str, script: str, pictures: str) -> str:
    """The beginning of a page that runs one script, has one style sheet, and loads nothing.

    Args:
        title: Its title, any text.
        style: The text of its style sheet.
        script: The text of its script.
        pictures: Where pictures come from, such as ``"blob:"``.
    """
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"img-src {pictures}; base-uri 'none'; form-action 'none'"
    )
    return _HEAD.format(policy=policy, title=html.escape(title), style=style)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
