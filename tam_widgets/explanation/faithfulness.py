"""A check of maps: how probable tokens remain while the picture is removed in the maps' order.

A frozen answer is read again while more and more of its picture is filled (deletion), or while a
filled picture is uncovered (insertion). A true map has a low area under the first curve, and a
high one under the second. Plain data, which is stored with the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from ..terminal import escaped
from .check_parts import check_parts
from .check_record import NONE, CheckRecord, Floats, Order, OrderKind
from .extras import installed, pandas
from .student_t import two_sided_quantile

Side = Literal["deletion", "insertion"]

LEAST_GAIN = 1e-12
"""Least gain of probability by the picture for which there are relative areas."""

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """A mean over random orders with its interval, each float64 [tokens]."""

    mean: Floats
    low: Floats
    high: Floats


class Random(NamedTuple):
    """What the random orders reach."""

    deletion: Interval
    insertion: Interval


@dataclass(frozen=True, eq=False, repr=False)
class FaithfulnessCheck(CheckRecord):
    """The result of `Explainer.check`.

    The attributes are those of `CheckRecord`; everything else is computed from them on demand.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        check_parts(self)

    def __repr__(self) -> str:
        named = escaped(", ".join(self.methods))
        text = ", ".join(repr(text) for text in self.texts[:4]) + (", …" * (len(self.texts) > 4))
        if not self.steps:
            return f"<FaithfulnessCheck {self.protocol!r} of {named} on {text}>"
        parts = [f"{escaped(name)} {_mean(self.deletion(name)):.3f}" for name in self.methods]
        parts += [f"random {_mean(self.random.deletion.mean):.3f}"] * bool(self._of_kind("random"))
        return (
            f"<FaithfulnessCheck {self.protocol!r} of {named} on {text}: area under deletion "
            f"{', '.join(parts)}>"
        )

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of the checked methods."""
        return tuple(order.name for order in self._of_kind("method"))

    @property
    def steps(self) -> int:
        """Number of steps of a curve; 0 for a protocol without curves."""
        return max(0, len(self.shares) - 1)

    @property
    def log_p_full(self) -> Floats:
        """Log-probability of each checked token with the whole picture, float64 [tokens]."""
        return self.full_log_p[self._columns].astype(np.float64)

    @property
    def log_p_blank(self) -> Floats:
        """Log-probability of each checked token without a picture, float64 [tokens]."""
        return self.blank_log_p[self._columns].astype(np.float64)

    @property
    def reliance(self) -> Floats:
        """Visual reliance: log p with the picture − log p with a blank one, float64 [tokens]."""
        return self.log_p_full - self.log_p_blank

    def curve(self, order: str | Order, side: Side = "deletion") -> Floats:
        """Log-probabilities of the checked tokens at each share, float64 [tokens, steps + 1].

        Args:
            order: One of `orders`, or its name; of equal names that of a method.
            side: `"deletion"` or `"insertion"`.

        Returns:
            The curves; NaN for a token without this order, such as one without a mask.

        Raises:
            OptionError: If there is no such order, or the protocol has no curves.
        """
        order = self.order(order)
        if not self.steps:
            raise OptionError(f"the protocol {self.protocol!r} has no curves: see changed(…)")
        if side not in get_args(Side):
            raise OptionError(f"side={side!r:.80}: give one of {', '.join(get_args(Side))}")
        logs = self.deletion_log_p if side == "deletion" else self.insertion_log_p
        found = np.full((len(self.tokens), self.steps + 1), np.nan)
        for place, (row, column) in enumerate(zip(order.rows, self._columns, strict=True)):
            if row != NONE:
                found[place] = logs[row, :, column]
        return found

    def scores(self, order: str | Order, side: Side = "deletion") -> Floats:
        """What the areas are taken of: probabilities, or `relative` ones, [tokens, steps + 1].

        Args:
            order: As for `curve`.
            side: As for `curve`.

        Raises:
            OptionError: If there is no such order, or the protocol has no curves.
        """
        values: Floats = np.exp(self.curve(order, side))
        if not self.relative:
            return values
        blank = np.exp(self.log_p_blank)[:, None]
        gain = np.exp(self.log_p_full)[:, None] - blank
        return (values - blank) / np.where(gain > LEAST_GAIN, gain, np.nan)

    def deletion(self, order: str | Order) -> Floats:
        """Areas under the deletion curves, by the trapezoidal rule, float64 [tokens].

        The mean probability while the picture is removed, 0..1: the lower, the better.

        Args:
            order: As for `curve`.

        Raises:
            OptionError: If there is no such order, or the protocol has no curves.
        """
        return self._areas(order, "deletion")

    def insertion(self, order: str | Order) -> Floats:
        """Areas under the insertion curves, float64 [tokens]: the higher, the better.

        Args:
            order: As for `curve`.

        Raises:
            OptionError: If there is no such order, or the protocol has no curves.
        """
        return self._areas(order, "insertion")

    @property
    def random(self) -> Random:
        """Mean areas of the random orders, with 95 % t intervals of the mean over these orders.

        The ends of the intervals are clipped to 0..1, as no mean probability lies outside; those
        of `relative` areas are not, since these may. NaN without random orders; with one, only
        the intervals.
        """
        return Random(self._random("deletion"), self._random("insertion"))

    def selectivity(self, order: str | Order) -> Floats:
        """How much more a token falls than the others while its map is removed, float64 [tokens].

        The drop of a token is its probability with the whole picture − the area under its
        deletion curve. Selectivity is this drop − the mean drop of all other tokens of the
        answer, −1..1; NaN if there are none, or without curves. A map of what is important for
        everything, such as of a sink of attention, has one near 0.

        Args:
            order: As for `curve`.

        Raises:
            OptionError: If there is no such order.
        """
        order = self.order(order)
        found = np.full(len(self.tokens), np.nan)
        if not self.steps or len(self.full_log_p) < 2:
            return found
        full = np.exp(self.full_log_p.astype(np.float64))
        for place, (row, column) in enumerate(zip(order.rows, self._columns, strict=True)):
            if row != NONE:
                curves = np.exp(self.deletion_log_p[row].astype(np.float64))
                drops = full - np.trapezoid(curves, self.shares, axis=0)
                found[place] = drops[column] - np.delete(drops, column).mean()
        return found

    def changed(self, order: str | Order) -> NDArray[np.bool_]:
        """Whether the model writes another answer if the order's first area is filled, [tokens].

        Args:
            order: As for `curve`.

        Raises:
            OptionError: If there is no such order, or the protocol does not let the model write.
        """
        order = self.order(order)
        if not self.answers:
            raise OptionError(
                f"the protocol {self.protocol!r} reads a frozen answer: check with protocol='flip' "
                "to see which answers change"
            )
        return np.array([self.answers[row] != self.answers[-1] for row in order.rows])

    def order(self, name: str | Order) -> Order:
        """An order by its name; of equal names the method's.

        Raises:
            OptionError: If there is none.
        """
        if isinstance(name, Order):
            return name
        for order in self.orders:
            if order.name == name:
                return order
        known = ", ".join(order.name for order in self.orders)
        raise OptionError(f"{name!r:.80} was not checked: give one of {known:.400}")

    def to_dataframe(self) -> Any:
        """Returns a table with a row for each token and order.

        Returns:
            A pandas frame with the columns

            - `token` (index), `text`, `method` (its name or that of the control) and `kind`;
            - `deletion` and `insertion`: areas, 0..1 (mean probability; for relative protocols,
              of the share of what the picture adds);
            - `p_full` and `p_blank`: probability with the whole picture and without, 0..1;
            - `reliance`: their logarithms' difference, in nats;
            - `selectivity`, −1..1;
            - `random_deletion` and `random_insertion` with `…_low` and `…_high`: as `random`;
            - `changed`: whether the answer changes, missing for protocols that do not ask.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return _table(self)

    def figure(self, token: int | None = None) -> Any:
        """Draws the curves with plotly: of one token, or by default their mean over all tokens.

        Args:
            token: Index of a checked token.

        Raises:
            TokenIndexError: If it was not checked.
            OptionError: If the protocol has no curves.
            MissingExtraError: If plotly is not installed.
        """
        with installed("a figure"):
            from ..views.figures import check_figure

        return check_figure(self, token)

    @property
    def _columns(self) -> NDArray[np.int64]:
        return np.array(self.tokens, np.int64) - self.answer_start

    def _of_kind(self, kind: OrderKind) -> list[Order]:
        return [order for order in self.orders if order.kind == kind]

    def _areas(self, order: str | Order, side: Side) -> Floats:
        return np.asarray(np.trapezoid(self.scores(order, side), self.shares, axis=1))

    def _random(self, side: Side) -> Interval:
        orders = self._of_kind("random") if self.steps else []
        nothing = np.full(len(self.tokens), np.nan)
        if not orders:
            return Interval(nothing, nothing, nothing)
        areas = np.stack([self._areas(order, side) for order in orders])
        mean: Floats = areas.mean(axis=0)
        if len(areas) == 1:
            return Interval(mean, nothing, nothing)
        quantile = two_sided_quantile(CONFIDENCE, len(areas) - 1)
        half: Floats = quantile * areas.std(axis=0, ddof=1) / np.sqrt(len(areas))
        low, high = mean - half, mean + half
        if not self.relative:
            low, high = np.maximum(low, 0), np.minimum(high, 1)
        return Interval(mean, low, high)


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _table(check: FaithfulnessCheck) -> Any:
    pd = pandas()
    columns = [_values(check, order) for order in check.orders]
    parts = [pd.DataFrame(one).iloc[np.array(order.rows) >= 0] for one, order in
             zip(columns, check.orders, strict=True)]  # fmt: skip
    table = pd.concat(parts).astype({"changed": "boolean"})
    return table.sort_values("token", kind="stable").set_index("token")


def _values(check: FaithfulnessCheck, order: Order) -> dict[str, Any]:
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
