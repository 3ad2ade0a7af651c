"""Colours of a brand: what can't be read is mended, and said."""

import pytest
from servicegap.report import colours, marks


def test_contrast_is_that_of_the_standard():
    assert colours.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("red", range(0, 256, 51))
@pytest.mark.parametrize("green", range(0, 256, 51))
def test_whatever_the_colour_it_can_be_read(red, green):
    for blue in range(0, 256, 51):
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        coat = colours.coat(colour)
        assert colours.contrast(coat.on_ground, coat.ground) >= 4.5
        assert colours.contrast(coat.ink, marks.PAPER) >= 4.5
        assert bool(coat.mended) == (coat.ground != colour or coat.ink != colour)


def test_what_can_be_read_stays_as_it_is():
    assert colours.coat("#12355b") == colours.Coat("#12355b", "#ffffff", "#12355b")


@pytest.mark.parametrize("text", ["blue", "#12", "", "red;}", "#12345g", "url(x)"])
def test_nothing_but_hex_is_a_colour(text):
    with pytest.raises(ValueError, match="not a colour"):
        colours.parsed(text)


def test_short_and_long():
    assert colours.parsed(" #1F4 ") == "#11ff44"
