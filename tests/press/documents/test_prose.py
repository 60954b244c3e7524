import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.prose import WORD, Prose
from phextpaper.study.wording import HARDWARE_CLAIM


def prose(text: str) -> Prose:
    """The prose of a text."""
    return Prose(Markdown(text, "x.md"))


def cut(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence.text for sentence in prose(text).sentences]


@pytest.mark.parametrize(
    "whole",
    [
        "It has 1.5 hops, e.g. the chip 1.1.1/1.5.2 in Fig. 3.",
        "See Figs. 3 and 4, Eq. 2, Sec. 5 and No. 7.",
        "The version v0.3.2 of phext.",
        "Camara et al. 2010 twisted it.",
        "They (cf. Table 2) use TPU v4 vs. A100.",
        "The chips 1.1.1 ... 16.16.16 are active.",
        "As E. W. Dijkstra said.",
        "It ends, i.e. every route ends.",
        "`a. B` is code.",
        "It waits for approx. 5 ms.",
        "It says 'why?' and goes on.",
        "In range 1.1.1 .. 2.2.2 it holds.",
    ],
)
def test_full_stops_inside_a_sentence_do_not_end_it(whole):
    """Abbreviations, decimals, coordinates, versions, initials, ellipses and code hold no end."""
    assert cut(whole) == [whole.replace("`", "")]
    assert cut(f"First. {whole} Last.") == ["First.", whole.replace("`", ""), "Last."]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One is 1.1.1/1.1. Two is next.", ["One is 1.1.1/1.1.", "Two is next."]),
        ("It ends in 2020 [@jouppi2023]. Then it goes.", ["It ends in 2020.", "Then it goes."]),
        ("It ends [@a2020; @b2021, 7.6]; and goes.", ["It ends; and goes."]),
        ("Why? Because! 16 racks.", ["Why?", "Because!", "16 racks."]),
        ("It says 'no.' The rest (all of it.) Then.", ["It says 'no.'", "The rest (all of it.)", "Then."]),
        ("It calls `f`. `g` is next.", ["It calls f.", "g is next."]),
        ("There are chips, links, etc. They work.", ["There are chips, links, etc.", "They work."]),
        ("The answer is no. Then.", ["The answer is no.", "Then."]),
        ("One\nline goes. *Two* goes.", ["One line goes.", "Two goes."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, wanted):
    """Before a capital, a digit, code or a quotation; a citation before the stop is no word."""
    assert cut(text) == wanted


WORDS = st.lists(
    st.sampled_from(["chips", "links", "16", "1.5", "1.1.1/1.5.2", "e.g.", "all-to-all", "it's", "Fig.", "3"]),
    min_size=1,
    max_size=12,
)
SENTENCES = st.lists(WORDS.map(lambda words: "So " + " ".join(words) + " go" + "."), min_size=1, max_size=8)


@given(SENTENCES, st.sampled_from([" ", "\n"]))
def test_joined_sentences_come_apart_again(sentences, blank):
    """Sentences joined by blanks or line breaks are cut where they were joined, each at its own line."""
    found = prose("# Title\n\n" + blank.join(sentences) + "\n").sentences
    assert [sentence.text for sentence in found] == sentences
    assert [sentence.line for sentence in found] == [
        3 + (place if blank == "\n" else 0) for place in range(len(sentences))
    ]


@given(SENTENCES)
def test_nothing_but_prose_counts(sentences):
    """Headings, tables, code blocks, comments, displayed formulas, pictures and citations change no count."""
    plain = prose("\n\n".join(sentences))
    dressed = prose(
        "# Very novel words\n\n<!-- A comment. -->\n\n"
        + " [@key2020].\n\n| a | b |\n|---|---|\n| c | d. E |\n\n```python\nx = 1. # We built.\n```\n\n$$a = b. C$$\n\n"
        "![A picture. It shows.](a.svg)\n\n".join([*(text.removesuffix(".") for text in sentences), "## End"])
    )
    assert [sentence.words for sentence in dressed.sentences] == [sentence.words for sentence in plain.sentences]
    assert (
        dressed.word_count == plain.word_count == sum(sentence.words for sentence in plain.sentences)
        and not dressed.hype
    )


def test_lengths_of_sentences():
    """Mean over complete sentences; the longest may be an item without a stop; a lead-in with a colon is complete."""
    found = prose("One two three. One two three four five:\n\n- an item of seven words without stop\n- two words\n")
    assert [sentence.words for sentence in found.sentences] == [3, 5, 7, 2]
    assert found.mean_words == 4 and found.longest.words == 7 and found.word_count == 17
    empty = prose("# Title\n")
    assert (empty.mean_words, empty.longest, empty.word_count, empty.first, empty.passive_share) == (
        0.0,
        None,
        0,
        "",
        0.0,
    )


def test_a_word_is_what_blanks_part():
    """Numbers, coordinates, code and formulas are single words."""
    assert prose("The chip 1.1.1/1.5.2 has 16,384 rows.").word_count == 6
    assert prose("Run `make wave N=5` with `a_b_c` now.").word_count == 5
    assert prose("So $a + b = c$ holds.").word_count == 3


@pytest.mark.parametrize(
    "text",
    [
        "The table is rewritten.",
        "Rows were not always fetched.",
        "It has been newly built.",
        "They are, in short: it is kept.",
        "The switch isn't used.",
    ],
)
def test_a_form_of_to_be_with_a_participle_is_passive(text):
    """Up to three adverbs may stand between; irregular participles count."""
    assert prose(text).passive_share == 1


@pytest.mark.parametrize(
    "text",
    [
        "The chip sends rows.",
        "Speed is need.",
        "It is a torus.",
        "It is red.",
        "Rows have moved.",
        "The build checked it.",
        "It is indeed so.",
    ],
)
def test_other_sentences_are_active(text):
    """A form of 'to be' alone, or a participle without one, is not passive."""
    assert prose(text).passive_share == 0


def test_the_passive_share_is_a_share_of_sentences():
    """One of four."""
    assert prose("It is kept. It stays. It goes. It ends.").passive_share == 0.25


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A truly novel, groundbreaking design.", ["truly", "novel", "groundbreaking"]),
        ("It leverages state-of-the-art parts.", ["leverages", "state-of-the-art"]),
        ("A game-changing\nparadigm.", ["game-changing", "paradigm"]),
        ("It is very fast.", ["very"]),
        ("Nothing is `very` novella.", []),
        ("Every massively parallel machine.", []),
        ("A massive gain.", ["massive"]),
        ("A revolutionary state\nof the art.", ["revolutionary", "state of the art"]),
    ],
)
def test_hype_is_found_word_by_word(text, found):
    """Words of the list, across a line's end too; code and longer words are not meant."""
    assert [word.text for word in prose(text).hype] == found


