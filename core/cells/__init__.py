"""Recurrent cells in the open: all gates in numpy, one step written out, what a state holds."""
