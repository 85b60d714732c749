"""The program for Pulumi, which imports on its own."""

from ..aws_iot import Severity
from .existing import ExistingFleet, ExistingPermission, ExistingRole, Tags
from .program import (
    AS_IT_IS,
    BODY,
    TRUST,
    Program,
    Slot,
    arguments,
    common_files,
    environment_source,
    file_name,
    inline_file,
    literal,
    mapping,
    named_policies,
    numbered,
    optional,
    role_settings,
    sources,
)
from .pulumi_text import HEAD, HOOK_TO_COME, NEXT_STEPS
from .writer import Writer, lines_of

MAIN = "__main__.py"


def pulumi_program(fleet: ExistingFleet) -> Program:
    """Describe what exists as a program of Pulumi in Python."""
    writer = _Writer(fleet)
    files = {
        MAIN: writer.program(),
        **common_files(fleet, to_the_letter=True),
        "Pulumi.yaml": f"name: adopted-{fleet.name}\nruntime: python\n",
    }
    steps = NEXT_STEPS.format(region=fleet.environment.region)
    return Program(MAIN, files, writer.slots, steps.splitlines())


class _Writer(Writer):
    def program(self) -> str:
        parts = [
            self._head(),
            self._checks(),
            self._role(self._fleet.role),
            *(self._policy(name) for name, _ in named_policies(self._fleet)),
            *self._permissions(),
            *([self._hook_to_come()] if self._may_have_hook else []),
            self._template(),
        ]
        return "\n".join(part for part in parts if part)

    def _head(self) -> str:
        return HEAD.format(
            name=literal(self._fleet.name),
            role_name=literal(self._fleet.role.name),
            environment=environment_source(self._fleet),
            body=BODY,
        )

    def _checks(self) -> str:
        codes = {f.code for f in self._fleet.findings_of_template() if f.severity is not Severity.INFO}
        silenced = mapping(dict.fromkeys(sorted(codes), AS_IT_IS)) if codes else ""
        return f"provisioning.check_provisioning_templates({silenced})\n"

    def _role(self, role: ExistingRole) -> str:
        trust = f'    assume_role_policy=text("{TRUST}"),'
        self.slots["trust"] = Slot(trust, lambda value: f"    assume_role_policy=as_text({value}),")
        return lines_of(
            [
                "role = aws.iam.Role(",
                *arguments(4, ['"role"', "name=ROLE_NAME"]),
                trust,
                *arguments(
                    4,
                    [
                        *role_settings(role),
                        _tags(role.tags),
                        "opts=adopted(ROLE_NAME, protect=True)",
                    ],
                ),
                ")",
                *self._allowed(role),
            ]
        )

    def _allowed(self, role: ExistingRole) -> list[str]:
        inline = [
            (name, f'text("{inline_file(number)}")') for number, name in enumerate(role.inline_policies)
        ]
        lines = [_inline_line(role, name, value) for name, value in inline]
        lines += [f"managed_policy({literal(arn)})" for arn in role.managed_policy_arns]
        if lines:
            self.slots["permissions"] = Slot(lines[0], lambda value: _narrow_line(role, value))
        for number, line in enumerate(lines[1:]):
            self.slots[f"surplus{number}"] = Slot(line, lambda _: "")
        return lines

    def _policy(self, name: str) -> str:
        policy = dict(named_policies(self._fleet))[name]
        document = f'    policy=text("{file_name(name)}"),'
        self.slots[name] = Slot(document, lambda value: f"    policy=as_text({value}),")
        return lines_of(
            [
                f"{name} = aws.iot.Policy(",
                *arguments(4, [f'"{name.replace("_", "-")}"', f"name={literal(policy.name)}"]),
                document,
                *arguments(4, [_tags(policy.tags), f"opts=adopted({literal(policy.name)}, protect=True)"]),
                ")",
            ]
        )

    def _permissions(self) -> list[str]:
        hook = self._fleet.hook
        return [self._permission(i, entry) for i, entry in enumerate(hook.permissions if hook else ())]

    def _permission(self, number: int, permission: ExistingPermission) -> str:
        hook, name = self._fleet.hook, numbered("permission", number)
        assert hook  # noqa: S101  # it has this permission
        function = hook.function_name
        qualified = f"{function}:{hook.qualifier}" if hook.qualifier else function
        # Without the id of the statement the new one is made before the old one goes.
        source = sources(numbered("source", number), permission, {"statement_id": permission.statement_id})
        self.slots[name] = source
        return lines_of(
            [
                source.old,
                f"{name} = aws.lambda_.Permission(",
                *arguments(
                    4,
                    [
                        f'"hook-{numbered("permission", number)}"',
                        f"action={literal(permission.action)}",
                        f"function={literal(function)}",
                        optional("qualifier", hook.qualifier),
                        f"principal={literal(permission.principal)}",
                        f"**{numbered('source', number)}",
                        f"opts=adopted({literal(f'{qualified}/{permission.statement_id}')})",
                    ],
                ),
                ")",
            ]
        )

    def _hook_to_come(self) -> str:
        self.slots["hook"] = Slot("hook = None", _hook_line)
        return HOOK_TO_COME

    def _template(self) -> str:
        fleet, hook = self._fleet, self._fleet.hook
        count = len(hook.permissions) if hook else 0
        permissions = [numbered("permission", number) for number in range(count)]
        waits_for = "waits_for" if self._may_have_hook else f"[{', '.join(permissions)}]"
        return lines_of(
            [
                "aws.iot.ProvisioningTemplate(",
                *arguments(
                    4,
                    [
                        '"template"',
                        "name=NAME",
                        f"type={literal(fleet.template_type)}",
                        "template_body=BODY",
                        f"enabled={fleet.enabled}",
                        optional("description", fleet.description),
                        "provisioning_role_arn=role.arn",
                        self._hook(),
                        _tags(fleet.tags),
                        f"opts=adopted(NAME, protect=True, depends_on={waits_for})",
                    ],
                ),
                ")",
            ]
        )

    def _hook(self) -> str | None:
        hook = self._fleet.hook
        if self._may_have_hook:
            return "pre_provisioning_hook=hook_settings"
        if not hook:
            return None
        version = f'"payload_version": {literal(hook.payload_version)}' if hook.payload_version else None
        settings = arguments(8, [version, f'"target_arn": {literal(hook.target_arn)}'])
        return "\n".join(["pre_provisioning_hook={", *settings, "    }"])


def _inline_line(role: ExistingRole, name: str, value: str) -> str:
    return f"inline_policy({literal(name)}, {value}, adopted({literal(f'{role.name}:{name}')}))"


def _narrow_line(role: ExistingRole, value: str) -> str:
    for name in role.inline_policies:
        return _inline_line(role, name, f"as_text({value})")
    return f'inline_policy("least-privilege", as_text({value}))'


def _hook_line(parameter: str) -> str:
    settings = (
        '"device_allow_list": provisioning.DeviceAllowList("devices").table, '
        f'"serial_number_parameter": {literal(parameter)}'
    )
    return f'hook = provisioning.PreProvisioningHook("hook", {{{settings}}})'


def _tags(tags: Tags) -> str | None:
    return f"tags={mapping(tags)}" if tags else None
