"""Draws which part of the package imports which, from the imports in the source.

python -m scripts.draw_architecture

An arrow is left out where other arrows lead the same way: who imports `views` may import what
`views` imports. `docs/architecture.md` shows the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from scripts.package_imports import Import, imports, layer_of

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "architecture.svg"

Arrow = tuple[str, str]
"""Who imports, and what."""
Point = tuple[float, float]

WIDTH, HEIGHT = 700, 632
BOX_WIDTH, BOX_HEIGHT = 204, 40
COLUMNS = (8, 248, 488)
ROW_HEIGHT = 58

PARTS = {
    "cli": (1, "the command tam-widgets"),
    "demo/training": (2, "how the toys were trained"),
    "evaluation": (1, "data sets, runs, reports"),
    "demo": (2, "tiny models and their scenes"),
    "views": (0, "widgets, pages, pictures"),
    "faithfulness": (1, "checks of maps"),
    "methods": (2, "maps that need the model"),
    "capture": (1, "from a picture to a record"),
    "models": (1, "a file for each family"),
    "explanation": (1, "the record of an answer"),
    "attribution": (1, "the equations"),
    "foundations": (1, "contract, errors, …"),
}
"""Column and caption of each part; its row is its layer."""

ROUTES: dict[Arrow, str] = {
    ("demo/training", "evaluation"): "bottom 0.5, right 0.35",
    ("evaluation", "views"): "left 0.35, top 0.35",
    ("evaluation", "demo"): "right 0.65, top 0.35",
    ("demo", "views"): "left 0.35, top 0.65",
    ("demo", "capture"): "left 0.7, right 0.2, at 470",
    ("methods", "capture"): "bottom 0.5, right 0.5",
    ("views", "explanation"): "bottom 0.2, left 0.5",
    ("views", "capture"): "bottom 0.4, left 0.5",
    ("explanation", "views"): "left 0.2, bottom 0.3",
    ("explanation", "capture"): "right 0.5, right 0.8, at 470",
    ("faithfulness", "views"): "left 0.5, bottom 0.7",
    ("faithfulness", "capture"): "bottom 0.4, top 0.4",
    ("capture", "faithfulness"): "top 0.6, bottom 0.6",
}
"""From where on one box to where on the other, as shares of a side; others go straight down."""

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.caption { font-size: 11.5px; fill: #59636e }
.page { fill: #ffffff }
.box { fill: #f6f8fa; stroke: #59636e }
.line { fill: none; stroke: #1f2328; stroke-width: 1.3 }
.hint { fill: none; stroke: #59636e; stroke-width: 1.3; stroke-dasharray: 5 4 }
.shortcut { fill: none; stroke: #bc4c00; stroke-width: 1.6; stroke-dasharray: 1.5 3.5;
  stroke-linecap: round }
.line-head { fill: #1f2328 } .hint-head { fill: #59636e } .shortcut-head { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .caption { fill: #9da7b1 }
  .page { fill: #0d1117 } .box { fill: #161b22; stroke: #9da7b1 }
  .line { stroke: #e6edf3 } .hint { stroke: #9da7b1 } .shortcut { stroke: #f0883e }
  .line-head { fill: #e6edf3 } .hint-head { fill: #9da7b1 } .shortcut-head { fill: #f0883e }
}
"""

KEY = (
    ("line", "imports while it runs"),
    ("hint", "imports for type hints only"),
    ("shortcut", "a shortcut upwards, in a function"),
)


def arrows(found: Iterable[Import]) -> dict[Arrow, str]:
    """The arrows to draw, with the class of each: `line`, `hint` or `shortcut`."""
    running = {(one.source, one.target) for one in found if one.kind != "hint"}
    hinted = {(one.source, one.target) for one in found if one.kind == "hint"} - running
    down = {arrow for arrow in running if _is_down(arrow)}
    return {
        **dict.fromkeys(sorted(_needed(down)), "line"),
        **dict.fromkeys(sorted(one for one in hinted if not _leads(one, down)), "hint"),
        **dict.fromkeys(sorted(running - down), "shortcut"),
    }


