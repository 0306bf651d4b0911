"""The loss in pieces against torch's own cross-entropy."""

import pytest
import torch
import torch.nn.functional as F

from core.training.softmax import ROWS, smoothed_loss


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("number", [1, ROWS, ROWS + 7])
def test_loss_and_gradients_equal_torchs(smoothing, number):
    generator = torch.Generator().manual_seed(number)
    output = torch.randn(number, 6, generator=generator, requires_grad=True)
    weight = torch.randn(11, 6, generator=generator, requires_grad=True)
    bias = torch.randn(11, generator=generator, requires_grad=True)
    targets = torch.randint(0, 11, (number,), generator=generator)
    parts, found = (output, weight, bias), []
    for loss in (
        F.cross_entropy(F.linear(*parts), targets, label_smoothing=smoothing, reduction="sum"),
        smoothed_loss(*parts, targets, smoothing),
    ):
        found.append([loss, *torch.autograd.grad(3 * loss, parts)])
    for mine, torchs in zip(found[1], found[0], strict=True):
        torch.testing.assert_close(mine, torchs, atol=2e-4, rtol=1e-4)


def test_large_logits_stay_finite():
    output = torch.tensor([[1000.0], [-1000.0]], requires_grad=True)
    weight, bias = torch.tensor([[1.0], [-1.0]]), torch.zeros(2)
    loss = smoothed_loss(output, weight, bias, torch.tensor([0, 0]), 0.0)
    assert loss.item() == 2000  # sure and right, sure and wrong by twice 1000
