"""Make the documentation's live pages, with the demo models.

python -m scripts.live_pages FOLDER [NAME…]    writes NAME.html of all pages, or of some
python -m scripts.live_pages --list
python -m scripts.live_pages --stills          makes docs/images/live, of all pages
python -m scripts.live_pages --page            makes docs/gallery.md
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from scripts.live_pages import NAMES, PAGES, build
from scripts.live_pages.guide import GUIDE, guide
from scripts.live_pages.stills import take


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.live_pages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", nargs="?", type=Path, help="where NAME.html is written")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which pages; by default all")
    parser.add_argument("--list", action="store_true", help="list the pages")
    parser.add_argument("--stills", action="store_true", help="photograph all pages")
    parser.add_argument("--page", action="store_true", help="write docs/gallery.md")
    options = parser.parse_args()
    if options.list:
        for name in NAMES:
            print(f"{name:18} {PAGES[name].title}")
    if options.folder:
        report(build(options.folder, options.names or None))
    if options.stills:
        with tempfile.TemporaryDirectory() as folder:
            report(take(build(options.folder or Path(folder))))
    if options.page:
        GUIDE.write_text(guide(), "utf-8")


def report(files: dict[str, Path]) -> None:
    for file in files.values():
        print(f"{file}: {file.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
