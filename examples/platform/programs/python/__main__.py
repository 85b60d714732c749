import pulumi
from acme_provisioning.pulumi import AcmeFleet

fleet = AcmeFleet(
    "valves", {"product": "valves", "team": "hydraulics", "devices": [{"serial_number": "A-0001"}]}
)
pulumi.export("TemplateName", fleet.template_name)
pulumi.export("ClaimCertificateSecretArn", fleet.claim_certificate_secret_arn)
pulumi.export("DeviceAllowListTableName", fleet.device_allow_list_table_name)
