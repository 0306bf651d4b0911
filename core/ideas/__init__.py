"""What the pages on ideas compute: small lessons, run on the trained sentiment networks.

Reading order: gates.py (one LSTM unit by hand), probes.py and unit_search.py (which unit follows
what). Import each from its own file.
"""
