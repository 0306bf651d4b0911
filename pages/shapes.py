"""What the page on shapes is made of: a frame for every shape, and the two that read no text."""

from functools import partial

import streamlit as st

from core import captioning, digits, sentiment, tagging, translation
from core.figures.pixels import label_bars, pixels
from core.figures.sequence_shapes import SHAPES, sequence_shape
from core.ideas import sequence_types as shapes, shapes_explained as say
from pages.contents import ENTRIES
from pages.controls import draw, pick

MODELS = (
    captioning.CaptionModel,
    sentiment.SentimentModel,
    tagging.TaggingModel,
    translation.TranslationModel,
)
few = partial(
    st.cache_resource, max_entries=16, show_spinner=False, hash_funcs=dict.fromkeys(MODELS, id)
)
"""`few(function)` remembers its last results by the model and what it was given."""
describe = few(shapes.describe)


def explain(name, file=""):
    """Show a shape, what it is for and what is computed; return the place for its answer."""
    st.subheader(name, anchor=False)
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    alt = f"Diagram, {name.lower()}. {say.PICTURES[name]}"
    draw(sequence_shape(*SHAPES[name]), f"sequence_types.{name}", alt, left)
    left.markdown(f"{say.MEANINGS[name]}\n\n{say.FORMULAS[name]}")
    if file:
        left.page_link(file, label=ENTRIES[file].title, icon=ENTRIES[file].icon)
    return right


@st.fragment
def one_to_one(model, samples):
    """Read one of the shipped digits."""
    place = explain("One to one")
    sample = samples[pick(place, "A digit", samples, "sequence_types_digit")]
    result = digits.recognise(model, sample.image)
    told = say.told_of_digit(result, sample.digit)
    image, bars = place.columns([2, 3], vertical_alignment="center")
    alt = f"Somebody's handwritten {sample.digit}, 8 by 8 pixels"
    draw(pixels(result.image, digits.WHITE), "sequence_types.pixels", alt, image)
    labels = [str(digit) for digit in range(len(result.logits))]
    draw(label_bars(labels, result.probabilities), "sequence_types.digits", told, bars)
    place.markdown(told)
    place.markdown(shapes.flow(shapes.digit_stages(result)))


@st.fragment
def one_to_many(model, samples):
    """Write a sentence about one of the shipped photos."""
    place = explain("One to many", "applications/captioning.py")
    sample = samples[pick(place, "A photo", samples, "sequence_types_photo")]
    described = describe(model, sample.image)
    image, words = place.columns([2, 3], vertical_alignment="center")
    image.image(sample.image, alt=f"Photo: {sample.title}", caption=sample.credit)
    words.markdown(f"**{described.result.caption}**")
    words.markdown(shapes.flow(shapes.caption_stages(described)))
