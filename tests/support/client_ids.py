"""Whom a policy of AWS IoT lets connect, as AWS IoT decides: what is denied is never allowed."""

from fnmatch import fnmatchcase


def connects(document, client_id):
    """Whether a certificate with this policy may connect by a client id."""
    effects = {
        statement["Effect"]
        for statement in document["Statement"]
        for pattern in _resources(statement)
        if statement["Action"] == "iot:Connect"
        and fnmatchcase(f"client/{client_id}", pattern.split(":", 5)[-1])
    }
    return effects == {"Allow"}


def _resources(statement):
    resource = statement["Resource"]
    return resource if isinstance(resource, list) else [resource]
