"""The rules of ``docs/rules.md`` as rules of cfn-lint.

Run ``cfn-lint template.yaml -a device_provisioning.cfn_lint``. A finding of ``DP005`` is ``E9005`` when it is
an error and ``W9005`` when it is a warning, in the range that cfn-lint leaves to its users
(https://github.com/aws-cloudformation/cfn-lint#rule-ids); what was not checked is ``I9000``. cfn-lint's own
ways of leaving rules out work, and so does the metadata of a resource that ``docs/rules.md`` describes.
"""

from .rules import rule_classes

globals().update(rule_classes())
