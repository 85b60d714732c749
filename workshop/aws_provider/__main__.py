"""Serve on a free port, and say which."""

from concurrent import futures

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from .provider import AwsProvider

server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsProvider(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
