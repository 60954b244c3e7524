"""What the tests of the site are given: a built copy with its site, and the same build with an assembled paper."""

from pathlib import Path

import pytest
from website_samples import material_of, with_paper, written

from phextpaper.press.website.material import Material


@pytest.fixture(scope="session")
def material(pristine) -> Material:
    """What the site of a small machine is made of."""
    return material_of(pristine.folder)[1]


@pytest.fixture(scope="session")
def site(pristine) -> Path:
    """The site that a whole build left."""
    return pristine.folder / "build" / "site"


@pytest.fixture(scope="session")
def paper_site(material, tmp_path_factory) -> Path:
    """A site whose front page is an assembled paper."""
    return written(with_paper(material), tmp_path_factory.mktemp("paper") / "site")
