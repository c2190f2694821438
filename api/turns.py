"""Turns at the database: as many requests at once as the pool has connections, the rest wait.

Without it, requests that wait for a connection fill the threads, and those that have one wait for a
thread to use it: at 100 clients on 5 connections 92 of 100 were refused. A password takes a turn of
its own kind, so that a storm of sign-ins eats neither the memory nor the threads of the others.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, fail_after
from fastapi import Depends, Request

from api.errors import TooBusy

TURN_WAIT_S = 2.0
# Connections of the job loop: the job's own, its progress, its heartbeat; and of the sealer.
RESERVED = 4


def turns_of(pool_size: int) -> CapacityLimiter:
    """Return as many turns as the pool has connections, less those that run beside requests."""
    return CapacityLimiter(max(1, pool_size - RESERVED))


@asynccontextmanager
async def taken(turns: CapacityLimiter) -> AsyncIterator[None]:
    """Wait for a turn, holding neither a thread nor a connection meanwhile; give it back after.

    Raises
    ------
    TooBusy
        When none came in time.
    """
    mine = object()
    try:
        with fail_after(TURN_WAIT_S):
            await turns.acquire_on_behalf_of(mine)
    except TimeoutError:
        raise TooBusy() from None
    try:
        yield
    finally:
        turns.release_on_behalf_of(mine)


async def turn(request: Request) -> AsyncIterator[None]:
    """Give a request its turn at the database."""
    async with taken(request.app.state.turns):
        yield


async def password_turn(request: Request) -> AsyncIterator[None]:
    """Give a request its turn at hashing a password."""
    async with taken(request.app.state.password_turns):
        yield


TURN = Depends(turn, scope="function")
PASSWORD_TURN = Depends(password_turn, scope="function")
