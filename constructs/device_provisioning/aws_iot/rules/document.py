"""``docs/rules.md``, made of the rules.

``python -m device_provisioning.aws_iot.rules.document > docs/rules.md``
"""

import inspect
import sys
from collections.abc import Iterator

from ...iotda.rules import DeviceCa, Template
from . import RULES, Body, CertificateAuthority, Rule, Stack

_INTRODUCTION = """\
# Rules

Made of the rules themselves by `python -m device_provisioning.aws_iot.rules.document`: edit those.

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
`/Resources/Template/Properties/TemplateBody/Resources/thing`.

## Silencing a rule

By code, for one template, with a reason: `silenced_rules={"DP019": "a device registers once"}` on a
construct, `--silence "DP019=a device registers once"` for a body that stands alone, and in a CloudFormation
template the metadata of the resource (of the whole template for the rules about what is deployed together):

```yaml
Metadata:
  device-provisioning:
    silenced: {DP019: a device registers once}
```

## DP000: what was not checked

A value that only the deployment knows (a token of the CDK, an Output of Pulumi, an expression of
CloudFormation) is skipped by every rule and reported once as an info, as are a role or a hook's function that
are defined elsewhere.
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


def rules_document() -> str:
    """The text of ``docs/rules.md``."""
    return "\n".join([_INTRODUCTION, *_sections(), _WITHOUT_FORM])


def _sections() -> Iterator[str]:
    for subject, title in _SUBJECTS.items():
        yield f"## {title}\n"
        yield from (_section(RULES[code]) for code in sorted(RULES) if RULES[code].subject is subject)


def _section(rule: Rule) -> str:
    note = " ".join((inspect.getdoc(rule.check) or "").split())
    return (
        f"### {rule.code}: {_escaped(rule.title)}\n\n"
        f"**{rule.severity}** · {rule.evidence}, [source]({rule.source})\n\n"
        f"{note.replace('``', '`')}\n\n"
        f"What to do: {_escaped(rule.hint)}.\n"
    )


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "*_<[`" else character for character in text)


if __name__ == "__main__":
    sys.stdout.write(rules_document())
