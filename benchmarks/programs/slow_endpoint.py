"""A DynamoDB that takes every write and keeps none, a fixed time after each request has come.

It stands for a network and a service that can do many things at once, which the emulator, one Python process,
can't. What it shows is the client's side only.
"""

import asyncio
import sys

ANSWER = b'{"UnprocessedItems":{}}'
HEAD = (
    f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(ANSWER)}\r\n\r\n"
).encode()


async def serve(milliseconds: float) -> None:
    """Tell the port on standard output, and answer until the process is ended."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = int(head.partition("content-length:")[2].partition("\r\n")[0])
                if "expect: 100-continue" in head:
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                await reader.readexactly(length)
                await asyncio.sleep(milliseconds / 1000)
                writer.write(HEAD + ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
