"""The documentation site in a real browser, served as any web server would."""

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe

from device_provisioning.version import __version__
from tests.support.browser import a_browser, needs_browser

pytestmark = [pytest.mark.documentation, needs_browser]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LIGHT_DESKTOP, DARK_PHONE = ("light", DESKTOP), ("dark", PHONE)
PAGES = [
    "index.html",
    "SECURITY.html",
    "docs/quickstart.html",
    "docs/guides/devices-on-the-list.html",
    "docs/engines.html",
    "docs/errors.html",
    "docs/rules.html",
    "docs/reference/index.html",
    "docs/reference/command.html",
    "docs/reference/cdk/fleet-provisioning.html",
    "docs/reference/pulumi/fleet-provisioning.html",
    "docs/reference/core/evaluation.html",
]
WITH_WIDE_TABLES = [
    "docs/benchmarks.html",
    "docs/engines.html",
    "docs/metrics.html",
    "docs/errors.html",
    "SECURITY.html",
]
OF_THE_THEME = {"landmark-unique": "its blocks of code and its navigation are landmarks without names"}
"""What axe finds in the theme itself, which pages can't change."""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site):
    handler = partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with a_browser() as running:
        yield running


@pytest.fixture
def opened(browser, address):
    """Open pages; at the end nothing was said on the console, and nothing asked for elsewhere."""
    contexts, said, requests = [], [], []

    def an_opened_page(name, look=LIGHT_DESKTOP):
        scheme, viewport = look
        contexts.append(browser.new_context(color_scheme=scheme, viewport=viewport))
        page = contexts[-1].new_page()
        # Chromium remarks on the field of the search at every link to a part of a page.
        page.on("console", lambda message: "Autofocus" in message.text or said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address + name)
        return page

    yield an_opened_page
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in requests if not url.startswith(address)] == []


@pytest.mark.parametrize("look", [LIGHT_DESKTOP, DARK_PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_but_what_is_of_the_theme(opened, name, look):
    found = Axe().run(
        opened(name, look), options={"rules": {rule: {"enabled": False} for rule in OF_THE_THEME}}
    )
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_no_page_scrolls_sideways(opened, name):
    root = "document.documentElement"
    assert opened(name, DARK_PHONE).evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


CUT_OFF = """() => {
    const edge = document.querySelector(".md-content").getBoundingClientRect().right;
    const cutOff = (table) => table.getBoundingClientRect().right > edge;
    const tables = [...document.querySelectorAll(".md-content table")];
    return tables.filter(cutOff).map((table) => table.textContent);
}"""
WIDE = """() => [...document.querySelectorAll(".md-typeset__scrollwrap")]
    .filter((box) => box.scrollWidth > box.clientWidth)
    .map((box) => [box.tabIndex, box.role, box.ariaLabel, getComputedStyle(box).overflowX])"""


@pytest.mark.parametrize("name", WITH_WIDE_TABLES)
def test_no_table_is_cut_off_on_a_laptop(opened, name):
    assert opened(name, ("light", {"width": 1400, "height": 900})).evaluate(CUT_OFF) == []


@pytest.mark.parametrize("name", WITH_WIDE_TABLES)
def test_a_table_that_is_too_wide_for_a_phone_scrolls_by_touch_and_by_keyboard(opened, name):
    page = opened(name, DARK_PHONE)
    page.locator(".md-typeset__scrollwrap[tabindex]").first.wait_for()
    assert {tuple(each) for each in page.evaluate(WIDE)} == {(0, "region", "Table", "auto")}


def test_a_command_looks_like_one_and_not_like_its_output(opened):
    command = opened("docs/quickstart.html").locator(".language-sh code", has_text="mkdir sensors").first
    assert command.locator(".go").count() == 0
    colours = "code => [code, ...code.querySelectorAll('span')].map(each => getComputedStyle(each).color)"
    assert len(set(command.evaluate(colours))) > 1


@pytest.mark.parametrize("look", [LIGHT_DESKTOP, DARK_PHONE], ids=["desktop", "phone"])
def test_copying_needs_no_hovering(opened, look):
    button = opened("docs/quickstart.html", look).locator(".md-code__button").first
    opacity = "button => getComputedStyle(button).color.match(/[\\d.]+(?=\\))/)[0]"
    assert float(button.evaluate(opacity)) >= 0.5
    box = button.bounding_box()
    assert min(box["width"], box["height"]) >= 24


def test_the_header_says_which_version_the_pages_are_of(opened):
    assert opened("index.html").get_by_role("banner").get_by_text(__version__).is_visible()


def test_dark_and_light_follow_the_system_and_can_be_turned_over(opened):
    scheme = "document.body.dataset.mdColorScheme"
    assert opened("index.html", LIGHT_DESKTOP).evaluate(scheme) == "default"
    page = opened("index.html", DARK_PHONE)
    assert page.evaluate(scheme) == "slate"
    page.get_by_title("Switch to light mode").click()
    assert page.evaluate(scheme) == "default"


def test_the_search_finds_what_a_device_or_a_log_says(opened):
    page = opened("index.html")
    page.get_by_role("button", name="Search").click()
    page.locator("dialog input").fill("another registration of this serial number is in progress")
    page.get_by_text("What the hook says").wait_for()


def test_an_engine_that_was_chosen_in_tabs_is_chosen_on_every_page(opened):
    page = opened("docs/guides/own-claim-key.html")
    on_cdk, on_pulumi = page.get_by_text("thing_name_prefix="), page.get_by_text('"thing_name_prefix"')
    assert (on_cdk.first.is_visible(), on_pulumi.first.is_visible()) == (True, False)
    page.locator(".tabbed-labels").get_by_text("Pulumi").first.click()
    on_pulumi.first.wait_for()
    assert on_cdk.first.is_hidden()
    page.goto(page.url.replace("own-claim-key", "own-hook"))
    page.get_by_text('PreProvisioningHook("own-hook"').first.wait_for()


@pytest.mark.parametrize("engine", ["cdk", "pulumi"])
def test_a_setting_is_a_heading_that_links_and_the_search_reach(opened, engine):
    page = opened(f"docs/reference/{engine}/fleet-provisioning.html")
    heading = page.locator(".doc-heading", has_text=re.compile(r"^\s*thing_name_prefix")).first
    assert heading.get_attribute("id").startswith(f"device_provisioning.{engine}.FleetProvisioning")
    page.get_by_role("button", name="Search").click()
    page.locator("dialog input").fill("thing_name_prefix")
    page.locator(f'dialog a[href*="#device_provisioning.{engine}.FleetProvisioning"]').first.wait_for()


def test_the_page_of_the_rules_begins_with_what_a_reader_needs(opened):
    page = opened("docs/rules.html")
    assert page.locator("article p").first.text_content().startswith("Each rule has a page with an example")


def test_a_construct_is_two_clicks_from_the_start(opened):
    page = opened("index.html")
    page.get_by_role("link", name="Reference", exact=True).first.click()
    page.get_by_role("link", name="JustInTimeRegistration", exact=True).first.click()
    page.wait_for_url("**/certificate-authorities.html#device_provisioning.cdk.JustInTimeRegistration")
    assert page.locator("h2:target").text_content().strip().startswith("JustInTimeRegistration")
