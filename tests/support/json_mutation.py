"""Changes of JSON documents that leave them JSON, for a fuzzer: bytes alone rarely get past the parser."""

import copy
import json

TEXTS = ("", "*", "${A}", "${", "A" * 600, "\ud800", "\u00e4\u202e\0")
ODD = (None, True, False, 0, -1, 1e308, 10**400, [], {}, *TEXTS)
NAMES = ("Ref", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::FindInMap", "S", "N", "M", "Type", "")


def mutated(text, random):
    """A JSON text with a few of its places changed; the text itself if it is none."""
    try:
        root = [json.loads(text)]
    except (ValueError, RecursionError):
        return text
    for _ in range(random.randint(1, 3)):
        _change(root, random)
    try:
        return json.dumps(root[0])
    except (ValueError, RecursionError):
        return text


def _change(root, random):
    places = list(_places(root))
    container, key = random.choice(places)
    other_container, other_key = random.choice(places)
    match random.randrange(6):
        case 0:
            container[key] = random.choice(ODD)
        case 1:
            container[key] = copy.deepcopy(other_container[other_key])
        case 2:
            container[key] = {random.choice(NAMES): container[key]}
        case 3:
            container[key] = [container[key]] * random.randint(1, 20)
        case 4 if isinstance(container, dict):
            container[random.choice(NAMES)] = container.pop(key)
        case 5 if container is not root:
            del container[key]


def _places(root):
    waiting = [root]
    while waiting:
        container = waiting.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            yield container, key
            if isinstance(container[key], dict | list):
                waiting.append(container[key])
