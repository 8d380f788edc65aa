"""Values at the ends of float32's range give finite residuals."""

import numpy as np

from tam_widgets.attribution import interference, residual


def test_what_lies_beside_an_interference_next_to_nothing_is_kept() -> None:
    activations = np.array([[0, 1e-38, 1e-38], [9e29, 9e29, 9e29]], np.float32)
    relevance = np.array([[0, 0], [1, 0]], np.float32)
    explained = interference(activations, relevance, np.array([1, 2]))
    rest = residual(activations, explained)
    assert np.isfinite(rest).all()
    assert rest[1, 0] == np.float32(9e29)
