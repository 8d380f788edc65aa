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
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

OUTSIDE = {"collections", "numpy", "np", "os", "pathlib", "torch", "traitlets", "t"}
OUTSIDE |= {"Image", "NDArray", "PIL"}
"""Where names come from that are shown without a link, which only a network could tell."""

UNBOUND = ("class", "data", "exception", "function", "module")
"""What may be named without the class that it belongs to."""


class NameRole(XRefRole):
    """What stands between single backticks: a name that may be documented, or any code."""

    def process_link(
        self, env: BuildEnvironment, node: nodes.Element, _explicit: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Says from where the name is looked up."""
        own = {name: env.ref_context.get(name) for name in ("py:module", "py:class")}
        node.update_all_atts({**own, "refdomain": "py", "reftype": "obj"}, replace=True)
        return title, target


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    """A link to the one documented thing of this name, or the name alone; None if it is missing."""
    if node.get("refdomain") != "py":
        return None
    target, is_text = node["reftarget"], node["reftype"] == "obj"
    if found := documented(env.domains.python_domain, target, is_text):
        page, anchor = found
        return make_refnode(app.builder, node["refdoc"], page, anchor, shown, target)
    is_literal = target.startswith(("'", '"'))
    return shown if is_text or is_literal or target.partition(".")[0] in OUTSIDE else None


def documented(domain: PythonDomain, target: str, in_text: bool) -> tuple[str, str] | None:
    """Page and anchor of the one thing that this name can mean."""
    known = {
        name
        for name, entry in domain.objects.items()
        if _means(target, name)
        and not entry.aliased
        and (not in_text or "." in target or entry.objtype in UNBOUND)
    }
    if not known and target.startswith("tam_widgets."):
        return documented(domain, target.rpartition(".")[2], in_text)
    if len(known) != 1:
        return None
    entry = domain.objects[known.pop()]
    return entry.docname, entry.node_id


def _means(target: str, name: str) -> bool:
    return name == target or name.endswith(f".{target}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the role, and is asked for each name that Sphinx does not find."""
    app.add_role("name", NameRole())
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
