"""The servers that ``bench/batch.py`` asks: ``python -m bench.batch_servers NAME PORT``.

``ours`` is the application as it is served; ``arrow`` and ``csv`` read a body with pyarrow into
columns and write the same columns back, on the same server: what a format costs, whoever answers.
"""

import json
import os
import sys
from collections.abc import Callable

import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import ipc
from starlette.types import Receive, Scope, Send

from api.batches.forms import MEDIA, Form
from bench.http_servers import ours
from bench.processes import serve_here


def arrow_echo(body: bytes) -> memoryview:
    """Return an Arrow stream read and written."""
    sink = pa.BufferOutputStream()
    with ipc.open_stream(body) as reader, ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    return memoryview(sink.getvalue())


def csv_echo(body: bytes) -> memoryview:
    """Return CSV read and written, on one core."""
    options = arrow_csv.ReadOptions(use_threads=False)
    table = arrow_csv.read_csv(pa.BufferReader(body), read_options=options)
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(table, sink)
    return memoryview(sink.getvalue())


class Echo:
    """An application that gives back what it is sent, taken apart and put together.

    Parameters
    ----------
    made : gives the answer to a body
    """

    def __init__(self, form: Form, made: Callable[[bytes], memoryview]) -> None:
        self._media, self._made = MEDIA[form].encode(), made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        pieces, more = [], scope["type"] == "http"
        while more:
            message = await receive()
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        body = bytes(self._made(b"".join(pieces)))
        head = [(b"content-type", self._media), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})


SERVERS: dict[str, Callable[[int], None]] = {
    "ours": ours,
    "arrow": lambda port: ours(port, Echo(Form.ARROW, arrow_echo)),
    "csv": lambda port: ours(port, Echo(Form.CSV, csv_echo)),
}


if __name__ == "__main__":
    serve_here()
    name, port = sys.argv[1:]
    print(json.dumps({"server": name, "pid": os.getpid()}), file=sys.stderr)
    SERVERS[name](int(port))
