"""Rows as a file: written whole and recorded before its first byte leaves, then sent in pieces.

No record, no file: what is streamed straight from the database would be on its way before the
audit of it is committed, and a slow client would hold a connection meanwhile. The place it waits in
has no name and goes with the answer.
"""

from collections.abc import Callable, Iterator, Mapping
from tempfile import TemporaryFile
from typing import IO, Annotated, Any

from fastapi import Depends
from starlette.responses import Response, StreamingResponse

from api.errors import lang_of
from api.reading import Reading
from api.schemas.audit import Form
from geo.audit.export import LINES, csv_closing, json_closing
from geo.audit.store import RecordFilter
from geo.oversight import service
from geo.texts import text

# What a spreadsheet opens at once; all there is, by `./wangge audit export`.
MOST = 50_000
COUNT_HEADER, CUT_HEADER = "Wangge-Records", "Wangge-Cut-At"

_MEDIA: Mapping[Form, str] = {Form.CSV: "text/csv", Form.JSONL: "application/x-ndjson"}
_CLOSING: Mapping[Form, Callable[[str], str]] = {Form.CSV: csv_closing, Form.JSONL: json_closing}
_PIECE = 65_536

RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string"}} for media in _MEDIA.values()}}
}


def spool() -> Iterator[IO[bytes]]:
    """Give a place for a file, until its answer has left."""
    with TemporaryFile() as file:
        yield file


# It holds no transaction: the one dependency that outlives the answer.
Spool = Annotated[IO[bytes], Depends(spool, scope="request")]


def records_file(read: Reading, wanted: RecordFilter, form: Form, file: IO[bytes]) -> Response:
    """Return the records asked for as a file; one that was cut says so in its last line."""
    records = service.export(read.work, wanted, form=form, most=MOST)
    file.writelines(line.encode() for line in LINES[form](records))
    (note,) = read.work.notes
    headers = {COUNT_HEADER: str(note.count)}
    cut_at = str((note.after or {}).get("cut_at", ""))
    if cut_at:
        headers[CUT_HEADER] = cut_at
        said = text("audit.export.cut", lang_of(read.request), most=f"{MOST:,}", at=cut_at)
        file.write(_CLOSING[form](said).encode())
    name = f"audit-{read.today}{'-cut' if cut_at else ''}.{form}"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    file.seek(0)
    pieces = iter(lambda: file.read(_PIECE), b"")
    return StreamingResponse(pieces, headers=headers, media_type=_MEDIA[form])
