"""The program for AWS CDK, and the mapping with which it is imported."""

import json

from ..aws_iot import Severity, is_unresolved
from ..console.sources import UnreadableError
from .cdk_text import HEAD, HOOK_TO_COME, NEXT_STEPS
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
    named_policies,
    numbered,
    optional,
    role_settings,
    sources,
)
from .writer import Writer, lines_of

MAIN, MAPPING = "app.py", "mapping.json"


def cdk_program(fleet: ExistingFleet) -> Program:
    """Describe what exists as an app of the CDK.

    Raises:
        UnreadableError: If a text looks like a value that the CDK knows later, which it would replace.
    """
    writer = _Writer(fleet)
    files = {
        MAIN: writer.program(),
        **common_files(fleet, to_the_letter=False),
        "cdk.json": f"{json.dumps({'app': 'python3 app.py'}, indent=2)}\n",
        MAPPING: f"{json.dumps(_mapping(fleet), indent=2)}\n",
    }
    tokens = [name for name, text in files.items() if is_unresolved(text)]
    if tokens:
        raise UnreadableError(
            f"{fleet.name}: {', '.join(tokens)}: holds ${{Token[, which the CDK takes for its own: use"
            " --engine pulumi, or change it first"
        )
    return Program(MAIN, files, writer.slots, NEXT_STEPS.splitlines())


def stack_name(fleet: ExistingFleet) -> str:
    """The name of the stack; CloudFormation takes no underscores."""
    return f"adopted-{fleet.name.replace('_', '-')}"


def _mapping(fleet: ExistingFleet) -> dict[str, dict[str, str]]:
    """Which resource is which, by the primary identifiers of CloudFormation's resource types."""
    hook = fleet.hook
    return {
        "Role": {"RoleName": fleet.role.name},
        **{_logical_id(name): {"Id": policy.name} for name, policy in named_policies(fleet)},
        **{
            numbered("HookPermission", number): {
                "FunctionName": hook.target_arn,
                "Id": permission.statement_id,
            }
            for number, permission in enumerate(hook.permissions if hook else ())
            if hook
        },
        "Template": {"TemplateName": fleet.name},
    }


