"""What the CDK's kernel, another process, is asked."""

from contextlib import contextmanager

from jsii._kernel.providers import process


@contextmanager
def kernel_calls(monkeypatch):
    """The names of the requests that are sent to the kernel meanwhile, in their order."""
    send, asked = process._NodeProcess.send, []

    def noting(self, request, *answer):
        asked.append(_name(request))
        return send(self, request, *answer)

    with monkeypatch.context() as patched:
        patched.setattr(process._NodeProcess, "send", noting)
        yield asked


def _name(request):
    about = [getattr(request, name, None) for name in ("fqn", "method", "property")]
    return " ".join([type(request).__name__.removesuffix("Request"), *filter(None, about)])
