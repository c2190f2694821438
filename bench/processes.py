"""Processor time of a server, and of the database processes that work for it on this machine."""

import os
import re
from pathlib import Path

_SOCKET = re.compile(r"socket:\[(\d+)\]")


def cpu_s(pid: int) -> float:
    """Return the processor time of a process; 0 of one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def backends(pid: int) -> list[int]:
    """Return the processes of this machine that a process is connected to by TCP.

    Of a database on another machine, behind a Unix socket or of another user there are none: then
    its time is not counted.
    """
    ends = _connections()
    mine = {pair for inode, pair in ends.items() if inode in _sockets(pid)}
    theirs = {inode for inode, (local, remote) in ends.items() if (remote, local) in mine}
    others = (int(one) for one in os.listdir("/proc") if one.isdigit() and int(one) != pid)
    return [other for other in others if _is_database(other) and theirs & _sockets(other)]


def _connections() -> dict[str, tuple[str, str]]:
    """Return both ends of each connection by TCP, by inode."""
    found = {}
    for family in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{family}").read_text().splitlines()[1:]:
            fields = line.split()
            # The last digits of an address are the port; 4 and 6 write the rest differently.
            found[fields[9]] = (fields[1].rpartition(":")[2], fields[2].rpartition(":")[2])
    return found


def _sockets(pid: int) -> set[str]:
    try:
        links = [os.readlink(entry.path) for entry in os.scandir(f"/proc/{pid}/fd")]
    except OSError:
        return set()
    return {match[1] for link in links if (match := _SOCKET.fullmatch(link))}


def _is_database(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False
