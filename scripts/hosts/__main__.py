"""Try the explorer, the anatomy and the gallery in every place where people work.

A real browser opens each.

    python -m scripts.hosts               all of them, some minutes
    python -m scripts.hosts panel shiny   these only

`make hosts` brings what that takes. The code that is run is that of docs/hosts.md; a picture of
each host goes to docs/images/hosts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from scripts.setup_browser import ARGS, find_browser

from . import apps, notebooks, static
from .trial import STEPS, Findings, Host, tried

SAMPLES: Final = Path(sys.prefix) / "samples"
NOTEBOOKS: Final = "JupyterLab, Notebook, nbclassic, Voila"

HOSTS: Final = {
    host.name: host
    for host in (
        Host("jupyterlab", "jupyterlab", NOTEBOOKS, notebooks.jupyterlab),
        Host("notebook", "notebook", NOTEBOOKS, notebooks.notebook),
        Host("nbclassic", "nbclassic", NOTEBOOKS, notebooks.nbclassic),
        Host("voila", "voila", NOTEBOOKS, notebooks.voila),
        Host("marimo-edit", "marimo", "marimo", apps.marimo_edit),
        Host("marimo-run", "marimo", "marimo", apps.marimo_run),
        Host("solara", "solara", "Solara", apps.solara),
        Host("shiny", "shiny", "Shiny for Python", apps.shiny),
        Host("panel", "panel", "Panel", apps.panel),
        Host(
            "streamlit",
            "streamlit",
            "Streamlit",
            apps.streamlit,
            asks=False,
            anatomy=False,
            gallery=False,
        ),
        Host("nbconvert", "nbconvert", NOTEBOOKS, static.nbconvert, live=False, samples=False),
        Host("myst-nb", "myst-nb", NOTEBOOKS, static.myst_nb, live=False, samples=False),
        Host("nbsphinx", "nbsphinx", NOTEBOOKS, static.nbsphinx, live=False, samples=False),
        Host("marimo-html", "marimo", "marimo", static.marimo_html, live=False, samples=False),
        Host("embed", "ipywidgets", "ipywidgets.embed", static.written, live=False, samples=False),
        Host("to_html", "anywidget", "One file", static.written, live=False),
    )
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="scripts.hosts", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("hosts", nargs="*", metavar="HOST", help=f"some of {', '.join(HOSTS)}")
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="what samples.py wrote")
    given = parser.parse_args()
    for name in given.hosts:
        if name not in HOSTS:
            parser.error(f"there is no host {name!r}: give some of {', '.join(HOSTS)}")
    if not (given.samples / "report").is_dir():
        sys.exit(f"hosts: {given.samples} holds no samples; make hosts writes them")
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        found = []
        for name in given.hosts or HOSTS:
            print(f"hosts: {name}", file=sys.stderr, flush=True)
            found.append(tried(HOSTS[name], browser, given.samples))
            print(*found[-1].problems, sep="\n", file=sys.stderr, flush=True)
        browser.close()
    print(table(found))
    sys.exit(any(one.problems for one in found))


def table(found: list[Findings]) -> str:
    """As Markdown."""
    rows = [["host", "version", *STEPS, "asks other machines"]]
    rows.append(["---"] * len(rows[0]))
    for one in found:
        asked = ", ".join(sorted(one.asked)) or "none"
        rows.append([one.host, one.version, *one.signs.values(), asked])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
