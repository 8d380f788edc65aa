"""Quantiles are those of SciPy."""

from __future__ import annotations

import pytest
from scipy.stats import t

from tam_widgets.explanation.student_t import two_sided_quantile


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 10, 31, 200])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.95, 0.999])
def test_quantiles_are_scipys(share: float, freedom: int) -> None:
    expected = t.ppf((1 + share) / 2, freedom)
    assert two_sided_quantile(share, freedom) == pytest.approx(expected, rel=1e-10)
