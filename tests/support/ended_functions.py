"""Functions that end halfway, as by their time limit, at a call of theirs that the test chooses."""

from contextlib import contextmanager, suppress

from urllib3.connectionpool import HTTPConnectionPool

from device_provisioning.lambdas.custom_resources import cloudformation


class Ended(BaseException):
    """The function ends here: nothing of it can catch that, and whatever it still does comes to nothing."""


class Calls:
    """The calls of a function, an answer to CloudFormation the last of them; it ends before one."""

    def __init__(self, end_before):
        self._end_before = end_before
        self.are_changes = []

    def counted(self, call, is_change):
        def count_and_call(*arguments, **named):
            if len(self.are_changes) + 1 == self._end_before:
                raise Ended
            self.are_changes.append(is_change(*arguments, **named))
            return call(*arguments, **named)

        return count_and_call


@contextmanager
def ending_before(number, monkeypatch):
    """Let a function end before one of its calls, 0 for none; tells its calls."""
    calls = Calls(number)
    with monkeypatch.context() as patch:
        patch.setattr(cloudformation, "_send", calls.counted(cloudformation._send, lambda *_: True))
        counted = calls.counted(HTTPConnectionPool.urlopen, _is_change)
        patch.setattr(HTTPConnectionPool, "urlopen", counted)
        with suppress(Ended):
            yield calls


def each_end(monkeypatch, a_world):
    """A world for each call that a function may end before, in which it has ended there.

    ``a_world`` is a context manager that gives what the test looks at, and the call of the function. To end
    after a call that only looks is to end after the change before it, so these are left out.
    """
    with a_world() as (_, function), ending_before(0, monkeypatch) as whole:
        function()
    assert whole.are_changes
    after_changes = [number + 1 for number, is_change in enumerate(whole.are_changes, 1) if is_change]
    for number in [1, *after_changes]:
        if number <= len(whole.are_changes):
            with a_world() as (world, function):
                with ending_before(number, monkeypatch) as calls:
                    function()
                assert len(calls.are_changes) == number - 1
                yield world


def _is_change(_pool, *, method, headers=None, **_named):
    given = {name.lower(): value for name, value in (headers or {}).items()}.get("x-amz-target", "")
    target = given.decode() if isinstance(given, bytes) else given
    looks = target.rpartition(".")[2].startswith(("Get", "Describe", "List")) if target else method == "GET"
    return not (looks or method == "HEAD")
