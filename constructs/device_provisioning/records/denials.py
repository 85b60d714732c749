"""Refusals of AWS for want of a permission.

The standard library only: this module is shipped with functions.
"""

DENIALS = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedException"})
"""The codes, each of which is another service's."""
