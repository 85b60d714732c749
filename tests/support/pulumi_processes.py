"""Providers of Pulumi as the processes that the engine runs, spoken to as the engine does."""

import os
import subprocess
import sys
from contextlib import contextmanager

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc


@contextmanager
def serving(command, environment=None):
    """A provider's process; gives its address."""
    process = subprocess.Popen(
        [*command, "127.0.0.1:1"], stdout=subprocess.PIPE, env={**os.environ, **(environment or {})}
    )
    try:
        yield f"127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@contextmanager
def dynamic_provider(environment, configuration=None):
    """The provider of dynamic resources, as the engine starts it."""
    command = [sys.executable, "-W", "ignore", "-u", "-m", "pulumi.dynamic"]
    with (
        serving(command, {**environment, "PULUMI_PROJECT": "plant"}) as address,
        grpc.insecure_channel(address) as channel,
    ):
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(args=struct(configuration or {})))
        yield DynamicProvider(stub)


class DynamicProvider:
    """The calls of the engine, with plain data in and out."""

    def __init__(self, stub):
        self._stub = stub

    def check(self, provider, news, olds=None):
        """The inputs as the provider wants them, and what is wrong with them."""
        answer = self._stub.Check(
            provider_pb2.CheckRequest(urn=_URN, olds=_with(provider, olds or {}), news=_with(provider, news))
        )
        return plain(answer.inputs), [(failure.property, failure.reason) for failure in answer.failures]

    def diff(self, provider, id_, olds, news):
        """Whether there is a change, and what needs a replacement."""
        answer = self._stub.Diff(
            provider_pb2.DiffRequest(id=id_, urn=_URN, olds=_with(provider, olds), news=_with(provider, news))
        )
        return answer.changes == provider_pb2.DiffResponse.DIFF_SOME, list(answer.replaces)

    def create(self, provider, properties):
        """The id and the outputs of a new resource."""
        answer = self._stub.Create(
            provider_pb2.CreateRequest(urn=_URN, properties=_with(provider, properties))
        )
        return answer.id, plain(answer.properties)

    def update(self, provider, id_, olds, news):
        """The outputs of a changed resource."""
        answer = self._stub.Update(
            provider_pb2.UpdateRequest(
                id=id_, urn=_URN, olds=_with(provider, olds), news=_with(provider, news)
            )
        )
        return plain(answer.properties)

    def read(self, provider, id_, properties):
        """The id and the outputs of a resource as it is by now; no id if it is gone."""
        answer = self._stub.Read(
            provider_pb2.ReadRequest(id=id_, urn=_URN, properties=_with(provider, properties))
        )
        return answer.id, plain(answer.properties)

    def delete(self, provider, id_, properties):
        """Delete a resource."""
        self._stub.Delete(
            provider_pb2.DeleteRequest(id=id_, urn=_URN, properties=_with(provider, properties))
        )


_URN = "urn:pulumi:dev::plant::pulumi-python:dynamic:Resource::resource"


def _with(provider, properties):
    from pulumi.dynamic.dynamic import serialize_provider

    return struct({**properties, "__provider": serialize_provider(provider)})


def struct(properties):
    """Plain data as a message."""
    return json_format.ParseDict(properties, struct_pb2.Struct())


def plain(message):
    """A message as plain data, without the pickled provider of a dynamic resource."""
    properties = json_format.MessageToDict(message)
    properties.pop("__provider", None)
    return properties
