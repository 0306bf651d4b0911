"""What the pages on ideas compute: small lessons, run on the trained sentiment networks.

Reading order: update.py (present and recent past), recency.py (what still matters), gates.py (one
LSTM unit by hand), probes.py and unit_search.py (which unit follows what), directions.py (reading
from both ends) and measure_directions.py, the one file that the app never imports. Import each from
its own file.
"""
