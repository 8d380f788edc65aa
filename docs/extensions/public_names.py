"""Names in docstrings and type hints lead to the page that documents them.

A class is documented under the name by which users import it, `tam_widgets.Method`; a type hint
holds its path, `tam_widgets.attribution.method.Method`, and a docstring just `Method`.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

OUTSIDE = (
    "collections",
    "numpy",
    "np",
    "NDArray",
    "os",
    "pathlib",
    "PIL",
    "Image",
    "t",
    "torch",
    "traitlets",
)
"""Where names come from that are shown without a link, which only a network could tell."""


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    """A link to the one documented thing of this name, or the name alone; None if it is missing."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    found = documented(env.domains.python_domain, target)
    if found:
        page, anchor = found
        return make_refnode(app.builder, node["refdoc"], page, anchor, shown, target)
    literal = target.startswith(("'", '"'))
    if literal or node["reftype"] == "obj" or target.partition(".")[0] in OUTSIDE:
        return shown
    return None


def documented(domain: PythonDomain, target: str) -> tuple[str, str] | None:
    """Page and anchor of the one thing that this name can mean."""
    known = {name for name in domain.objects if _means(target, name)}
    if not known and target.startswith("tam_widgets."):
        known = {name for name in domain.objects if _means(target.rpartition(".")[2], name)}
    if len(known) != 1:
        return None
    entry = domain.objects[known.pop()]
    return entry.docname, entry.node_id


def _means(target: str, name: str) -> bool:
    return name == target or name.endswith(f".{target}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Is asked for each name that Sphinx does not find."""
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