@pytest.mark.parametrize(
    "text",
    [
        "We built a machine of 64 racks.",
        "Our hardware routes it.",
        "We measured it on TPU v4.",
        "We ran the model on 512 chips.",
        "PBC achieves 2x.",
        "PBC was deployed in 2020.",
        "Our prototype is small.",
        "Our measurements on the A100 agree.",
        "We have deployed it.",
        "Phext-Based Compute outperforms the torus.",
        "We trained it on a GPU.",
    ],
)
def test_a_claim_of_hardware_is_found(text):
    """Whatever sounds as if the design had been built, run or measured."""
    assert prose(text).find(HARDWARE_CLAIM)


@pytest.mark.parametrize(
    "text",
    [
        "No hardware was built.",
        "We built nothing.",
        "Nothing in this section was built.",
        "TPU v4 achieves 2.1x [@jouppi2023].",
        "We compute the loads of a chip.",
        "The times were measured on the machine that builds this paper.",
        "PBC would need a table.",
        "The chips of PBC have names.",
        "We model a switch.",
    ],
)
def test_a_design_on_paper_claims_nothing(text):
    """Denials, reports of others and models stay."""
    assert not prose(text).find(HARDWARE_CLAIM)


def test_references_are_spelled_out():
    """Lists and ranges name each part; cells of tables count, headings, code and other works' parts in citations do not."""
    found = prose(
        "# Section 9\n\nSee Section 3.4, Sections 5 to 7 and 9, Figures 1 and 2 [@a2020, Table 8], `Figure 7`.\nTables 3-5 follow. In Section 3, 16 racks.\n\n"
        "| A | B |\n|---|---|\n| x | Table 1 |\n"
    ).references
    assert [str(reference) for reference in found] == [
        "Section 3.4",
        "Section 5",
        "Section 6",
        "Section 7",
        "Section 9",
        "Figure 1",
        "Figure 2",
        "Table 3",
        "Table 4",
        "Table 5",
        "Section 3",
        "Table 1",
    ]
    assert [reference.line for reference in found] == [3] * 7 + [4] * 4 + [8]


def test_a_sentence_knows_its_italics_and_its_citations():
    """Pieces in italics without their marks, bold not among them; each citation in the sentence that it stands in."""
    first, second = prose("A *phext\ncoordinate* is **bold** [@a2020]. It is *here* [@b2021; @c2022].").sentences
    assert first.stressed == ("phext coordinate",) and first.cites == ("a2020",)
    assert (
        second.stressed == ("here",)
        and second.cites == ("b2021", "c2022")
        and (first.line, first.last_line, second.line) == (1, 2, 2)
    )


def test_a_printed_text_is_found_in_its_sentence():
    """By line and text; what stands in a table is in no sentence."""
    text = prose("It has 16 racks. It has\n17 volumes.\n\n| 18 |\n|---|\n| 19 |\n")
    assert (
        text.sentence_at(1, "16").text == "It has 16 racks." and text.sentence_at(2, "17").text == "It has 17 volumes."
    )
    assert text.sentence_at(6, "19") is None and text.sentence_at(1, "18") is None
    assert prose("It has 16.\nSo has\n16 here.").sentence_at(3, "16").text == "So has 16 here."


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
def test_any_text_can_be_read(text):
    """No text stops the reader, and every sentence has a word and stands in the text."""
    found = prose(text)
    assert all(sentence.words >= 1 and 1 <= sentence.line <= sentence.last_line for sentence in found.sentences)
    assert (
        found.word_count == sum(len(WORD.findall(sentence.masked)) for sentence in found.sentences)
        and found.references is not None
    )
