"""A check of maps as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import MissingExtraError

if TYPE_CHECKING:
    from .faithfulness import FaithfulnessCheck, Order


def check_table(check: FaithfulnessCheck) -> Any:
    """A pandas frame with a row for each token and order, indexed by `token`.

    Raises:
        MissingExtraError: If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError(
            'pandas is not installed, and tables need it: install the extra "eval" with pip '
            'install "tam-widgets[eval]"'
        ) from error
    columns = [_columns(check, order) for order in check.orders]
    parts = [pd.DataFrame(one).iloc[np.array(order.rows) >= 0] for one, order in
             zip(columns, check.orders, strict=True)]  # fmt: skip
    table = pd.concat(parts).astype({"changed": "boolean"})
    return table.sort_values("token", kind="stable").set_index("token")


def _columns(check: FaithfulnessCheck, order: Order) -> dict[str, Any]:
    """Values for each token; those of an order that a token lacks are dropped later."""
    missing = np.full(len(check.tokens), np.nan)
    random = check.random
    spread = {
        f"random_{side}{end}": getattr(getattr(random, side), part)
        for side in ("deletion", "insertion")
        for end, part in (("", "mean"), ("_low", "low"), ("_high", "high"))
    }
    return {
        "token": check.tokens,
        "text": check.texts,
        "method": order.name,
        "kind": order.kind,
        "deletion": check.deletion(order) if check.steps else missing,
        "insertion": check.insertion(order) if check.steps else missing,
        "p_full": np.exp(check.log_p_full),
        "p_blank": np.exp(check.log_p_blank),
        "reliance": check.reliance,
        "selectivity": check.selectivity(order),
        **spread,
        "changed": check.changed(order) if check.answers else None,
    }
