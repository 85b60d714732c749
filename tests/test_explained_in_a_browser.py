"""The page of ``device-provisioning explain`` in a real browser."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from device_provisioning.explain.picture import State
from tests.support.browser import a_browser, needs_browser
from tests.support.explained import DEVICES, SENSORS, a_fleet, explain, picture_of
from tests.support.left_over import telling
from tests.support.screenshot import shoot
from tests.support.template_files import FOLDER

pytestmark = needs_browser
ROOT = Path(__file__).parent.parent
BROKEN = str(FOLDER / "stack" / "DP032-breaks-other-things.json")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HOSTILE = "</script><img src=x onerror=hacked=1>"
OVERLAPS = """() => {
  const labels = [...document.querySelectorAll(".node, .arrow")];
  const boxes = labels.map((label) => [label.textContent, label.getBoundingClientRect()]);
  const meet = (a, b) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return boxes.flatMap(([one, a], index) =>
    boxes.slice(index + 1).filter(([, b]) => meet(a, b)).map(([other]) => `${one} / ${other}`));
}"""


@pytest.fixture(scope="module")
def browser():
    with a_browser() as running:
        yield running


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    return a_fleet(tmp_path_factory.mktemp("fleet"), trusted_user=True)


class Opened:
    """A page, with whatever it said and asked for."""

    def __init__(self, browser, file, **options):
        self.said, self.requests = [], []
        self.page = browser.new_page(**({"viewport": DESKTOP} | options))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())
        self.page.locator("html[data-drawn]").wait_for()


@pytest.fixture
def opened(browser, tmp_path):
    """Open the page of a template; at the end nothing was said on the console and nothing asked for."""
    pages = []

    def an_opened_page(template, *arguments, **options):
        file = tmp_path / f"page-{len(pages)}.html"
        result = explain(str(template), "--html", str(file), *arguments)
        assert result.exit_code == 0, result.stderr
        pages.append((file, Opened(browser, file, **options)))
        return pages[-1][1].page

    yield an_opened_page
    for file, done in pages:
        done.page.close()
        assert (done.said, done.requests) == ([], [file.as_uri()])


def shown(grant):
    return json.dumps(grant.document, indent=2, ensure_ascii=False)


def test_every_arrow_opens_its_statements_in_full(opened, fleet):
    page, picture = opened(fleet), picture_of(fleet)
    arrows, pane = page.locator(".arrow"), page.locator("#statement")
    assert arrows.count() == len(picture.arrows) > 15
    for arrow in picture.arrows:
        page.locator(f'.arrow[data-id="{arrow.id}"]').click()
        assert pane.locator("h2").text_content() == ", ".join(arrow.verbs)
        assert pane.locator("h3").all_text_contents() == [grant.title for grant in arrow.grants]
        documents = [shown(grant) for grant in arrow.grants if grant.document is not None]
        assert pane.locator("pre").all_text_contents() == documents
        page.keyboard.press("Escape")
        assert pane.is_hidden()


def test_a_click_on_a_line_opens_what_its_label_opens(opened, fleet):
    page = opened(fleet)
    page.locator(".line .hit").first.dispatch_event("click")
    assert page.locator("#statement h2").text_content() == "holds"


def test_a_node_opens_what_leads_to_it_and_on_from_it(opened):
    page = opened(BROKEN)
    page.locator(".node", has_text="Provisioning role").click()
    pane = page.locator("#statement")
    assert "warning DP032 the role does not allow iot:CreateThing" in pane.text_content()
    pane.get_by_role("button", name="create: Thing sensor-*").click()
    assert pane.locator(".state").text_content() == "needed, and granted by nothing"


def test_what_the_rules_find_is_marked_where_it_is_and_leads_there(opened):
    page = opened(BROKEN)
    marked = {"Provisioning roleRole1 warning", "Device policysensor-runtime1 note"}
    assert set(page.locator(".node:has(.mark)").all_text_contents()) == marked
    page.locator("#findings .to", has_text="Role").click()
    assert page.evaluate("document.activeElement.querySelector('.kind').textContent") == "Provisioning role"


def test_devices_are_shown_with_what_they_would_get_and_why_some_fail(opened):
    page = opened(SENSORS, "--devices", DEVICES)
    devices = page.locator("#devices")
    assert "2 provisioned, 2 failed" in devices.text_content()
    assert "thingName sensor-A-0001" in devices.locator("tbody tr").first.text_content()
    devices.get_by_label("Only devices that get nothing").check()
    assert devices.locator("tbody tr:visible").count() == 2
    devices.get_by_role("button", name="Thing sensor-*").click()
    assert page.evaluate("document.activeElement.querySelector('.kind').textContent") == "Thing"


def test_the_keyboard_goes_from_node_to_node_and_opens_and_closes_a_statement(opened, fleet):
    page = opened(fleet)
    focused = "document.activeElement.ariaLabel ?? document.activeElement.textContent"
    page.locator(".node").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused).startswith("granted: Device not registered yet, holds, Claim certificate")
    page.keyboard.press("Enter")
    assert page.locator("#statement").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused).startswith("Claim certificate")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused).startswith("Devicenot registered yet")


@pytest.mark.parametrize("scheme", telling(["light", "dark"], ["light"]))
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_with_and_without_an_open_statement(opened, scheme, viewport):
    page = opened(BROKEN, "--devices", DEVICES, color_scheme=scheme, viewport=viewport)
    states = {"granted", "denied", "missing", "unseen"}
    assert states <= set(
        " ".join(page.locator(".arrow").evaluate_all("all => all.map((b) => b.className)")).split()
    )
    for _ in range(2):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.locator(".arrow").first.click()


@pytest.mark.parametrize("viewport", telling([DESKTOP, PHONE], [DESKTOP]), ids=["desktop", "phone"])
def test_no_label_covers_another(opened, fleet, viewport):
    for template in (fleet, BROKEN, FOLDER / "stack" / "valid-jitp-template-of-a-ca.json"):
        assert opened(template, viewport=viewport).evaluate(OVERLAPS) == []


FULL_HD = {"width": 1920, "height": 1080}
LAPTOP = {"width": 1400, "height": 900}
WIDE = [LAPTOP, DESKTOP, FULL_HD]
WIDTHS = pytest.mark.parametrize(
    "viewport", telling(WIDE, [DESKTOP]), ids=lambda viewport: str(viewport["width"])
)


@WIDTHS
def test_the_picture_fits_its_width(opened, fleet, viewport):
    for template in (fleet, BROKEN, FOLDER / "stack" / "valid-jitp-template-of-a-ca.json"):
        page = opened(template, viewport=viewport)
        assert page.evaluate("picture.scrollWidth <= picture.clientWidth")
        assert page.evaluate("canvas.getBoundingClientRect().height") < 1000


@WIDTHS
def test_the_way_in_is_one_straight_line_with_a_heading_for_each_stage(opened, fleet, viewport):
    page, picture = opened(fleet, viewport=viewport), picture_of(fleet)
    stages = list(dict.fromkeys(node.stage for node in picture.nodes))
    assert page.locator("#canvas h2").all_text_contents() == [str(stage) for stage in stages]
    box = "button.getBoundingClientRect()"
    middle = f"button => {box}.top + {box}.height / 2"
    first = [page.locator(f'.node[data-stage="{stage}"]').first for stage in stages]
    height = first[0].evaluate(middle)
    # Boxes of different heights have middles that are half a pixel apart.
    assert [node.evaluate(middle) for node in first] == pytest.approx([height] * len(first), abs=0.5)
    for before, after in pairwise(first):
        source, target = before.get_attribute("data-id"), after.get_attribute("data-id")
        (step,) = [entry for entry in picture.arrows if (entry.source, entry.target) == (source, target)]
        assert step.state is State.GRANTED
        label = page.locator(f'.arrow[data-id="{step.id}"]')
        assert label.evaluate(middle) == pytest.approx(height, abs=1)


def test_on_a_phone_the_page_reads_from_top_to_bottom(opened, fleet):
    page = opened(fleet, viewport=PHONE)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    boxes = [each.bounding_box() for each in page.locator("#canvas h2, .node, .arrow").all()]
    tops = [box["y"] for box in boxes]
    assert tops == sorted(tops)
    assert sum(top < PHONE["height"] for top in tops) > 8
    holds = page.locator(".arrow", has_text="holds").first
    assert holds.inner_text().replace("\n", "").startswith("holds \u2192 ")


def test_a_window_that_is_made_wider_shows_the_stages_side_by_side_again(opened, fleet):
    page = opened(fleet, viewport=PHONE)
    page.set_viewport_size(LAPTOP)
    page.locator("body:not(.piled)").wait_for()
    assert page.evaluate(OVERLAPS) == []
    page.set_viewport_size(PHONE)
    page.locator("body.piled").wait_for()
    assert page.locator("#canvas > svg").count() == 0


def test_what_may_do_everything_is_red(opened):
    page = opened(FOLDER.parent / "reported" / "claim-that-may-do-everything.yaml")
    red = "rgb(163, 21, 21)"
    colour = "each => getComputedStyle(each).color"
    assert page.locator(".arrow.unlimited").first.evaluate(colour) == red
    assert page.locator(".node.unlimited .title").first.evaluate(colour) == red


def test_technical_reasons_and_full_names_are_in_the_pane(opened, fleet):
    page = opened(fleet)
    page.locator(".node", has_text="technical reasons").click()
    assert "serial number is malformed" in page.locator("#statement li").all_text_contents()


def test_dark_and_light_follow_the_system_and_can_be_turned_over(opened):
    page = opened(SENSORS, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Switch theme").click()
    light = page.evaluate(ground)
    page.get_by_role("button", name="Switch theme").click()
    assert (dark, light, page.evaluate(ground)) == ("rgb(20, 23, 28)", "rgb(246, 247, 249)", dark)


@pytest.mark.parametrize(
    "template", telling([SENSORS, BROKEN, None], [None]), ids=["body", "broken", "fleet"]
)
def test_it_prints_on_one_page(opened, fleet, template):
    page = opened(template or fleet, "--devices", DEVICES)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert page.evaluate("document.body.className") == ""


def test_a_hostile_template_runs_nothing(opened, tmp_path):
    body = json.loads(Path(SENSORS).read_text("utf-8"))
    body["Resources"]["thing"]["Properties"]["ThingName"] = HOSTILE
    body["Parameters"] = {HOSTILE: {"Type": "String"}}
    file = tmp_path / f"{HOSTILE.replace('/', '')}.json"
    file.write_text(json.dumps(body), "utf-8")
    page = opened(file)
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img").count() == 0
    assert HOSTILE in page.locator(".node .title").all_text_contents()


def test_the_screenshot_of_the_readme_is_made_of_a_page_and_small(browser, fleet, tmp_path):
    page, picture = tmp_path / "fleet.html", tmp_path / "fleet.png"
    assert explain(str(fleet), "--html", str(page)).exit_code == 0
    shoot(browser, page, picture)
    shown = "docs/explain.png"
    assert f"]({shown})" in (ROOT / "README.md").read_text("utf-8")
    for file in (picture, ROOT / shown):
        assert file.read_bytes().startswith(b"\x89PNG")
        assert 20_000 < file.stat().st_size < 250_000
