"""What every task's training shares: options from dataclasses, the loop, the ONNX parity check.

Reading order: options.py, loop.py, parity.py. The app never imports this package.
"""
