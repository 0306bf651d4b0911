"""What the app knows apart from its pages: models, decoding, figures, uploads, series.

Nothing here imports Streamlit. Only `core.training`, `core.gradients`, `core.benchmark` and each
task's `model.py`, `prepare.py`, `train.py`, `export.py` and `evaluate.py` import torch, so that
the app runs without it.

Dimension letters in shape comments:

    B  batch                    E  embedding_dim        L  num_layers
    T  (target) time steps      V  vocab_size           D  encoder output size
    S  source steps             K  beam_size            R  regions of an image
    H  hidden_size              N  days or origins      Z  horizons
    Q  quantile levels
"""
