"""python deploy_from_python.py FOLDER up|destroy: the program of a folder, by Pulumi's Automation API."""

import json
import os
import runpy
import sys
from pathlib import Path

from pulumi import automation


def main(folder, command):
    def program():
        # As the language host does.
        sys.path.insert(0, folder)
        runpy.run_path(f"{folder}/__main__.py", run_name="__main__")

    workspace = automation.LocalWorkspaceOptions(work_dir=folder)
    name = Path(folder).name
    stack = automation.create_or_select_stack("local", project_name=name, program=program, opts=workspace)
    stack.set_config("aws:region", automation.ConfigValue(os.environ["AWS_REGION"]))
    result = getattr(stack, command)()
    outputs = {name: output.value for name, output in (getattr(result, "outputs", None) or {}).items()}
    print(json.dumps({"changes": result.summary.resource_changes, "outputs": outputs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
