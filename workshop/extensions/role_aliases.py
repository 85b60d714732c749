"""Role aliases and the credentials provider, which MiniStack lacks.

https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
"""

import json
import os
import time
from typing import Any
from urllib.parse import unquote

from .credentials_provider import serve

CREDENTIALS_PORT = "CREDENTIALS_PORT"
ROLE_ALIASES = "/role-aliases"
DEFAULT_SECONDS = 3600


def install(iot: Any) -> None:
    """Add the operations, and the credentials provider, over mutual TLS, on ``CREDENTIALS_PORT``."""
    from ministack.services.cloudformation import provisioners

    aliases = RoleAliases(iot)
    route, start = iot._route_request, iot.mtls_start

    async def route_with_aliases(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if path.startswith(ROLE_ALIASES):
            return aliases.answer(method, unquote(path.removeprefix(ROLE_ALIASES).strip("/")), body)
        return await route(method, path, headers, body, query)

    async def start_with_provider() -> None:
        await start()
        await serve(iot, aliases.get, int(os.environ[CREDENTIALS_PORT]))

    iot._route_request, iot.mtls_start = route_with_aliases, start_with_provider
    provisioners._RESOURCE_HANDLERS["AWS::IoT::RoleAlias"] = {
        "create": aliases.create_resource,
        "update": aliases.update_resource,
        "delete": aliases.delete_resource,
    }


class RoleAliases:
    """The role aliases of every account and Region."""

    def __init__(self, iot: Any) -> None:
        self._iot = iot
        self._aliases: Any = iot.AccountRegionScopedDict()

    def get(self, name: str) -> dict[str, Any] | None:
        """A role alias, or none."""
        alias: dict[str, Any] | None = self._aliases.get(name)
        return alias

    def answer(self, method: str, name: str, body: bytes) -> Any:
        """Answer CreateRoleAlias, DescribeRoleAlias, UpdateRoleAlias and DeleteRoleAlias."""
        alias = self.get(name)
        if method == "POST":
            if alias:
                return self._error(409, "ResourceAlreadyExistsException")
            return self._iot.json_response(self._write(name, json.loads(body)))
        if alias is None:
            return self._error(404, "ResourceNotFoundException")
        match method:
            case "GET":
                return self._iot.json_response({"roleAliasDescription": alias})
            case "PUT":
                return self._iot.json_response(self._write(name, json.loads(body)))
            case "DELETE":
                del self._aliases[name]
                return self._iot.json_response({})
        return self._error(400, "InvalidRequestException")

    def create_resource(self, logical_id: str, properties: Any, stack_name: str) -> Any:
        """Create what CloudFormation asks for."""
        name = properties.get("RoleAlias") or f"{stack_name}-{logical_id}"
        if self.get(name):
            raise ValueError(
                f"Resource of type 'AWS::IoT::RoleAlias' with identifier '{name}' already exists."
            )
        return self._write_resource(name, properties)

    def update_resource(self, physical_id: str, _old: Any, new: Any, _stack_name: str) -> Any:
        """Update what CloudFormation asks for."""
        return self._write_resource(physical_id, new)

    def delete_resource(self, physical_id: str, _properties: Any) -> None:
        """Delete what CloudFormation asks for."""
        self._aliases.pop(physical_id, None)

    def _error(self, status: int, code: str) -> Any:
        return self._iot.error_response_json(code, code, status)

    def _write_resource(self, name: str, properties: Any) -> Any:
        duration = properties.get("CredentialDurationSeconds", DEFAULT_SECONDS)
        written = self._write(
            name, {"roleArn": properties["RoleArn"], "credentialDurationSeconds": int(duration)}
        )
        return name, {"RoleAliasArn": written["roleAliasArn"]}

    def _write(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        now = time.time()
        new: dict[str, Any] = {
            "roleAlias": name,
            "roleAliasArn": self._iot._thing_group_arn(name).replace(":thinggroup/", ":rolealias/"),
            "credentialDurationSeconds": DEFAULT_SECONDS,
            "creationDate": now,
        }
        before = self.get(name) or new
        settings = {key: given[key] for key in ("roleArn", "credentialDurationSeconds") if key in given}
        self._aliases[name] = before | settings | {"lastModifiedDate": now}
        return {"roleAlias": name, "roleAliasArn": before["roleAliasArn"]}
