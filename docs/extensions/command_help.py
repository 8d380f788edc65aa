"""The directive `command-help`: what `tam-widgets COMMAND --help` prints."""

from __future__ import annotations

import contextlib
import io
import os
from unittest import mock

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WIDTH = "84"  # characters a line


class CommandHelp(SphinxDirective):
    """Shows the help of the command that its argument names."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Makes a block of text."""
        text = help_of(self.arguments[0])
        return [nodes.literal_block(text, text, language="text")]


def help_of(command: str) -> str:
    """What the command prints."""
    from tam_widgets.cli import main

    printed = io.StringIO()
    with (
        mock.patch.dict(os.environ, COLUMNS=WIDTH),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        main([command, "--help"])
    return printed.getvalue()


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the directive."""
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
