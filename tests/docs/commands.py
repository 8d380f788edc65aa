"""Whether what a shell block says exists: subcommands and options, targets, modules, files."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator

import pytest

from tam_widgets.cli import _parser

from .pages import ROOT, Block

OTHERS = ("cd", "export", "git", "jupyter", "npm", "npx", "open", "sed", "ssh")
"""Programs that are not ours, which are not looked at."""
_VARIABLE = re.compile(r"^\w+=")
_EXTRAS = re.compile(r"tam[-_]widgets(?:[^\[\s]*)\[([\w,-]+)\]|^\.\[([\w,-]+)\]")


def commands(block: Block) -> Iterator[list[str]]:
    """The words of each command of a block, without comments and variables before it."""
    joined = block.code.replace("\\\n", " ")
    for line in joined.splitlines():
        lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars=";&|")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if set(word) <= set(";&|"):
                while words and _VARIABLE.match(words[0]):
                    words.pop(0)
                if words:
                    yield words
                words = []
            else:
                words.append(word)


def check_command(words: list[str], block: Block) -> None:
    """Raises an `AssertionError` that names what a command has that does not exist."""
    program, *arguments = words
    told = f"{block}: {' '.join(words)}"
    if program.rpartition("/")[2] == "tam-widgets":
        _check_own(arguments, told)
    elif program == "make":
        _check_targets(arguments, told)
    elif program.rpartition("/")[2] in ("python", "python3"):
        _check_python(arguments, told)
    elif program.rpartition("/")[2] in ("pip", "pytest", "ruff", "mypy"):
        _check_installed(arguments, told)
    else:
        assert program in OTHERS, f"{told}: {program!r} is not a program that the test knows"


def _check_own(arguments: list[str], told: str) -> None:
    try:
        _parser().parse_args(arguments)
    except SystemExit as ended:
        if ended.code:
            pytest.fail(f"{told}: tam-widgets takes no such arguments")


def _check_targets(arguments: list[str], told: str) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for one in arguments:
        known = _VARIABLE.match(one) or one in targets
        assert known, f"{told}: the Makefile has no target {one!r}"


def _check_python(arguments: list[str], told: str) -> None:
    if arguments[:1] == ["-m"]:
        name = arguments[1]
        if name.partition(".")[0] in ("scripts", "benchmarks", "tam_widgets", "tests"):
            assert importlib.util.find_spec(name), f"{told}: there is no module {name}"
        if name in ("pip", "pytest"):
            _check_installed(arguments[2:], told)
    elif arguments:
        assert (ROOT / arguments[0]).is_file(), f"{told}: there is no file {arguments[0]}"


def _check_installed(arguments: list[str], told: str) -> None:
    """That the files and the extras that a command names exist."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for one in arguments:
        for match in _EXTRAS.finditer(one):
            for extra in (match[1] or match[2]).split(","):
                known = extra in project["optional-dependencies"]
                assert known, f"{told}: there is no extra {extra!r}"
        if one.startswith(("tests/", "docs/", "benchmarks/", "scripts/")):
            path = one.partition("::")[0]
            assert (ROOT / path).exists(), f"{told}: there is no {path}"
