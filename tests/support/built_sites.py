"""The documentation site, built in a folder of a test."""

import shutil

from documentation.build import ROOT, build, stage


def built_site(folder):
    """The site of this repository, without faults; its folder."""
    shutil.copy(ROOT / "zensical.toml", folder)
    (folder / "constructs").symlink_to(ROOT / "constructs")
    stage(ROOT, folder / "build" / "documentation")
    assert build(folder) == []
    return folder / "build" / "site"
