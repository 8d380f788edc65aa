"""Make live pages.

python -m scripts.live_pages FOLDER [NAME…]
python -m scripts.live_pages --list
"""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.live_pages import NAMES, PAGES, build


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.live_pages", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where NAME.html is written")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which pages; by default all")
    parser.add_argument("--list", action="store_true", help="list the pages")
    options = parser.parse_args()
    if options.list:
        for name in NAMES:
            print(f"{name:18} {PAGES[name].title}")
    if options.folder:
        for file in build(options.folder, options.names or None).values():
            print(f"{file}: {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
