"""What the claim of the demo's fleet lets clients do: enough for the samples of AWS's SDKs."""

CLAIM_CLIENT_IDS = ("claim-*", "mqtt5-sample-*")
"""The default, and those of a sample of AWS's SDK for Python, which has no option for a client id."""
CERTIFICATE_SOURCES = ("create", "create-from-csr")
"""The basic samples let AWS IoT make their keys, the others send a CSR."""
