"""Make ``docs/explain.png``: ``make screenshot``."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.browser import a_browser

ROOT = Path(__file__).parents[2]
WIDTH, HEIGHT = 1500, 860


def explain_quickstart(folder: Path) -> Path:
    """The page of the fleet of ``examples/quickstart.py``."""
    # As the CDK's CLI has it, so that resources are shown by the paths of their constructs.
    context = json.dumps({"aws:cdk:enable-path-metadata": True})
    environment = os.environ | {"CDK_OUTDIR": str(folder / "cdk.out"), "CDK_CONTEXT_JSON": context}
    subprocess.run([sys.executable, ROOT / "examples" / "quickstart.py"], check=True, env=environment)
    explain = [sys.executable, "-m", "device_provisioning.cli", "explain", "cdk.out"]
    subprocess.run([*explain, "--html", "fleet.html"], check=True, cwd=folder)
    return folder / "fleet.html"


def shoot(browser, html: Path, png: Path) -> None:
    """Show a page down to the end of the picture."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    page.goto(html.as_uri())
    page.locator("html[data-drawn]").wait_for()
    bottom = page.locator("#picture").bounding_box()
    height = bottom["y"] + bottom["height"]
    page.screenshot(path=png, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    page.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made, a_browser() as running:
        shoot(running, explain_quickstart(Path(made)), Path(sys.argv[1]))
