"""The zip around a bundle: the same files give the same bytes, and what is read has not a byte more than that.

A zip has room for what no sum of a file covers: comments, dates, gaps between files, a second file of the same name.
A bundle has none of it, so nothing can be put there.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

__all__ = ["Altered", "pack", "unpack"]

LEVEL = 6
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name; a bundle says in its content when things were."""
FIRST_DAY = (1 << 5) | 1
"""That moment's date as a zip writes it."""
UNIX = 3
READABLE = 0o100644 << 16
LARGEST = 1 << 30
"""Bytes that are unpacked at most: a small file must not fill the memory."""
CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
END = struct.Struct("<4s4H2LH")


class Altered(Exception):
    """The file is not as a bundle was packed; the text says where, and names the file inside where there is one."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """The zip of ``files``, in the order given; their names are ASCII."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data in files.items():
            archive.writestr(_header(name), data, compresslevel=LEVEL)
    return target.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a bundle, in their order.

    Raises:
        Altered: it is no zip, or not one that :func:`pack` can have made of those files.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            files = dict(_contents(archive, entries))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, struct.error) as error:
        message = f"it cannot be unpacked: {error}"
        raise Altered(message) from error
    if len(files) != len(entries):
        message = "two files in it have the same name"
        raise Altered(message)
    _check_frame(data, entries)
    return files


def _header(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EARLIEST)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, UNIX, READABLE
    return info


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if (total := sum(one.file_size for one in entries)) > LARGEST:
        message = f"it would take {total} bytes unpacked, more than any bundle"
        raise Altered(message)


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    for entry in entries:
        try:
            yield entry.filename, archive.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            message = f"{entry.filename} is damaged: {error}"
            raise Altered(message) from error


def _check_frame(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Every byte that is not content must be as :func:`pack` writes it."""
    place = 0
    directory = b""
    for entry in entries:
        due = _header(entry.filename)
        if not entry.filename.isascii():
            message = "a file in it has a name that no file of a bundle has"
            raise Altered(message)
        due.CRC, due.compress_size, due.file_size = entry.CRC, entry.compress_size, entry.file_size
        local = due.FileHeader(zip64=False)
        if entry.header_offset != place or data[place : place + len(local)] != local:
            message = f"what stands before {entry.filename} was altered"
            raise Altered(message)
        directory += _central(due, place)
        place += len(local) + entry.compress_size
    end = END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), place, 0)
    if data[place:] != directory + end:
        message = "its list of files was altered, or something was added to it"
        raise Altered(message)


def _central(entry: zipfile.ZipInfo, place: int) -> bytes:
    name = entry.filename.encode("ascii")
    return (
        CENTRAL.pack(
            b"PK\1\2",
            entry.create_version,
            entry.create_system,
            entry.extract_version,
            0,
            0,
            entry.compress_type,
            0,
            FIRST_DAY,
            entry.CRC,
            entry.compress_size,
            entry.file_size,
            len(name),
            0,
            0,
            0,
            0,
            entry.external_attr,
            place,
        )
        + name
    )
