"""What a state of Pulumi tells of, deployed again: each resource as it was, without the program that made it.

The state names files of functions and holds none of them: their content is found by its hash.
"""

import hashlib
import json

import pulumi

ARCHIVE, ASSETS, HASH = "0def7320c3a5731c473e5ecbe6d01bc7", "assets", "hash"
SIGNATURE = "4dabf18193072939515e22adb298388d"
STACK, PROVIDER = "pulumi:pulumi:Stack", "pulumi:providers:"
CHECKED = {"pulumi-python:dynamic/device-provisioning:GeneratedName": {"result": "proposed"}}
"""Inputs that a provider's check has made of others: by what name the program gives each."""
MADE_BY_THE_ENGINE = {"created", "modified", "propertyDependencies", "sourcePosition", "stackTrace"}
UNDERSTOOD = {
    *("custom", "dependencies", "id", "inputs", "outputs", "parent", "provider", "type", "urn"),
    "retainOnDelete",
}


def replaying(state, folder):
    """A program that registers what a state holds.

    Args:
        state: The deployment of a state.
        folder: Where the content of its files is, under any name.
    """
    files = {
        hashlib.sha256(file.read_bytes()).hexdigest(): file for file in folder.rglob("*") if file.is_file()
    }
    return lambda: _Replay(files).run(state["resources"])


class _Replay:
    """Resources by their URNs, and what AWS answers now for each id and ARN of the state."""

    def __init__(self, files):
        self._files, self._resources, self._live, self._versions = files, {}, {}, {}

    def run(self, entries):
        for entry in entries:
            unknown = entry.keys() - MADE_BY_THE_ENGINE - UNDERSTOOD
            assert not unknown, f"{entry['urn']}: nobody has said how {unknown} is registered"
            if entry["type"].startswith(PROVIDER):
                self._versions[f"{entry['urn']}::{entry['id']}"] = entry["inputs"].get("version")
            elif entry["type"] != STACK:
                make = self._custom if entry["custom"] else self._component
                self._resources[entry["urn"]] = make(entry)
        # The components' outputs are of their children.
        for entry in entries:
            self._report(entry)

    def _custom(self, entry):
        inputs, outputs = entry["inputs"], entry["outputs"]
        given = CHECKED.get(entry["type"], {})
        asked = {given.get(name, name): self._today(value) for name, value in inputs.items()}
        arns = {name: value for name, value in outputs.items() if name not in inputs and _is_arn(value)}
        resource = pulumi.CustomResource(
            entry["type"], _name(entry), {**dict.fromkeys(arns), **asked}, self._options(entry)
        )
        self._live |= {arn: getattr(resource, name) for name, arn in arns.items()}
        if entry["id"] not in inputs.values():
            self._live[entry["id"]] = resource.id
        return resource

    def _component(self, entry):
        return pulumi.ComponentResource(entry["type"], _name(entry), {}, self._options(entry))

    def _options(self, entry):
        return pulumi.ResourceOptions(
            parent=self._resources.get(entry["parent"]),
            depends_on=[self._resources[urn] for urn in entry.get("dependencies", [])],
            retain_on_delete=entry.get("retainOnDelete"),
            version=self._versions.get(entry.get("provider")),
        )

    def _report(self, entry):
        outputs = {name: self._today(value) for name, value in entry["outputs"].items()}
        if entry["type"] == STACK:
            for name, value in outputs.items():
                pulumi.export(name, value)
        elif not entry["custom"]:
            self._resources[entry["urn"]].register_outputs(outputs)

    def _today(self, value):
        """A value of the state with what AWS answers now instead of what it answered then."""
        if isinstance(value, dict) and value.get(SIGNATURE) == ARCHIVE:
            return pulumi.AssetArchive(
                {name: pulumi.FileAsset(self._file(name, asset)) for name, asset in value[ASSETS].items()}
            )
        text = json.dumps(value)
        told = {then: now for then, now in self._live.items() if then in text}
        return pulumi.Output.from_input(told).apply(lambda now: _replaced(text, now)) if told else value

    def _file(self, name, asset):
        assert asset[HASH] in self._files, f"the release keeps no {name} with the content that it deployed"
        return str(self._files[asset[HASH]])


def _replaced(text, told):
    # An ARN holds the name that is an id.
    for then in sorted(told, key=len, reverse=True):
        text = text.replace(then, told[then])
    return json.loads(text)


def _is_arn(value):
    return isinstance(value, str) and value.startswith("arn:")


def _name(entry):
    return entry["urn"].rpartition("::")[2]
