"""The pre-provisioning hook that decides by an allow list.

AWS IoT invokes it on every RegisterThing of a template and waits five seconds
(https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html).
"""
