"""The code of the function behind the resources of IoTDA: ours, and the vendor's SDK as it is installed."""

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from re import match
from shutil import copyfile
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, ILocalBundling
from aws_cdk import aws_lambda as lambda_

from ..fleet.function_code import FOLDER, function_files

PACKAGE = Path(__file__).parent.parent
SDK = "huaweicloudsdkiotda"
_FUNCTION = "lambdas/iotda_resources"
_OURS = ("iotda/client", "lambdas", "records")
# Every compiled module that the SDK requires is an optional accelerator of one in Python. Without them the
# code runs on any architecture and version of Python, and is packed without Docker, pip or a network.
_COMPILED = (".so", ".pyd", ".dylib", ".pyc", ".c", ".h")
_OF_THIS_MACHINE = ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json")


def iotda_code() -> lambda_.AssetCode:
    """The asset, made when the app is synthesised.

    Raises:
        ImportError: If the extra ``iotda`` is not installed.
    """
    _distributions(SDK, {})
    return lambda_.Code.from_asset(
        str(PACKAGE / _FUNCTION),
        # Bundling in Docker is never reached: the local one always succeeds, or raises.
        bundling=BundlingOptions(image=lambda_.Runtime.PYTHON_3_14.bundling_image, local=_InstalledFiles()),
        asset_hash_type=AssetHashType.OUTPUT,
    )


@jsii.implements(ILocalBundling)
class _InstalledFiles:
    def try_bundle(self, output_dir: str, _options: BundlingOptions | None = None, **_: Any) -> bool:
        write_iotda_code(Path(output_dir))
        return True


def write_iotda_code(folder: Path) -> None:
    """Write the code into a folder."""
    wanted = tuple(f"{PACKAGE.name}/{name}/" for name in _OURS)
    handler = f"{PACKAGE.name}.{_FUNCTION.replace('/', '.')}.handler.handler"
    for name in function_files(handler):
        # Of the rest of the package nothing is imported, but by the packages above these.
        if name.startswith(wanted):
            _copy(FOLDER / name, folder / name)
    # Regular packages all the way, or another installation on the path would win over these folders.
    for parent in (".", "iotda", "lambdas"):
        (folder / PACKAGE.name / parent / "__init__.py").write_text("")
    for each in _distributions(SDK, {}).values():
        _copy_distribution(each, folder)


def _copy_distribution(each: Distribution, folder: Path) -> None:
    for file in each.files or ():
        is_code = file.suffix not in _COMPILED and ".." not in file.parts
        if is_code and file.name not in _OF_THIS_MACHINE:
            _copy(Path(str(each.locate_file(file))), folder / file)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    copyfile(source, target)


def _distributions(name: str, found: dict[str, Distribution]) -> dict[str, Distribution]:
    """A distribution and all that it requires, by name."""
    key = name.lower().replace("_", "-")
    if key in found:
        return found
    try:
        found[key] = distribution(name)
    except PackageNotFoundError:
        raise ImportError(
            f"{name} is missing, and the function behind the resources of IoTDA is shipped with it:"
            " pip install 'device-provisioning[iotda]'"
        ) from None
    for requirement in found[key].requires or ():
        text, _, marker = requirement.partition(";")
        required = match("[A-Za-z0-9._-]+", text)
        if required and "extra ==" not in marker and not (marker and not _is_installed(required[0])):
            _distributions(required[0], found)
    return found


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
