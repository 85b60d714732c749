"""``docs/rules.md`` and a page a rule, made of the rules: ``python -m documentation.rules``."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from device_provisioning.aws_iot.rules import Body, CertificateAuthority, Stack
from device_provisioning.aws_iot.rules.registry import NOT_CHECKED
from device_provisioning.iotda.rules import DeviceCa, Template
from device_provisioning.lint.every_rule import EVERY_RULE
from device_provisioning.lint.examples import AROUND, language_of, sound_files
from device_provisioning.lint.rule_pages import page_of_rule

FOLDER = Path(__file__).parents[1] / "docs"

_INTRODUCTION = """\
<!-- Generated from the rules by python -m documentation.rules: do not edit. -->

# Rules

Each rule has a page with an example, which `device-provisioning rules CODE` prints as well.

`device-provisioning lint`, the constructs and `device_provisioning.aws_iot.check` report every problem at
once. An **error** is what AWS IoT refuses or what makes devices fail; a **warning** works today, or for some
devices; an **info** says what was not checked.

The evidence of a rule is **observed** (somebody met the error and reported it), **documented** (the vendor
says so) or **inferred** (it follows from the API's model or a limit; the answer of AWS was not seen). What
AWS does not document is marked so in the messages. Nothing here was run against an account of AWS or of
Huawei Cloud, whose pre-provisioning templates have the rules from DP201 on
(`device-provisioning lint --type iotda`, `device_provisioning.iotda.check`).

The place of a problem is a JSON pointer (RFC 6901): `/Resources/thing/Properties/ThingName`. Inside a
CloudFormation template the pointer of the body's string comes first:
`/Resources/Template/Properties/TemplateBody/Resources/thing`; in a plan of Terraform the resource's address:
`aws_iot_provisioning_template.sensors/template_body/Resources/thing`.

## Silencing a rule

By code, with a reason: `silenced_rules={"DP019": "a device registers once"}` on a construct,
`--silence "DP019=a device registers once"` on the command line, in
[the configuration of the project](guides/checking-templates.md#on-the-command-line), and in a CloudFormation
template the metadata of the resource (of the whole template for the rules about what is deployed together):

```yaml
Metadata:
  device-provisioning:
    silenced: {DP019: a device registers once}
```

## What was not checked

A value that only the deployment knows is skipped by every rule and reported once, as
[DP000](rules/DP000.md).
"""

_WITHOUT_FORM = """\
## What no file can show

These have no rule, or only part of one; the numbers are those that the codes come from.

- 31: a role that was just created can't be assumed at once ("The provisioning role cannot be assumed by AWS
  IoT"). It passes with time, so a program that calls the API repeats the call.
- 38: the sixth version of a template fails until an old one is deleted. A file shows one version.
- 39: a new `TemplateType` or `TemplateName` replaces the template, and an explicit name then collides. A file
  does not show what was deployed before; two templates of one name in one file are reported as DP039.
- 40: leaving a hook out may leave it in place. A hook that a condition takes away is reported as DP040.
- 46: a CA can be deleted only after it was deactivated. A file shows one state.
"""

_SUBJECTS = {
    Body: "A template: its body, settings, hook, role and claim policies",
    CertificateAuthority: "A CA of just-in-time provisioning or registration",
    Stack: "What is deployed together",
    Template: "A pre-provisioning template of Huawei Cloud IoTDA",
    DeviceCa: "A device CA certificate of Huawei Cloud IoTDA",
}


_AROUND = """\
## What the examples are parts of

The page of a rule shows what matters; the rest of the file is one of these, which break no rule.
"""


def rules_document() -> str:
    """The text of ``docs/rules.md``."""
    return "\n".join([_INTRODUCTION, *_sections(), _WITHOUT_FORM, _AROUND, *_sound()])


def rule_pages() -> Mapping[str, str]:
    """The page of each rule, by the name of its file in ``docs/rules``."""
    return {f"{code}.md": str(page_of_rule(code, _escaped)) for code in (NOT_CHECKED, *EVERY_RULE)}


def _sections() -> Iterator[str]:
    for subject, title in _SUBJECTS.items():
        yield f"## {title}\n\n| rule | severity | what has to hold |\n| --- | --- | --- |"
        for code, rule in EVERY_RULE.items():
            if rule.subject is subject:
                yield f"| [{code}](rules/{code}.md) | {rule.severity} | {_escaped(rule.title)} |"
        yield ""


def _sound() -> Iterator[str]:
    for name, text in sound_files().items():
        what = AROUND[name]
        yield f"{what[0].upper()}{what[1:]}:\n\n```{language_of(name)}\n{text}```\n"


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "*_<[`" else character for character in text)


if __name__ == "__main__":
    (FOLDER / "rules.md").write_text(rules_document(), "utf-8")
    (FOLDER / "rules").mkdir(exist_ok=True)
    for name, text in rule_pages().items():
        (FOLDER / "rules" / name).write_text(text, "utf-8")
