"""The verb ``language-server``."""

from ..console.problems import reporting_problems
from ..lint.body_type import BodyType
from .lint_options import Config
from .options import BodyTypeOption


def language_server(body_type: BodyTypeOption = BodyType.FLEET, config: Config = None) -> None:
    """Tell an editor what lint finds.

    The editor starts it while files are written, and speaks the Language Server Protocol with it on standard
    input and output.

    Exit status: 0 when the editor ends it, 2 when a configuration can't be used.
    """
    from ..lint.configuration import find_project
    from ..lint.language_server import language_server as make

    with reporting_problems():
        server = make(body_type, find_project(config))
    server.start_io()
