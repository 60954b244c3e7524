import pytest
from conftest import ABOUT
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.press.documents.numerals import bare_numerals
from phextpaper.press.quantity import Quantity, strip_marks


@pytest.mark.parametrize(
    "text",
    [
        "The chip 8.8.8/2.1 is 1.1.1/1.8.8/8.2.1 in full, and 17.5.3 is a spare.",
        "See Section 3.2, Figures 1 and 2, and Tables 3 to 5.",
        "TPU v4 and A100 in a 3D torus, BERT0, GPT-3, bf16.",
        "On 2026-05-27 (arXiv:2304.01433).",
        "`x = 16` and [@jouppi2023, 7.6].",
        "# 3.1 Overview\n\n1. first\n",
        "## 11.2 PUE\n",
        "See Sections 3, 4.1 and 5, or Tables 2, 3, and 4.",
        "Figs. 1 or 2, Sections 4 through 6, Tables 3-5.",
        "Section 3 says; Table 2 and Section 3.4.1 too.",
        "On V100 with ResNet-50 and BERT-1.",
        "```python\nx = 16\n```\n",
        "A byte 0x17.",
        "Waves 2, 3 and Wave 40.",
        "[a link](page-16.html)",
        "line 640",
        "The $N-1$ others: $$\\frac{1}{N(N-1)} \\sum_{u} d(u)$$",
    ],
)
def test_names_and_addresses_may_stand(text):
    """What is a name, an address or code is no bare numeral."""
    assert bare_numerals(text, [], ABOUT) == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("It has 16 racks.", "16"),
        ("Volume 17 holds them.", "17"),
        ("4.1 failures a day", "4.1"),
        ("```\nbook 1 .. 16\n```\n", "1"),
        ("| 12.00 |", "12.00"),
        ("1.3x faster", "1.3"),
        ("2.5e-7 s", "2.5e-7"),
        ("a 64x64 grid", "64"),
        ("six links", "six links"),
        ("Sixteen racks", "Sixteen racks"),
        ("half percent", "half percent"),
        ("16,773,120 entries", "16,773,120"),
        ("In Section 3, 16 racks", "16"),
        ("in Section 3 and 4 racks", "4"),
        ("Sections 3 and 4, 16 racks", "16"),
        ("Table 2 to 9", "9"),
        ("Figure 1 of 5", "5"),
        ("## Part 3", "3"),
        ("$4096$ chips", "4096"),
        ("$8$ links", "8"),
        ("$$x = 64$$", "64"),
        ("costs $5 or $6", "5"),
        ("$n$ of 12 in $m$", "12"),
    ],
)
def test_an_amount_that_no_quantity_printed_is_found(text, seen):
    """A typed amount is found at its place, in digits or in words."""
    found = bare_numerals(text, [], ABOUT)
    assert found and found[0].text == seen
    assert text.split("\n")[found[0].line - 1][found[0].column - 1 :].startswith(seen)


@given(st.lists(st.one_of(st.integers(0, 10**7), st.floats(0.01, 1e6)), min_size=1, max_size=6))
def test_a_printed_quantity_is_never_bare_and_its_typed_twin_always_is(values):
    """The same sentence passes when quantities print its numbers, and fails when they are typed."""
    quantities = [Quantity(f"q.n{place}", value, "hops", 2) for place, value in enumerate(values)]
    text, prints = strip_marks("\n".join(f"a mean of {quantity} hops" for quantity in quantities))
    assert bare_numerals(text, prints, ABOUT) == []
    assert len(bare_numerals(text, [], ABOUT)) == len(values)


def test_a_quantity_beside_a_coordinate_covers_only_itself():
    """A numeral that follows a printed one is still seen."""
    text, prints = strip_marks(f"{Quantity('a', 16)} x 16")
    assert [bare.column for bare in bare_numerals(text, prints, ABOUT)] == [6]
