"""The documentation site in a real browser, served as any web server would."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import a_browser, needs_browser

pytestmark = [pytest.mark.documentation, needs_browser]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LIGHT_DESKTOP, DARK_PHONE = ("light", DESKTOP), ("dark", PHONE)
PAGES = [
    "index.html",
    "SECURITY.html",
    "docs/quickstart.html",
    "docs/engines.html",
    "docs/errors.html",
    "docs/rules.html",
    "docs/reference/index.html",
    "docs/reference/command.html",
    "docs/reference/cdk/fleet-provisioning.html",
    "docs/reference/pulumi/fleet-provisioning.html",
    "docs/reference/core/evaluation.html",
]
OF_THE_THEME = {
    "landmark-unique": "its blocks of code and its navigation are landmarks without names",
    "scrollable-region-focusable": "a wide table scrolls in a box that the keyboard does not reach",
}
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


def test_a_construct_is_two_clicks_from_the_start(opened):
    page = opened("index.html")
    page.get_by_role("link", name="Reference", exact=True).first.click()
    page.get_by_role("link", name="JustInTimeRegistration", exact=True).first.click()
    page.wait_for_url("**/certificate-authorities.html#device_provisioning.cdk.JustInTimeRegistration")
    assert page.locator("h2:target").text_content().strip().startswith("JustInTimeRegistration")
