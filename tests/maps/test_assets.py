import hashlib
import json

import pytest

from maps import assets

VENDOR = assets.FOLDER / "vendor"


def manifest() -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads((VENDOR / "manifest.json").read_text())
    return listed


def test_every_vendored_file_is_the_one_of_the_manifest() -> None:
    listed = {name: digest for entry in manifest() for name, digest in entry["files"].items()}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == listed


def test_every_vendored_library_brings_version_and_licence() -> None:
    for entry in manifest():
        assert entry["version"]
        assert entry["licence"]
        assert any(name.endswith("LICENSE") for name in entry["files"])


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.example/leaflet.js",
        "//cdn.example/leaflet.js",
        "../palette.py",
        "/etc/passwd",
        "vendor/absent.js",
        "data:text/javascript,alert(1)",
    ],
)
def test_what_is_not_vendored_is_refused(url: str) -> None:
    with pytest.raises(assets.UnknownAsset, match="vendor it"):
        assets.asset(url)


def test_the_hash_is_part_of_the_address_and_stays() -> None:
    assert assets.static_root() == f"/static/{assets.release_hash()}"
    assert len(assets.release_hash()) == 12


def test_own_files_name_no_other_host() -> None:
    own = [
        p
        for p in assets.FOLDER.rglob("*")
        if p.suffix in (".js", ".css") and VENDOR not in p.parents
    ]
    assert own
    for path in own:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in [part[:2] for part in text.split("http")[1:]], path
        assert "http:" not in text, path
        assert "https:" not in text, path
