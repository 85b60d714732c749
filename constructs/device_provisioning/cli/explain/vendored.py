"""What others wrote and the package brings along, byte for byte as they publish it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Vendored:
    """A file of a package of npm.

    Args:
        package: The package.
        version: Its version.
        source: The file's place in the package.
        file: Its name among the assets.
        licence: The name of its licence among the assets.
        sha256: The hash of the file.
        licence_sha256: The hash of the licence.
    """

    package: str
    version: str
    source: str
    file: str
    licence: str
    sha256: str
    licence_sha256: str


DAGRE = Vendored(
    package="@dagrejs/dagre",
    version="3.1.3",
    source="dist/dagre.min.js",
    file="dagre.min.js",
    licence="dagre.min.js.LEGAL.txt",
    sha256="54a503e346f93ca0bb10abe7999587e037262935687aca45eb4e4b0f64bbb578",
    licence_sha256="9148bffb1e84382a8b6668eeb2b53c6a554341d714fba129856ea5eb350d35f3",
)
