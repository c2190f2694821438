"""Counts of requests, by template and never by path."""

import re
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine

from api.metrics import Metrics
from geo.runtime import Runtime
from tests.api.client import Client


def counted(text: str, **labels: str) -> float:
    for found in re.finditer(r"^wangge_requests_total\{(.*)\} ([0-9.]+)$", text, re.MULTILINE):
        if dict(re.findall(r'(\w+)="([^"]*)"', found[1])) == labels:
            return float(found[2])
    return 0.0


@pytest.mark.db
def test_requests_are_counted_by_route_method_and_status(app: FastAPI) -> None:
    client = Client(app)
    labels = {"route": "/api/v1/cells/{code}", "method": "GET", "status": "404"}
    before = counted(client.get("/metrics").text, **labels)
    client.get("/api/v1/cells/none")
    client.get("/api/v1/cells/neither")

    assert counted(client.get("/metrics").text, **labels) == before + 2


@pytest.mark.db
def test_unknown_addresses_and_methods_do_not_grow_the_labels(app: FastAPI) -> None:
    client = Client(app)
    for number in range(5):
        client.request(f"BREW{number}", f"/nope/{number}")
    text = client.get("/metrics").text

    assert "nope" not in text
    assert "BREW" not in text


@pytest.mark.db
def test_connections_in_use_are_shown(app: FastAPI, town_runtime: Runtime) -> None:
    with town_runtime.engine.connect():
        text = Client(app).get("/metrics").text

    assert "wangge_db_connections_in_use 1.0" in text


@dataclass
class Sealing:
    ailing: bool
    sealed_at: float | None


def test_the_sealing_of_the_audit_is_shown_as_it_is_now() -> None:
    metrics = Metrics(create_engine("postgresql+psycopg2://nobody@127.0.0.1:9/none"))
    sealing = Sealing(ailing=False, sealed_at=None)
    metrics.watch(sealing)

    def shown() -> list[str]:
        lines = metrics.exposition().decode().splitlines()
        return [line for line in lines if line.startswith("wangge_audit_seal")]

    assert shown() == [
        "wangge_audit_sealer_ailing 0.0", "wangge_audit_sealed_timestamp_seconds 0.0",
    ]  # fmt: skip
    sealing.ailing, sealing.sealed_at = True, 1700000000.5
    assert shown() == [
        "wangge_audit_sealer_ailing 1.0", "wangge_audit_sealed_timestamp_seconds 1.7000000005e+09",
    ]  # fmt: skip


def test_two_apps_count_apart() -> None:
    engine = create_engine("postgresql+psycopg2://nobody@127.0.0.1:9/none")
    one, other = Metrics(engine), Metrics(engine)
    one.count("/x", "GET", 200, 0.1)

    assert b"/x" in one.exposition()
    assert b"/x" not in other.exposition()
