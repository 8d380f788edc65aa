"""The registered methods as a readable table."""

from __future__ import annotations

from html import escape

from .method import NOT_STATED, Method
from .methods import METHODS

_COLUMNS = ("name", "label", "source", "needs", "cost")
_NO_COST = "none"


class MethodTable(tuple[Method, ...]):
    """Methods, shown as a table of names, labels, sources, requirements and costs."""

    __slots__ = ()

    def __repr__(self) -> str:
        rows = [_COLUMNS, *map(_row, self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in _row(one))}</tr>" for one in self
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def list_methods() -> MethodTable:
    """Lists all registered methods with name, label, source, requirements and cost.

    Example:
        >>> list_methods()[0].label
        'TAM'
    """
    return MethodTable(METHODS.values())


def _row(method: Method) -> tuple[str, ...]:
    unsaid = _NO_COST if method.maps else NOT_STATED
    return (method.name, method.label, method.source, method.needs, method.cost or unsaid)
