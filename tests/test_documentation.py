"""The documentation site, built as ``make docs`` builds it: whatever is not right fails the build."""

import re
import tomllib

import pytest

from device_provisioning.version import __version__
from documentation.build import ROOT, build, stage
from documentation.links import references
from documentation.site_configuration import released_configuration
from documentation.tabs import with_tabs
from tests.support.documented_pages import pages

pytestmark = pytest.mark.documentation
PAGES = {
    "README.md": "# Start\n\n## Part\n",
    "docs/page.md": "# Page\n\n[start](../README.md#part) [code](code.py)\n",
}
PLANTED = {
    "a link to no page": ("[page](none.md)", "page does not exist"),
    "a link to no file": ("[file](none.py)", "none.py leads to no file"),
    "a link to no anchor of another page": ("[part](../README.md#none)", "anchor does not exist"),
    "a link to no anchor of the reference": ("[it](#library.none)", "anchor does not exist"),
    "a link of a docstring to no anchor": ("::: library.linking", "library.none leads to no anchor"),
    "a picture that is not there": ("![it](none.png)", "none.png leads to no file"),
    "a name that is not there": ("::: library.none", "library.none could not be found"),
    "a reference to a name that is not there": ("[it][library.none]", "unresolved autoref"),
    "a parameter that is not there": (
        "::: library.wrong",
        "'none' does not appear in the function signature",
    ),
}
LIBRARY = '''"""A library."""

def right() -> None:
    """Be right."""

def linking() -> None:
    """Be linked to [nothing](#library.none)."""

def wrong(some: int) -> None:
    """Be wrong.

    Args:
        none: What is not there.
    """
'''


@pytest.fixture
def small_site(tmp_path):
    """Build a site of a few pages by the project's own configuration, but for its navigation."""

    def built(pages, navigation=None):
        listed = ", ".join(f'"{page}"' for page in navigation or pages)
        configuration = (ROOT / "zensical.toml").read_text("utf-8")
        changed = re.sub(r"^nav = \[.*?^\]", f"nav = [{listed}]", configuration, count=1, flags=re.M | re.S)
        (tmp_path / "zensical.toml").write_text(changed, "utf-8")
        folder = tmp_path / "build" / "documentation"
        for name, text in {**pages, "docs/code.py": "", "docs/site.css": "", "docs/site.js": ""}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        (tmp_path / "constructs").mkdir()
        (tmp_path / "constructs" / "library.py").write_text(LIBRARY, "utf-8")
        return build(tmp_path)

    return built


def test_a_site_without_faults_is_built(small_site):
    pages = {**PAGES, "docs/reference.md": "# Reference\n\n[it](#library.right)\n\n::: library.right\n"}
    assert small_site(pages) == []


@pytest.mark.parametrize(("planted", "reported"), PLANTED.values(), ids=PLANTED)
def test_a_fault_fails_the_build(small_site, planted, reported):
    problems = small_site({**PAGES, "docs/page.md": f"# Page\n\n::: library.right\n\n{planted}\n"})
    assert reported in "\n".join(problems)


def test_a_page_outside_the_navigation_fails_the_build(small_site):
    assert small_site(PAGES, ["README.md"]) == [
        "docs/page.md is not in the navigation: add it in zensical.toml"
    ]


def test_a_page_of_the_navigation_that_is_not_there_fails_the_build(small_site):
    problems = small_site(PAGES, [*PAGES, "docs/none.md"])
    assert "docs/none.md is in the navigation but not there" in problems


def test_what_was_unpacked_without_git_is_staged_as_well(tmp_path):
    for name in ("README.md", "docs/page.md", "examples/__pycache__/a.pyc", "tests/test_a.py"):
        (tmp_path / "unpacked" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "unpacked" / name).write_text("", "utf-8")
    stage(tmp_path / "unpacked", tmp_path / "staged")
    staged = [file for file in (tmp_path / "staged").rglob("*") if file.is_file()]
    assert sorted(file.relative_to(tmp_path / "staged").as_posix() for file in staged) == [
        "README.md",
        "docs/page.md",
    ]


IN_TABS = """\
Before.

<!-- tabs -->

**AWS CDK**

```python
if True:
    fleet = 1
```

**Pulumi**

It is a **setting**.

<!-- end of tabs -->

After.
"""


def test_what_a_git_host_shows_one_below_the_other_is_in_tabs_on_the_site():
    assert (
        with_tabs(IN_TABS)
        == """\
Before.

=== "AWS CDK"

    ```python
    if True:
        fleet = 1
    ```

=== "Pulumi"

    It is a **setting**.

After.
"""
    )


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_tabs_of_a_page_begin_and_end_and_are_those_of_the_engines(page):
    shown = with_tabs(page.text)
    assert "tabs -->" not in shown
    titles = re.findall(r'^=== "(.*)"$', shown, re.M)
    assert titles == ["AWS CDK", "Pulumi"] * (len(titles) // 2)


CONFIGURATION = '[project]\nsite_name = "it"\nsite_description = "what"\n\n[project.theme]\nfont = false\n'


def test_the_site_is_named_with_the_version_and_leads_to_the_repository_that_the_project_names():
    project = tomllib.loads(released_configuration(CONFIGURATION, "https://git.example.com/it"))["project"]
    assert project == {
        "site_name": f"it {__version__}",
        "repo_url": "https://git.example.com/it",
        "repo_name": "Repository",
        "site_description": "what",
        "theme": {"font": False},
    }


def test_where_the_project_names_no_repository_the_site_leads_to_none():
    assert "repo_" not in released_configuration(CONFIGURATION, None)


def test_links_of_the_repository_work_on_the_site(site):
    assert (site / "examples" / "quickstart.py").read_bytes() == (
        ROOT / "examples" / "quickstart.py"
    ).read_bytes()


def test_no_page_takes_anything_from_another_host(site):
    taken = [
        (page.name, reference)
        for page in site.rglob("*.html")
        for tag, reference in references(page)
        if tag != "a" and "//" in reference
    ]
    assert taken == []


def test_no_style_takes_anything_from_another_host(site):
    styles = list(site.rglob("*.css"))
    assert len(styles) > 1
    assert [
        style for style in styles if re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", style.read_text())
    ] == []
