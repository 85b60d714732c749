"""Where the allow list and the claim's key are."""

from .resource_type import Client, Gone, Properties, ResourceType, require_unchanged, tag_list


class Table(ResourceType):
    """``aws.dynamodb.Table``."""

    pulumi_type = "aws:dynamodb/table:Table"
    required = frozenset({"attributes", "billingMode", "hashKey"})
    optional = frozenset({"name", "pointInTimeRecovery", "serverSideEncryption", "tags", "ttl"})
    replacing = frozenset({"attributes", "hashKey", "name"})
    longest_name = 255

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        made = client("dynamodb").create_table(
            TableName=inputs["name"],
            KeySchema=[{"AttributeName": inputs["hashKey"], "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
                for attribute in inputs["attributes"]
            ],
            BillingMode=inputs["billingMode"],
            SSESpecification=_encryption(inputs),
            Tags=tag_list(inputs),
        )
        self._recover(client, inputs)
        self._forget(client, inputs)
        return inputs["name"], {"arn": made["TableDescription"]["TableArn"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        return {"arn": client("dynamodb").describe_table(TableName=id_)["Table"]["TableArn"], "name": id_}

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """By its name."""
        table = client("dynamodb").describe_table(TableName=id_)["Table"]
        (key,) = table["KeySchema"]
        return id_, {
            "attributes": [
                {"name": attribute["AttributeName"], "type": attribute["AttributeType"]}
                for attribute in table["AttributeDefinitions"]
            ],
            "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "hashKey": key["AttributeName"],
            "name": id_,
        }

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change encryption, recovery and time to live."""
        require_unchanged(inputs, before, "tags")
        client("dynamodb").update_table(
            TableName=id_, BillingMode=inputs["billingMode"], SSESpecification=_encryption(inputs)
        )
        self._recover(client, inputs)
        if inputs.get("ttl") != before.get("ttl"):
            self._forget(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it with its records."""
        client("dynamodb").delete_table(TableName=id_)

    def _recover(self, client: Client, inputs: Properties) -> None:
        enabled = inputs.get("pointInTimeRecovery", {}).get("enabled", False)
        client("dynamodb").update_continuous_backups(
            TableName=inputs["name"],
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
        )

    def _forget(self, client: Client, inputs: Properties) -> None:
        if given := inputs.get("ttl"):
            client("dynamodb").update_time_to_live(
                TableName=inputs["name"],
                TimeToLiveSpecification={
                    "AttributeName": given["attributeName"],
                    "Enabled": given.get("enabled", False),
                },
            )


class Secret(ResourceType):
    """``aws.secretsmanager.Secret``."""

    pulumi_type = "aws:secretsmanager/secret:Secret"
    required = frozenset()
    optional = frozenset({"description", "kmsKeyId", "name", "tags"})
    replacing = frozenset({"name"})
    longest_name = 512

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it without a value."""
        made = client("secretsmanager").create_secret(
            Name=inputs["name"], Tags=tag_list(inputs), **_described(inputs)
        )
        return made["ARN"], {"arn": made["ARN"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it, not for its value."""
        found = client("secretsmanager").describe_secret(SecretId=id_)
        if found.get("DeletedDate"):
            raise Gone
        return {
            "arn": found["ARN"],
            **({"description": found["Description"]} if "description" in state else {}),
        }

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change description and key."""
        require_unchanged(inputs, before, "tags")
        client("secretsmanager").update_secret(SecretId=id_, **_described(inputs))

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it; it can be restored for 30 days, as by Pulumi's own provider."""
        client("secretsmanager").delete_secret(SecretId=id_, RecoveryWindowInDays=30)


class SecretRotation(ResourceType):
    """``aws.secretsmanager.SecretRotation``; its id is the secret's ARN.

    The emulator does not invoke the function, and gives the secret another version of the same value.
    """

    pulumi_type = "aws:secretsmanager/secretRotation:SecretRotation"
    required = frozenset({"rotationLambdaArn", "rotationRules", "secretId"})
    optional = frozenset({"rotateImmediately"})
    replacing = frozenset({"secretId"})
    computed = ("rotationEnabled",)

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Turn it on."""
        self._rotate(client, inputs)
        return inputs["secretId"], {"rotationEnabled": True}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask the secret for it."""
        found = client("secretsmanager").describe_secret(SecretId=id_)
        if not found.get("RotationEnabled"):
            raise Gone
        days = found["RotationRules"]["AutomaticallyAfterDays"]
        return {
            "rotationEnabled": True,
            "rotationLambdaArn": found["RotationLambdaARN"],
            "rotationRules": {"automaticallyAfterDays": days},
        }

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Turn it on with other settings."""
        self._rotate(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Leave it: the emulator can't turn a rotation off."""

    def _rotate(self, client: Client, inputs: Properties) -> None:
        client("secretsmanager").rotate_secret(
            SecretId=inputs["secretId"],
            RotationLambdaARN=inputs["rotationLambdaArn"],
            RotationRules={"AutomaticallyAfterDays": int(inputs["rotationRules"]["automaticallyAfterDays"])},
            RotateImmediately=inputs.get("rotateImmediately", True),
        )


def _encryption(inputs: Properties) -> Properties:
    given = inputs.get("serverSideEncryption", {})
    key = {"SSEType": "KMS", "KMSMasterKeyId": given["kmsKeyArn"]} if given.get("kmsKeyArn") else {}
    return {"Enabled": given.get("enabled", False), **key}


def _described(inputs: Properties) -> Properties:
    names = {"description": "Description", "kmsKeyId": "KmsKeyId"}
    return {key: inputs[name] for name, key in names.items() if name in inputs}
