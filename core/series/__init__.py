"""A visitor's CSV file becomes a daily series.

    table = open_table(content)
    series = daily_prices(table.read(table.likeliest(PRICES)), min_days=300)

Reading order: table.py (encoding, separator, header, columns), cells.py (dates and numbers in every
spelling), daily.py (one value per day, or a sentence that says why not), prices.py and
temperatures.py (what only they need).
"""

from core.series.daily import Series
from core.series.prices import PRICES, daily_prices
from core.series.table import Column, Table, open_table
from core.series.temperatures import TEMPERATURES, daily_temperatures

__all__ = [
    "Column",
    "PRICES",
    "Series",
    "TEMPERATURES",
    "Table",
    "daily_prices",
    "daily_temperatures",
    "open_table",
]
