"""What the SARIF specification demands of the parts of a log that ``lint`` writes, and applying its fixes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, and its schema beside it
"""

import jsonschema

TEXT = {"type": "string"}
FROM_1 = {"type": "integer", "minimum": 1}
BAG = {"type": "object"}
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}


def an_object(*required, **properties):
    """An object as the schema has them: nothing else may stand in one."""
    properties |= {"properties": BAG}
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


def a_list(inner, at_least=0):
    return {"type": "array", "items": inner, "minItems": at_least}


REGION = an_object("startLine", startLine=FROM_1, startColumn=FROM_1, endLine=FROM_1, endColumn=FROM_1)
ARTIFACT = an_object(uri={"type": "string", "format": "uri-reference"})
REPLACEMENT = an_object("deletedRegion", deletedRegion=REGION, insertedContent=an_object(text=TEXT))
CHANGE = an_object(
    "artifactLocation", "replacements", artifactLocation=ARTIFACT, replacements=a_list(REPLACEMENT, 1)
)
FIX = an_object("artifactChanges", description=MESSAGE, artifactChanges=a_list(CHANGE, 1))
PLACE = an_object("artifactLocation", artifactLocation=ARTIFACT, region=REGION)
LOCATION = an_object(
    physicalLocation=PLACE, logicalLocations=a_list(an_object(fullyQualifiedName=TEXT), at_least=1)
)
RESULT = an_object(
    "message",
    ruleId=TEXT,
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations=a_list(LOCATION),
    fixes=a_list(FIX),
)
RULE = an_object("id", id=TEXT, helpUri=TEXT, shortDescription=MESSAGE, help=MESSAGE)
DRIVER = an_object("name", name=TEXT, semanticVersion=TEXT, rules=a_list(RULE))
RUN = an_object(
    "tool",
    tool=an_object("driver", driver=DRIVER),
    results=a_list(RESULT),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
)
LOG = an_object("version", "runs", version={"const": "2.1.0"}, runs=a_list(RUN)) | {
    "patternProperties": {r"^\$schema$": TEXT}
}


def results_of(log):
    """The results of a log, which is as the specification has it."""
    jsonschema.validate(log, LOG)
    (run,) = log["runs"]
    # 3.30.6: a region that does not say its end column ends with its line; these are counted in characters.
    assert run["columnKind"] == "unicodeCodePoints"
    return run["results"]


def applied(text, *fixes):
    """A text after fixes of its file that do not meet."""
    replacements = [
        replacement
        for fix in fixes
        for change in fix["artifactChanges"]
        for replacement in change["replacements"]
    ]
    for replacement in sorted(replacements, key=lambda each: _span(text, each), reverse=True):
        start, end = _span(text, replacement)
        text = text[:start] + replacement.get("insertedContent", {}).get("text", "") + text[end:]
    return text


def _span(text, replacement):
    region = replacement["deletedRegion"]
    lines = text.splitlines(keepends=True)
    return tuple(
        sum(map(len, lines[: region[f"{side}Line"] - 1])) + region[f"{side}Column"] - 1
        for side in ("start", "end")
    )
