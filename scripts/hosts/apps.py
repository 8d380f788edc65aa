"""Frameworks that serve an app written in Python."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Page

from .notebooks import write
from .servers import run, running

NAME = "app.py"


@contextlib.contextmanager
def _served(page: Page, folder: Path, code: Sequence[str], *command: str) -> Iterator[None]:
    (folder / NAME).write_text("\n\n".join(code), "utf-8")
    with running(folder, *command) as url:
        page.goto(url, timeout=90_000)
        yield


@contextlib.contextmanager
def panel(page: Page, folder: Path, code: Sequence[str]) -> Iterator[None]:
    with _served(page, folder, code, "panel", "serve", NAME, "--port={port}"):
        yield


@contextlib.contextmanager
def shiny(page: Page, folder: Path, code: Sequence[str]) -> Iterator[None]:
    with _served(page, folder, code, "shiny", "run", "--port={port}", NAME):
        yield


@contextlib.contextmanager
def solara(page: Page, folder: Path, code: Sequence[str]) -> Iterator[None]:
    command = ("solara", "run", NAME, "--port={port}", "--no-open", "--production")
    with _served(page, folder, code, *command):
        yield


@contextlib.contextmanager
def streamlit(page: Page, folder: Path, code: Sequence[str]) -> Iterator[None]:
    command = ("streamlit", "run", NAME, "--server.headless=true", "--server.port={port}")
    with _served(page, folder, code, *command, "--browser.gatherUsageStats=false"):
        yield


@contextlib.contextmanager
def marimo_run(page: Page, folder: Path, code: Sequence[str]) -> Iterator[None]:
    with _marimo(page, folder, code, "run"):
        yield


@contextlib.contextmanager
def marimo_edit(page: Page, folder: Path, code: Sequence[str]) -> Iterator[None]:
    with _marimo(page, folder, code, "edit"):
        yield


@contextlib.contextmanager
def _marimo(page: Page, folder: Path, code: Sequence[str], mode: str) -> Iterator[None]:
    (folder / "pyproject.toml").write_text("[tool.marimo.runtime]\nauto_instantiate = true\n")
    run(folder, "marimo", "convert", write(folder, code).name, "-o", NAME)
    command = ("marimo", mode, NAME, "--port={port}", "--headless", "--no-token")
    with running(folder, *command) as url:
        page.goto(url, timeout=90_000)
        yield
