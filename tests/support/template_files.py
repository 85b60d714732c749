"""The template files of the tests: by folder what they are for, by name what a rule says about them."""

from dataclasses import dataclass
from pathlib import Path

from device_provisioning.lint.body_type import BodyType

FOLDER = Path(__file__).parent.parent / "templates"
TYPES = {
    "fleet": BodyType.FLEET,
    "jitp": BodyType.JITP,
    "bulk": BodyType.BULK,
    "stack": BodyType.FLEET,
    "iotda": BodyType.IOTDA,
}


@dataclass(frozen=True)
class TemplateFile:
    """``fleet/DP005-breaks-undeclared.json`` breaks DP005 alone; ``…-holds-…`` and ``valid-…`` nothing."""

    path: Path

    def __str__(self) -> str:
        return f"{self.kind}/{self.path.stem}"

    @property
    def kind(self) -> str:
        return self.path.parent.name

    @property
    def body_type(self) -> BodyType:
        return TYPES[self.kind]

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def broken_rules(self) -> set[str]:
        code, _, _ = self.path.stem.partition("-breaks-")
        return {code} if "-breaks-" in self.path.stem else set()

    @property
    def kept_rule(self) -> str | None:
        code, held, _ = self.path.stem.partition("-holds-")
        return code if held else None


def template_files(*kinds: str) -> list[TemplateFile]:
    """The files of these kinds; of every kind by default."""
    return [TemplateFile(path) for kind in kinds or TYPES for path in sorted((FOLDER / kind).iterdir())]