def _is_down(arrow: Arrow) -> bool:
    return layer_of(arrow[0]) < layer_of(arrow[1])


def _needed(down: set[Arrow]) -> set[Arrow]:
    """Those without which a part could not be reached."""
    return {arrow for arrow in down if not _leads(arrow, down - {arrow})}


def _leads(arrow: Arrow, others: set[Arrow]) -> bool:
    """Whether other arrows lead from an arrow's beginning to its end."""
    reached = {arrow[0]}
    while more := {stop for start, stop in others if start in reached} - reached:
        reached |= more
    return arrow[1] in reached


def svg(found: Iterable[Import]) -> str:
    """The picture."""
    drawn = arrows(list(found))
    heads = [_head(kind) for kind, _ in KEY]
    lines = [_line(arrow, kind) for arrow, kind in drawn.items()]
    boxes = [_box(part) for part in PARTS]
    label = "Parts of tam_widgets, and which imports which"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{label}">',
            f"<style>{STYLE}</style>",
            f"<defs>{''.join(heads)}</defs>",
            f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
            *lines,
            *boxes,
            *_key(),
            "</svg>\n",
        ]
    )


def _corner(part: str) -> Point:
    """The upper left corner of a part's box."""
    return COLUMNS[PARTS[part][0]], 10 + ROW_HEIGHT * layer_of(part)


def _box(part: str) -> str:
    (x, y), caption = _corner(part), PARTS[part][1]
    middle = x + BOX_WIDTH / 2
    return (
        f'<rect class="box" x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text x="{middle:g}" y="{y + 17:g}" text-anchor="middle">{escape(part)}</text>'
        f'<text class="caption" x="{middle:g}" y="{y + 32:g}" text-anchor="middle">'
        f"{escape(caption)}</text>"
    )


def _line(arrow: Arrow, kind: str) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in _points(arrow))
    title = f"<title>{arrow[0]} imports {arrow[1]}</title>"
    return (
        f'<polyline class="{kind}" points="{points}" marker-end="url(#{kind})">{title}</polyline>'
    )


def _points(arrow: Arrow) -> list[Point]:
    """The corners of an arrow, which goes up, down and sideways."""
    begins, ends, *bend = ROUTES.get(arrow, "bottom 0.5, top 0.5").split(", ")
    start, stop = _place(arrow[0], begins), _place(arrow[1], ends)
    if bend:
        x = float(bend[0].removeprefix("at "))
        return [start, (x, start[1]), (x, stop[1]), stop]
    upright = begins.split()[0] in ("top", "bottom")
    corner = (start[0], stop[1]) if upright else (stop[0], start[1])
    return [start, stop] if corner in (start, stop) else [start, corner, stop]


def _place(part: str, where: str) -> Point:
    (x, y), (side, share) = _corner(part), where.split()
    if side in ("left", "right"):
        return x + BOX_WIDTH * (side == "right"), y + BOX_HEIGHT * float(share)
    return x + BOX_WIDTH * float(share), y + BOX_HEIGHT * (side == "bottom")


def _head(kind: str) -> str:
    return (
        f'<marker id="{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
        'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path class="{kind}-head" d="M0,1 10,5 0,9z"/></marker>'
    )


def _key() -> list[str]:
    y = HEIGHT - 28
    return [
        f'<polyline class="{kind}" points="{x},{y} {x + 36},{y}" marker-end="url(#{kind})"/>'
        f'<text class="caption" x="{x + 44}" y="{y + 4}">{says}</text>'
        for x, (kind, says) in zip((8, 214, 444), KEY, strict=True)
    ]


def main() -> None:
    PICTURE.write_text(svg(imports()), "utf-8")


if __name__ == "__main__":
    main()
