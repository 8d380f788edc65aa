"""Writes llms.txt for the documentation's site, from that of the repository.

python -m scripts.site_llms FOLDER

Links to pages of `docs/` become links to the site's pages; what the site does not have is left out.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "llms.txt"

_ENTRY = re.compile(r"^- \[[^]]+\]\(([^)]+)\)")


def for_site(text: str) -> str:
    """The text with links of the site."""
    lines = [line for line in text.splitlines() if _is_there(line)]
    return re.sub(r"\]\(docs/([\w-]+)\.md\)", r"](\1.html)", "\n".join(lines)) + "\n"


def _is_there(line: str) -> bool:
    entry = _ENTRY.match(line)
    return entry is None or entry[1].startswith("docs/")


def main() -> None:
    target = Path(sys.argv[1]) / "llms.txt"
    target.write_text(for_site(SOURCE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
