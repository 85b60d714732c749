"""How devices enrol themselves in a cloud, as code.

The package itself loads the engine-free core only. Import the constructs of an engine by name:
``device_provisioning.cdk`` for AWS CDK.
"""
