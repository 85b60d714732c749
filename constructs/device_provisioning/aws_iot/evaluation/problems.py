"""Everything that can be wrong for a device, in the words of its failures."""

from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with a value; ``{}`` marks what the template, the device or a limit fills in.

    A string that breaks a limit is reported in the words of ``limits.TextProblem``, a call of a function that
    can't be worked out in those of ``CallProblem``.
    """

    BROKEN_RULE = "breaks {code}: {message}"
    NO_TEXT_OF_DEVICE = "a parameter {kind}, and AWS IoT accepts only strings"
    LONG_NAME_OF_DEVICE = "a parameter has a name of more than {limit} characters"
    LONG_VALUE_OF_DEVICE = "a parameter has more than {limit} characters"
    NOT_IN_SUBJECT = "is declared, but the certificate's subject has no value for it"
    UNRESOLVED = "has a reference that can't be resolved: {name}"
    WRONG_REFERENCE = "has a Ref to something that is not a name of a parameter"
    JOIN_IN_POLICY = "has Fn::Join, which AWS IoT does not support in policies"
    UNKNOWN_FUNCTION = "has {name}, which is not a function of provisioning templates"
    INVALID_CALL = "has an invalid {name}: {problem}"
    NO_TEXT = "{kind}: give a string"
    NO_LIST = "{kind}: give a list"
    NO_SCALAR = "{kind}: give a value that holds no others"
    EMPTY = "is empty"
    WRONG_WORD = "is not one of {words}"
    NAME = "the name {problem}"
    ATTRIBUTES_FROM_FUNCTION = "is {name}: give an object, whose values may be functions"
    TOO_MANY_OF_THING = "gives the thing more than {most}"
    TOO_MANY_POLICIES = "gives the certificate more than {most} policies"
    DIFFERS = "is {setting}, and what exists differs from the template"
    WAYS_OF_CERTIFICATE = "names the certificate in {number} ways: give one of {ways}"
    OTHER_CERTIFICATE = "has to be {reference}"
    TWO_POLICIES = "has PolicyName and PolicyDocument: give one of them"
    NO_POLICY = "has neither PolicyName nor PolicyDocument: give one of them"
    NO_DOCUMENT = "is not a policy document: give a JSON object or its text"
    LONG_DOCUMENT = "has more than {limit} characters, whitespace not counted"
    NO_ANSWER = "the hook returned nothing"
    WRONG_ANSWER = "the hook's answer has no allowProvisioning that is true or false"
    WRONG_OVERRIDES = "the hook's parameterOverrides are not an object of strings"
    NOT_ALLOWED = "the hook does not allow it"
    HOOK_FAILED = "the hook failed"
    HOOK_TOO_SLOW = "the hook took longer than {seconds} seconds"


class CallProblem(StrEnum):
    """What is wrong with what a function is given."""

    JOIN = "give [delimiter, [values]]"
    SPLIT = "give [delimiter, string]"
    EMPTY_DELIMITER = "the delimiter is empty"
    SELECT = "give [index, list]"
    WRONG_INDEX = "the index is not a whole number"
    INDEX_OUT_OF_RANGE = "the list has no value at the index"
    FIND_IN_MAP = "give [map, top key, second key]"
    NO_ENTRY = "the mappings have no such entry"
    SUB = "give a string, or [string, {variable: value}]"
    NO_TEXT = "a value is neither a string nor a whole number"
