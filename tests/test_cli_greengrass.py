"""The verb ``greengrass config``: names, files that exist, and secrets that it refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.writing_verbs import NAME, VERBS, Account

VERB = VERBS["greengrass config"]


@pytest.fixture(autouse=True)
def folder(emulator, tmp_path, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    Account(emulator).give(VERB.needs)
    VERB.prepare(tmp_path)
    return tmp_path


def config(core="gg-1", out="out/config.yaml"):
    arguments = ["greengrass", "config", "outputs.json", "--core", core, "--out", out]
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("core", ["gg-../../x", "gg-ü", "gg-a b", "gg-" + "a" * 130])
def test_what_is_not_a_thing_name_is_refused(folder, core):
    result = config(core)
    assert result.exit_code == 2
    assert "give a thing name" in result.stderr
    assert not (folder / "out").exists()


@pytest.mark.parametrize("name", ["claim.pem.crt", "claim.private.pem.key"])
def test_the_configuration_does_not_go_where_the_claim_goes(folder, name):
    result = config(out=f"out/{name}")
    assert result.exit_code == 2
    assert "is where the claim goes" in result.stderr
    assert not (folder / "out").exists()


@pytest.mark.parametrize("name", ["config.yaml", "claim.pem.crt", "claim.private.pem.key"])
def test_nothing_is_overwritten(folder, name):
    (folder / "out").mkdir()
    (folder / "out" / name).write_text("of another fleet")
    result = config()
    assert result.exit_code == 2
    assert f"{name}: already exists and will not be overwritten" in result.stderr
    assert [path.read_text() for path in (folder / "out").iterdir()] == ["of another fleet"]


def test_cores_of_a_fleet_have_their_claim_in_common(folder):
    assert config().exit_code == 0
    assert config("gg-2", "out/second.yaml").exit_code == 0
    assert len(list(Path("out").iterdir())) == 4


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ({"SecretString": "hush"}, "is not a JSON object"),
        ({"SecretString": "[]"}, "is not a JSON object"),
        ({"SecretString": json.dumps({"privateKey": "hush"})}, "has no certificatePem"),
        ({"SecretBinary": b"hush"}, "is binary"),
    ],
    ids=["text", "list", "half", "bytes"],
)
def test_a_secret_that_holds_no_claim_is_reported_and_not_shown(emulator, folder, secret, problem):
    secrets = emulator.client("secretsmanager")
    secrets.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name=NAME, **secret)
    try:
        result = config()
    finally:
        secrets.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    assert result.exit_code == 2
    assert problem in result.stderr
    assert "hush" not in result.output
    assert not (folder / "out").exists()
