"""The site in a browser without a window: links, filter, sorting, zoom, colours, narrow screens, and what axe-core finds."""

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["website_fixtures"]

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SEEN = [
    "index.html",
    "waves/index.html",
    "waves/w03.html",
    "claims.html",
    "quantities/layout.html",
    "gates.html",
    "works.html",
    "texts/figures/fig-1-architecture.html",
    "texts/sections/03-architecture.html",
]

pytestmark = pytest.mark.skipif(
    not CHROMIUM,
    reason="no Chromium here: apt-get install --no-install-recommends chromium libatomic1 fonts-dejavu-core",
)


@pytest.fixture(scope="module")
def browser():
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def show(browser, paper_site: Path):
    """Opens a page of the site from disk; what the browser complains of fails the test."""
    complaints, contexts = [], []

    def opened(place: str, size: dict = DESK, **settings):
        context = browser.new_context(viewport=size, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on(
            "requestfailed",
            lambda request: complaints.append(request.url) if request.failure != "net::ERR_ABORTED" else None,
        )
        page.goto(f"{paper_site.as_uri()}/{place}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_number_leads_to_its_lineage_and_back(show):
    """From the paper to the number's entry, from there to its inputs, its source line, and the place where it is printed."""
    page = show("index.html")
    page.locator("article p a.n").first.click()
    entry = page.locator("section.number:target")
    assert entry.locator("h2").inner_text() == "layout.active_chips"
    assert "512" in entry.locator(".value").inner_text()
    entry.get_by_role("link", name="phextpaper/engine/naming/layout.py").click()
    assert (
        "def "
        in page.locator("pre.code span:target + span").text_content()
        + page.locator("pre.code span:target").text_content()
    )
    page.go_back()
    page.locator("section.number:target").get_by_role("link", name="machine.books").click()
    assert page.url.endswith("machine.html#machine.books")
    page.go_back()
    page.locator("section.number:target dd", has_text="Phext coordinates on paper").get_by_role(
        "link", name="11", exact=True
    ).click()
    assert page.locator("a.n:target").inner_text() == "512"


def test_every_part_of_the_site_can_be_reached_from_every_page(show):
    """The navigation leads round and says where one is."""
    page = show("texts/sections/03-architecture.html")
    for label in ("Waves", "Claims", "Numbers", "Gates", "Works", "Paper"):
        page.get_by_role("navigation", name="Parts of the site").get_by_role("link", name=label).click()
        assert page.locator("nav a[aria-current=page]").inner_text() == label
    page.get_by_role("navigation", name="Parts of the site").get_by_role("link", name="Waves").click()
    page.locator("svg.graph a").nth(2).click()
    assert page.locator("h1").inner_text().startswith("Wave 3:")


def test_the_ledger_filters_by_words_and_verdict(show, material):
    """What is shown is what holds all the words and has the verdict; the count says how many."""
    page = show("claims.html")
    rows = page.locator("#ledger tbody tr:visible")
    assert rows.count() == len(material.claims)
    page.get_by_label("Verdict").select_option("corrected")
    corrected = [claim["id"] for claim in material.claims if claim["verdict"] == "corrected"]
    assert [row.split()[0] for row in rows.all_inner_texts()] == corrected
    page.get_by_label("Search").fill("hops")
    assert 0 < rows.count() < len(corrected)
    assert all("hops" in text.lower() and "corrected" in text for text in rows.all_inner_texts())
    assert page.locator("form output").inner_text() == f"{rows.count()} of {len(material.claims)}"
    page.get_by_label("Search").fill("no such words at all")
    assert rows.count() == 0


def test_the_ledger_sorts_numbers_as_numbers_both_ways(show):
    """A click on a head sorts, a second one turns round; empty cells stay last; heads say it to screen readers."""
    page = show("claims.html")
    head = page.locator("#ledger thead th", has_text="Computed")
    for wanted in ("ascending", "descending"):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == wanted
        cells = [text.replace(",", "") for text in page.locator("#ledger tbody td:nth-child(5)").all_inner_texts()]
        filled = [float(text) for text in cells if text.replace(".", "").replace("-", "").replace("e", "").isdigit()]
        assert filled == sorted(filled, reverse=wanted == "descending")
        assert len(filled) > 50
        empty = [place for place, text in enumerate(cells) if not text.strip()]
        assert empty == list(range(len(cells) - len(empty), len(cells)))


def test_a_figure_opens_large_and_closes_by_key(show):
    """A click shows it in a window of its own that can be enlarged; Escape leads back to the text."""
    page = show("index.html")
    page.locator("figure a.zoom").click()
    dialog = page.get_by_role("dialog")
    image = dialog.get_by_role("img")
    before = image.bounding_box()["width"]
    dialog.get_by_role("button", name="Larger").click()
    assert image.bounding_box()["width"] > 1.2 * before
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.className") == "zoom"


def test_a_drawing_has_its_numbers_as_links_and_zooms(show):
    """On its own page a drawing's numbers lead to their lineage."""
    page = show("texts/figures/fig-1-architecture.html")
    drawing = page.locator("figure svg")
    before = drawing.bounding_box()["width"]
    page.get_by_role("button", name="Larger").click()
    assert drawing.bounding_box()["width"] > 1.2 * before
    link = drawing.locator("a").first
    target = link.get_attribute("href").partition("#")[2]
    box = link.bounding_box()
    page.mouse.click(
        box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    )  # Playwright's own click does not see links in SVG text
    page.wait_for_url("**/quantities/**")
    assert page.locator("section.number:target h2").inner_text() == target


def test_colours_follow_the_system_and_the_switch(show):
    """Dark where the system is dark, until the switch says otherwise, on the next page too."""

    def background(page) -> int:
        return sum(
            int(part)
            for part in page.evaluate("getComputedStyle(document.body).backgroundColor").strip("rgb()").split(",")
        )

    assert background(show("index.html", color_scheme="light")) > 600
    page = show("index.html", color_scheme="dark")
    assert background(page) < 150
    page.get_by_role("button", name="Change to light colours").click()
    assert background(page) > 600
    page.goto(page.url.replace("index.html", "claims.html"))
    assert background(page) > 600


@pytest.mark.parametrize("place", SEEN)
def test_no_page_is_wider_than_a_phone(show, place):
    """Wide tables, drawings and code scroll in their own boxes."""
    page = show(place, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    outside = page.evaluate("""() => [...document.querySelectorAll('main *')].filter(item =>
        item.getBoundingClientRect().right > innerWidth + 1 && !item.closest('.scroll, .canvas, pre, math, svg')).map(item => item.outerHTML.slice(0, 80))""")
    assert outside == []


def test_without_a_script_everything_can_be_read(show, material):
    """Tables are whole, contents open on a click, figures lead to their pages, and no dead tool is shown."""
    page = show("claims.html", java_script_enabled=False)
    assert page.locator("#ledger tbody tr:visible").count() == len(material.claims)
    assert not page.locator("form.filter").is_visible()
    assert not page.locator("#theme").is_visible()
    page = show("index.html", java_script_enabled=False)
    page.locator("figure a.zoom").click()
    assert page.locator("h1").inner_text().startswith("Figure 1")


@pytest.mark.parametrize(
    ("place", "scheme", "size"),
    [
        *((place, "light", DESK) for place in SEEN),
        *((place, "dark", DESK) for place in ("index.html", "waves/w03.html", "gates.html")),
        ("index.html", "light", PHONE),
        ("waves/w03.html", "light", PHONE),
    ],
)
def test_axe_finds_no_serious_violation(show, place, scheme, size):
    """Neither contrast nor names nor structure stands in a reader's way."""
    assert violations(show(place, size, color_scheme=scheme)) == []


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)])
def test_axe_finds_none_in_the_whole_paper(browser, site, scheme, size):
    """The front page as the build leaves it, with all sections, figures and tables."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    assert page.locator("figure").count() >= 5 and violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    context.close()


def violations(page) -> list[tuple]:
    """What axe-core finds serious or critical on a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [
        (rule["id"], rule["help"], [node["html"][:120] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
