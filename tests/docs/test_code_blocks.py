"""Every block of code of README and documentation runs, and every command in it exists.

A page's Python runs from top to bottom in one namespace, in a temporary folder with the pictures,
films and data that its code names: demo scenes. Of published checkpoints nothing is downloaded:
`from_pretrained` gives the demo model of their kind (LLaVA's for names with "llava", Qwen2-VL's for
all others), loaded with the options that the page gives. So this shows that the code is right, and
nothing of what a published model would answer.

A block that cannot be run here has `<!-- not run: reason -->` in the line above it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .commands import check_command, commands
from .pages import PAGES, blocks
from .reader import Reading

RUN_ELSEWHERE = {"docs/gallery.md"}
"""Of the live pages, whose code `test_live_pages.py` runs."""
WITH_PYTHON = [
    page
    for page in PAGES
    if page not in RUN_ELSEWHERE and any(not one.not_run for one in blocks(page, "python", "pycon"))
]
WITH_COMMANDS = [page for page in PAGES if blocks(page, "sh")]
MOST_NOT_RUN = 14
"""Blocks that are not run, in all pages together: each is code that may break unnoticed."""


@pytest.mark.parametrize("page", WITH_PYTHON)
def test_the_code_of_a_page_runs(page: str, reading: Callable[[str], Reading]) -> None:
    reading(page)


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_the_commands_of_a_page_exist(page: str) -> None:
    for block in blocks(page, "sh"):
        for command in [] if block.not_run else commands(block):
            check_command(command, block)


def test_few_blocks_are_not_run() -> None:
    left_out = [
        f"{block}: {block.not_run}" for page in PAGES for block in blocks(page) if block.not_run
    ]
    print(*left_out, sep="\n")
    assert len(left_out) <= MOST_NOT_RUN


@pytest.mark.parametrize("page", PAGES)
def test_what_is_not_run_is_python_all_the_same(page: str) -> None:
    for block in blocks(page, "python"):
        if block.not_run and "%" not in block.code:
            compile(block.code, str(block), "exec")


@pytest.mark.parametrize("page", PAGES)
def test_every_block_names_its_language(page: str) -> None:
    assert [str(block) for block in blocks(page) if not block.language] == []