def _logical_id(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


class _Writer(Writer):
    def program(self) -> str:
        parts = [
            self._head(),
            self._acknowledgements(),
            self._role(self._fleet.role),
            *(self._policy(name) for name, _ in named_policies(self._fleet)),
            *self._permissions(),
            self._template(),
            *([self._hook_to_come()] if self._may_have_hook else []),
            "app.synth()\n",
        ]
        return "\n".join(parts)

    def _head(self) -> str:
        needs_lambda = self._fleet.hook or self._may_have_hook
        return HEAD.format(
            imports="from aws_cdk import aws_lambda as lambda_\n" if needs_lambda else "",
            name=literal(self._fleet.name),
            environment=environment_source(self._fleet),
            as_it_is=literal(AS_IT_IS),
            body=BODY,
            stack=literal(stack_name(self._fleet)),
        )

    def _acknowledgements(self) -> str:
        codes = {f.code for f in self._fleet.findings() if f.severity is not Severity.INFO}
        lines = [
            "cdk.Validations.of(app).add_plugins(provisioning.ProvisioningTemplateChecks())",
            *(
                "cdk.Validations.of(stack).acknowledge("
                f'cdk.Acknowledgment(id="device-provisioning::{code}", reason=AS_IT_IS))'
                for code in sorted(codes)
            ),
        ]
        return lines_of(lines)

    def _role(self, role: ExistingRole) -> str:
        trust = self._slot("trust", f'    assume_role_policy_document=document("{TRUST}"),')
        return lines_of(
            [
                self._allowed(role),
                "role = iam.CfnRole(",
                *arguments(4, ["stack", '"Role"', f"role_name={literal(role.name)}"]),
                trust,
                *arguments(
                    4,
                    [
                        *role_settings(role),
                        _tags(role.tags),
                        "**permissions",
                    ],
                ),
                ")",
                "role.apply_removal_policy(cdk.RemovalPolicy.RETAIN)",
            ]
        )

    def _allowed(self, role: ExistingRole) -> str:
        inline = [
            f'inline_policy({literal(name)}, document("{inline_file(number)}"))'
            for number, name in enumerate(role.inline_policies)
        ]
        managed = [literal(arn) for arn in role.managed_policy_arns]
        given = [
            *([f'"managed_policy_arns": [{", ".join(managed)}]'] if managed else []),
            *([f'"policies": [{", ".join(inline)}]'] if inline else []),
        ]
        line = f"permissions = {{{', '.join(given)}}}"

        def narrow(expression: str) -> str:
            return f'permissions = {{"policies": [inline_policy("least-privilege", {expression})]}}'

        self.slots["permissions"] = Slot(line, narrow)
        return line

    def _policy(self, name: str) -> str:
        policy = dict(named_policies(self._fleet))[name]
        document = self._slot(name, f'    policy_document=document("{file_name(name)}"),')
        return lines_of(
            [
                f"{name} = iot.CfnPolicy(",
                *arguments(4, ["stack", f'"{_logical_id(name)}"', f"policy_name={literal(policy.name)}"]),
                document,
                *arguments(4, [_tags(policy.tags)]),
                ")",
                f"{name}.apply_removal_policy(cdk.RemovalPolicy.RETAIN)",
            ]
        )

    def _permissions(self) -> list[str]:
        hook = self._fleet.hook
        if not hook:
            return []
        return [self._permission(i, hook.target_arn, entry) for i, entry in enumerate(hook.permissions)]

    def _permission(self, number: int, function: str, permission: ExistingPermission) -> str:
        name = numbered("permission", number)
        source = sources(numbered("source", number), permission)
        self.slots[name] = source
        return lines_of(
            [
                source.old,
                f"{name} = lambda_.CfnPermission(",
                *arguments(
                    4,
                    [
                        "stack",
                        f'"{numbered("HookPermission", number)}"',
                        f"action={literal(permission.action)}",
                        f"function_name={literal(function)}",
                        f"principal={literal(permission.principal)}",
                        f"**{numbered('source', number)}",
                    ],
                ),
                ")",
                "# A permission that is replaced goes: it would stay as wide as it was.",
                f"{name}.apply_removal_policy("
                "cdk.RemovalPolicy.RETAIN, apply_to_update_replace_policy=False)",
            ]
        )

    def _template(self) -> str:
        fleet, hook = self._fleet, self._fleet.hook
        permissions = range(len(hook.permissions)) if hook else ()
        return lines_of(
            [
                "template = iot.CfnProvisioningTemplate(",
                *arguments(
                    4,
                    [
                        "stack",
                        '"Template"',
                        "template_name=NAME",
                        f"template_type={literal(fleet.template_type)}",
                        "template_body=BODY",
                        f"enabled={fleet.enabled}",
                        optional("description", fleet.description),
                        "provisioning_role_arn=role.attr_arn",
                        self._hook(),
                        _tags(fleet.tags),
                    ],
                ),
                ")",
                "template.apply_removal_policy(cdk.RemovalPolicy.RETAIN)",
                *(
                    f"template.node.add_dependency({numbered('permission', number)})"
                    for number in permissions
                ),
            ]
        )

    def _hook(self) -> str | None:
        hook = self._fleet.hook
        if not hook:
            return None
        settings = arguments(
            8, [optional("payload_version", hook.payload_version), f"target_arn={literal(hook.target_arn)}"]
        )
        return "\n".join(
            [
                "pre_provisioning_hook=iot.CfnProvisioningTemplate.ProvisioningHookProperty(",
                *settings,
                "    )",
            ]
        )

    def _hook_to_come(self) -> str:
        self.slots["hook"] = Slot("hook = None", _hook_line)
        return HOOK_TO_COME

    def _slot(self, name: str, line: str) -> str:
        start = line.partition("=")[0]
        self.slots[name] = Slot(line, lambda expression: f"{start}={expression},")
        return line


def _hook_line(parameter: str) -> str:
    return (
        'hook = provisioning.PreProvisioningHook(stack, "Hook", device_allow_list='
        f'provisioning.DeviceAllowList(stack, "Devices"), serial_number_parameter={literal(parameter)})'
    )


def _tags(tags: Tags) -> str | None:
    made = [f"cdk.CfnTag(key={literal(key)}, value={literal(value)})" for key, value in tags.items()]
    return f"tags=[{', '.join(made)}]" if made else None
