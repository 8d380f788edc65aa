"""Settings of the documentation site; `make site` builds it, without network."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "docs"), str(ROOT)]

import tam_widgets  # noqa: E402  found by the path above

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
release = tam_widgets.__version__
project_copyright = author

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "extensions.anchors",
    "extensions.command_help",
    "extensions.docstrings",
    "extensions.elsewhere",
    "extensions.live_pictures",
    "extensions.llms",
    "extensions.mathml",
    "extensions.notebooks",
    "extensions.page_titles",
    "extensions.public_names",
    "extensions.repository",
    "extensions.signatures",
]
exclude_patterns = ["_build"]

# Markdown as GitHub shows it
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 6
myst_dmath_double_inline = True
html_math_renderer = "mathml"

repository_root = str(ROOT)
repository_address = PROJECT["urls"]["Repository"].rstrip("/")
shown_as = {
    "CHANGELOG.md": "changelog",
    "CONTRIBUTING.md": "contributing",
    **{
        f"notebooks/{file.name}": f"notebooks/{file.stem}"
        for file in ROOT.glob("notebooks/*.ipynb")
    },
}

html_theme = "furo"
html_title = "tam-widgets"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sphinx = False
copybutton_exclude = ".linenos, .gp, .go"

# types in signatures that users neither make nor read
UNDOCUMENTED = (
    *("Alternative", "Answers", "Candidates", "ClassifierRows", "Encoded", "Explains"),
    *(
        "Floats",
        "Group",
        "HasRuns",
        "LoadedModel",
        "Medium",
        "Results",
        "Run",
        "ServedAnswer",
        "Sheet",
        "Steps",
    ),
)

# the reference, from Google docstrings
default_role = "name"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 120
python_display_short_literal_types = True

nitpicky = True
nitpick_ignore_regex = [("py:class", rf"(.*\.)?({'|'.join(UNDOCUMENTED)})")]
