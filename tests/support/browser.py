"""A real browser for tests: Debian's chromium, needed where it is asked for, or said to be missing."""

import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = bool(os.environ.get("BROWSER_REQUIRED"))
"""Whether a missing browser is a failure, as in CI."""

needs_browser = pytest.mark.skipif(
    CHROMIUM is None and not REQUIRED, reason="no browser: there is no chromium on the PATH"
)
"""Skip with the reason where there is no browser."""


@contextmanager
def a_browser():
    """A browser without a window."""
    if CHROMIUM is None:
        raise FileNotFoundError("there is no chromium on the PATH: install Debian's package chromium")
    with sync_playwright() as playwright:
        # Its sandbox needs rights that root of a container does not have.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
