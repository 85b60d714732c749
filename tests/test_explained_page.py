"""The page of ``device-provisioning explain --html``, as text."""

import base64
import hashlib
import json
import re
from pathlib import Path

from device_provisioning.explain.page import page
from tests.support.explained import EVERYTHING, SENSORS, explain, picture_of
from tests.support.template_files import FOLDER

HOSTILE = "</script><img src=x onerror=alert(1)>"


def hashed(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def data_of(text):
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    return json.loads(found)


def test_nothing_but_the_own_scripts_and_style_may_run():
    text = page(picture_of(EVERYTHING))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    assert len(scripts) == 5
    allowed = " ".join(f"'{hashed(script)}'" for script in scripts)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{hashed(style)}'",
        f"script-src {allowed}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_the_page_names_no_other_place():
    text = page(picture_of(EVERYTHING))
    assert not re.findall(
        r"""(?:src|href|action)\s*=\s*["']|@import|url\(|https?://(?!www\.w3\.org/2000/svg)""", text
    )


def test_no_text_of_a_template_becomes_markup(tmp_path):
    body = json.loads(Path(SENSORS).read_text("utf-8"))
    body["Resources"]["thing"]["Properties"]["ThingName"] = HOSTILE
    body["Parameters"][HOSTILE] = {"Type": "String", "Default": "<!--<script>"}
    file = tmp_path / f"{HOSTILE.replace('/', '')}.json"
    file.write_text(json.dumps(body), "utf-8")
    text = page(picture_of(file))
    assert "<img" not in text
    assert text.count("<script") == text.count("</script") == 6
    assert HOSTILE in [node["title"] for node in data_of(text)["nodes"]]


def test_the_page_holds_every_node_arrow_and_finding():
    picture = picture_of(FOLDER / "stack" / "DP032-breaks-other-things.json")
    data = data_of(page(picture))
    assert [node["id"] for node in data["nodes"]] == [node.id for node in picture.nodes]
    assert [arrow["id"] for arrow in data["arrows"]] == [arrow.id for arrow in picture.arrows]
    assert [finding["code"] for node in data["nodes"] for finding in node["findings"]] == [
        "DP032",
        "DP053",
    ]


def test_the_page_tells_devices_and_counts_those_that_it_does_not_show(tmp_path):
    devices = tmp_path / "devices.csv"
    lines = [f"A-{number}" for number in range(300)] + ["A 1"]
    devices.write_text("\n".join(["SerialNumber", *lines]), "utf-8")
    out = tmp_path / "page.html"
    result = explain(SENSORS, "--devices", str(devices), "--html", str(out))
    assert (result.exit_code, result.stdout) == (0, "")
    reported = data_of(out.read_text("utf-8"))["devices"]
    assert reported["counts"] == [["provisioned", 300], ["failed", 1]]
    assert (len(reported["shown"]), reported["more"]) == (200, 101)
    assert reported["reasons"][0][1] == 1
    assert out.stat().st_size < 300_000


def test_the_page_does_not_go_where_it_was_read_from(tmp_path):
    body = tmp_path / "body.json"
    body.write_bytes(Path(SENSORS).read_bytes())
    result = explain(str(body), "--html", str(body))
    assert result.exit_code == 2
    assert result.stderr == f"{body}: is an input, so the page can't be written there: give another file\n"
    assert body.read_bytes() == Path(SENSORS).read_bytes()


def test_a_page_that_cannot_be_written_is_reported(tmp_path):
    result = explain(SENSORS, "--html", str(tmp_path / "nowhere" / "page.html"))
    assert (result.exit_code, "cannot be written: No such file" in result.stderr) == (2, True)
