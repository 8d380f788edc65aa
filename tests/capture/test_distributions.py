"""Distributions from a model's own logits against those from one pass over the classifier."""

import numpy as np
import pytest
import torch

from tam_widgets.capture import distributions
from tam_widgets.capture.distributions import Steps


def as_they_are(products: torch.Tensor) -> torch.Tensor:
    return products


def capped(products: torch.Tensor) -> torch.Tensor:
    return 5 * torch.tanh(products / 5)


@pytest.mark.parametrize("logits", [as_they_are, capped])
@pytest.mark.parametrize("spread", [0.05, 0.3], ids=["flat", "peaked"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_own_logits_tell_what_a_pass_over_the_classifier_tells(
    dtype: torch.dtype, spread: float, logits: distributions.Logits
) -> None:
    torch.manual_seed(0)
    states = torch.randn(6, 256).to(dtype)
    classifier = (spread * torch.randn(20_000, 256)).to(dtype)
    head = torch.nn.functional.linear(states, classifier)
    ids, rest = distributions.likeliest(head, logits)
    steps = Steps(ids, rest, head[0])
    from_steps = distributions.from_steps(states, classifier, steps, logits)
    from_states, last = distributions.from_states(states, classifier, logits)
    exact = logits((states.double() @ classifier.double().T).float())
    np.testing.assert_allclose(
        last, states[-1].float() @ classifier.float().T, rtol=1e-4, atol=1e-4
    )
    np.testing.assert_allclose(from_states.total, exact.logsumexp(1), rtol=1e-5)
    np.testing.assert_array_equal(from_states.ids[:, :5], exact.topk(5, dim=1).indices)
    tolerance = 5e-5 if dtype == torch.float32 else 2e-3
    np.testing.assert_array_equal(from_steps.ids[:, :5], from_states.ids[:, :5])
    np.testing.assert_allclose(
        (from_steps.logits[:, :5] - from_steps.total[:, None]).exp(),
        (from_states.logits[:, :5] - from_states.total[:, None]).exp(),
        rtol=tolerance,
    )


def test_a_vocabulary_smaller_than_what_is_kept() -> None:
    states, classifier = torch.randn(3, 4), torch.randn(7, 4)
    ids, rest = distributions.likeliest(states @ classifier.T, as_they_are)
    steps = Steps(ids, rest, classifier @ states[0])
    found = distributions.from_steps(states, classifier, steps, as_they_are)
    shares = (found.logits - found.total[:, None]).exp()
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-5)
