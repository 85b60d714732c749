"""A ``pulumi`` for shells in which the engine has no language host.

Programs are served by Pulumi's Automation API, by the real engine; everything else goes to it as it is. Its
path is in ``PULUMI_ENGINE``. What the real one would ask is taken for granted.
"""

import os
import runpy
import subprocess
import sys
from pathlib import Path

SERVED = {"up", "preview", "refresh", "destroy"}
FLAGS = {"--expect-no-changes": "expect_no_changes", "--refresh": "refresh"}
FAILED = 255


def main(arguments):
    """Serve a program, or become the engine."""
    engine = Path(os.environ["PULUMI_ENGINE"])
    if not arguments or arguments[0] not in SERVED:
        os.execv(engine, ["pulumi", *arguments])
    verb, *flags = arguments
    return serve(engine, verb, {FLAGS[flag]: True for flag in flags})


def serve(engine, verb, settings):
    """Perform a verb on the stack that is selected; the exit status."""
    import yaml
    from pulumi import automation

    options = automation.LocalWorkspaceOptions(
        work_dir=str(Path.cwd()),
        pulumi_command=automation.PulumiCommand(str(engine.parent.parent), skip_version_check=True),
    )
    selected = subprocess.run([engine, "stack", "--show-name"], capture_output=True, text=True, check=True)
    project = yaml.safe_load(Path("Pulumi.yaml").read_text())["name"]
    stack = automation.select_stack(
        selected.stdout.strip(), project_name=project, program=program, opts=options
    )
    try:
        getattr(stack, verb)(on_output=print, **settings)
    except automation.CommandError as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def program():
    """The program of this folder, as the language host would run it."""
    sys.path.insert(0, str(Path.cwd()))
    runpy.run_path("__main__.py", run_name="__main__")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
