"""Brings what docs/families.md says of models that are not supported up to date.

python -m scripts.list_refusals

The page repeats `tam_widgets/models/refusals.py`, between two comments.
"""

from __future__ import annotations

from pathlib import Path

from tam_widgets.models.refusals import OTHER_CLASSES, OTHER_TYPES, REASONS
from tam_widgets.models.registry import model_types
from tam_widgets.models.unsupported import transformers_checkpoints

PAGE = Path(__file__).parents[1] / "docs" / "families.md"
BEGIN = "<!-- written by python -m scripts.list_refusals from here -->\n"
END = "<!-- to here -->\n"


def refusals() -> str:
    """The reasons, each with its model types, and what to give in place of other code."""
    lines = []
    for reason in REASONS:
        types = [f"- `{kind}`: {why}" for kind, why in sorted(reason.types.items())]
        if types:
            lines += [
                f"### {reason.title}",
                "",
                f'The error goes on: "{reason.remedy}."',
                "",
                *types,
                "",
            ]
    others = [
        f"| `{name}` | {transformers_checkpoints([name], model_types())} |"
        for name in sorted({**OTHER_TYPES, **OTHER_CLASSES})
        if transformers_checkpoints([name], model_types())
    ]
    table = ["| saved as | give |", "| --- | --- |", *others]
    return "\n".join([*lines, "### Other code", "", *table, ""])


def updated(page: str) -> str:
    """The page with the list as it has to be."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{refusals()}\n{END}{after}"


def main() -> None:
    PAGE.write_text(updated(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
