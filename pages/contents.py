"""The table of contents: every page but Home, once, for the sidebar and for the map's cards."""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Entry:
    """One page, and what makes a newcomer want to open it."""

    file: str
    """Below pages/; its stem is the page's address."""
    title: str
    icon: str
    invitation: str
    """The words of the link on the map."""
    promise: str
    """What one will see there, in a sentence or two."""
    related: tuple[str, ...] = ()
    """Files of the pages to go on to, where the page itself has no links."""

    @property
    def path(self) -> str:
        """What follows the host in the page's address."""
        return PurePosixPath(self.file).stem


SECTIONS = {
    "Ideas": (
        Entry(
            "ideas/memory.py",
            "Memory",
            ":material/all_inclusive:",
            "Let it read your sentence",
            "Two inputs at every step: the word now and the state before. See the state over time, "
            "and which earlier words still matter to an RNN, a GRU and an LSTM.",
        ),
        Entry(
            "ideas/sequence_types.py",
            "Shapes",
            ":material/account_tree:",
            "Send one sentence through all",
            "One to one, one to many, many to one, many to many: five shapes, each run on a "
            "network of ours, with the size of every array.",
            related=("ideas/memory.py", "ideas/bidirectional.py"),
        ),
        Entry(
            "ideas/backpropagation.py",
            "Learning",
            ":material/school:",
            "Follow every number",
            "Three time steps, eight weights: forward, back, derivative by derivative, and the "
            "step that makes the error smaller.",
            related=("ideas/gradients.py", "applications/sentiment.py"),
        ),
        Entry(
            "ideas/gradients.py",
            "Gradient playground",
            ":material/waves:",
            "Watch them vanish",
            "Train up to three networks side by side, see how much of the gradient survives "
            "the way back through time, and try every remedy.",
            related=(
                "ideas/backpropagation.py",
                "ideas/memory_cell.py",
                "applications/sentiment.py",
            ),
        ),
        Entry(
            "ideas/memory_cell.py",
            "A memory cell",
            ":material/valve:",
            "Open and shut the gates",
            "Store, keep, read and delete a memory by hand; then ask which units of a trained "
            "network follow something that one can name.",
            related=("ideas/gradients.py", "applications/sentiment.py"),
        ),
        Entry(
            "ideas/lstm_gates.py",
            "LSTM gates",
            ":material/biotech:",
            "Open a trained one",
            "Every gate of a trained LSTM while it reads your sentence, and one unit's step "
            "written out with its numbers.",
            related=("applications/sentiment.py", "applications/reviews.py"),
        ),
        Entry(
            "ideas/bidirectional.py",
            "Both directions",
            ":material/swap_horiz:",
            "Read it from its end as well",
            "Two networks read your sentence, one of them backwards: what each knows at a word, "
            "and what each is worth, measured.",
        ),
    ),
    "Applications": (
        Entry(
            "applications/captioning.py",
            "Captioning",
            ":material/photo_camera:",
            "Give it a photo",
            "Watch it choose every word, see where in the photo it looked, and cover that place to "
            "check whether it mattered.",
            related=(
                "ideas/sequence_types.py",
                "ideas/memory_cell.py",
                "applications/sentiment.py",
            ),
        ),
        Entry(
            "applications/sentiment.py",
            "Sentiment",
            ":material/thumbs_up_down:",
            "Write a review",
            "The verdict moves with every keystroke. See which word turned it, take a word out, "
            "and see how far back each network remembers.",
            related=(
                "ideas/lstm_gates.py",
                "ideas/memory.py",
                "ideas/bidirectional.py",
                "ideas/sequence_types.py",
                "applications/reviews.py",
            ),
        ),
        Entry(
            "applications/reviews.py",
            "Many reviews",
            ":material/table_rows:",
            "Hand in a file",
            "A verdict on each of up to 10,000 texts of your file, as a table to take home.",
            related=("applications/sentiment.py", "ideas/memory.py"),
        ),
        Entry(
            "applications/translation.py",
            "Translation",
            ":material/translate:",
            "Write a sentence",
            "German, French and Spanish at once. See where the network looked for each word, force "
            "another one, and follow one word into two sentences.",
            related=(
                "ideas/sequence_types.py",
                "ideas/bidirectional.py",
                "applications/captioning.py",
            ),
        ),
        Entry(
            "applications/stocks.py",
            "Stocks",
            ":material/show_chart:",
            "Give it prices",
            "What may come in the next 20 days, replayed on any day of the past, and held against "
            "forecasts that need no network.",
            related=("applications/weather.py", "ideas/memory.py", "ideas/backpropagation.py"),
        ),
        Entry(
            "applications/mistakes.py",
            "Stock forecasting mistakes",
            ":material/warning:",
            "Throw a switch",
            "Four ways to a beautiful forecast that is worth nothing, each beside the honest "
            "number.",
            related=("ideas/backpropagation.py",),
        ),
        Entry(
            "applications/trading.py",
            "Trading on a forecast",
            ":material/balance:",
            "Trade on paper",
            "What a rule would have earned after costs, beside buying and holding, and luck.",
            related=("ideas/memory.py",),
        ),
        Entry(
            "applications/weather.py",
            "Weather",
            ":material/thermostat:",
            "Forecast a place",
            "Seven days of temperatures with their intervals, against yesterday and the season.",
            related=("applications/stocks.py", "ideas/memory.py", "ideas/gradients.py"),
        ),
    ),
}

ENTRIES = {entry.file: entry for entries in SECTIONS.values() for entry in entries}
