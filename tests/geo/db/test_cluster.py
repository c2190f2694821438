"""The private cluster on a real PostgreSQL: every trap of its first start, its death, its sharing.

One cluster is laid down for the whole file, on purpose under bad conditions: a relative home, a
path of more than 107 bytes with spaces, quotes and Chinese in it, a locale that was never
generated, PG* variables that lead elsewhere, a umask of 077, and two starters at once.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

from geo.db import cluster as cluster_module
from geo.db import cluster_place, cluster_server
from geo.db.cluster import Cluster, ClusterUrls
from geo.db.cluster_process import read_pid_file
from geo.db.cluster_server import ClusterNotReady

pytestmark = pytest.mark.db

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to an account")
HOSTILE = {"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8", "PGPORT": "1", "PGHOST": "nowhere"}
DEEP = "网格 'quoted' \"twice\" $HOME `id`/" + "d" * 100


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """A folder that the server's account can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def home(base: Path) -> Iterator[Path]:
    home = base / DEEP
    home.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(base)
        for name, value in HOSTILE.items():
            patch.setenv(name, value)
        umask = os.umask(0o077)
        starters = [Cluster(Path(DEEP), tests=True) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            urls = list(pool.map(Cluster.start, starters))
        os.umask(umask)
    assert urls[0] == urls[1]
    yield home
    for starter in starters:
        starter.stop()


@pytest.fixture
def urls(home: Path) -> Iterator[ClusterUrls]:
    user = Cluster(home, tests=True)
    yield user.start()
    user.stop()


def ask(url: str, sql: str) -> object:
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def server_pid(home: Path) -> int:
    found = read_pid_file(home / "cluster-tests" / "data")
    assert found is not None
    return found.pid


def kill(pid: int, *, data: Path) -> None:
    os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if not Path(f"/proc/{pid}/cwd").exists():
            return
        time.sleep(0.02)
    raise AssertionError(f"{pid} on {data} does not die")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_encoding", "UTF8"),
        ("TimeZone", "Asia/Shanghai"),
        ("jit", "off"),
        ("shared_buffers", "256MB"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
    ],
)
def test_settings_do_not_depend_on_the_environment(
    urls: ClusterUrls, setting: str, value: str
) -> None:
    assert ask(urls.admin, f"SHOW {setting}") == value


def test_the_path_is_longer_than_a_unix_socket_may_be(home: Path) -> None:
    assert len(os.fsencode(home)) > 107


def test_chinese_words_are_seen_by_the_trigram_search(urls: ClusterUrls) -> None:
    # Under locale C the list is empty: no letter of it is a letter.
    assert ask(urls.app, "SELECT array_length(show_trgm('人民路'), 1)") == 4


def test_the_extensions_are_there(urls: ClusterUrls) -> None:
    names = ask(urls.app, "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension")
    assert names == "btree_gist pg_trgm plpgsql postgis"


@pytest.mark.parametrize("role", ["owner", "app"])
def test_the_two_roles_have_no_powers_over_the_server(urls: ClusterUrls, role: str) -> None:
    powers = "rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication"
    url = getattr(urls, role)
    assert ask(url, f"SELECT {powers} FROM pg_roles WHERE rolname = current_user") is False


def test_the_owner_owns_the_database_and_the_application_makes_no_table(urls: ClusterUrls) -> None:
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert ask(urls.app, owner) == "wangge_owner"
    rights = "SELECT has_schema_privilege(current_user, 'public', 'CREATE')"
    assert ask(urls.owner, rights) is True
    assert ask(urls.app, rights) is False


def test_a_wrong_password_is_refused(urls: ClusterUrls) -> None:
    secret = urls.app.split(":")[2].split("@")[0]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(urls.app.replace(secret, "wrong"))


def test_passwords_and_data_are_closed_to_others(home: Path) -> None:
    folder = home / "cluster-tests"
    assert (folder / "passwords.json").stat().st_mode & 0o077 == 0
    assert (folder / "data").stat().st_mode & 0o077 == 0


def test_a_database_is_copied_from_a_template_and_dropped_while_in_use(home: Path) -> None:
    cluster = Cluster(home, tests=True)
    urls = cluster.start()
    cluster.create_database("first")
    with contextlib.closing(psycopg2.connect(urls.on("first").owner)) as made:
        made.cursor().execute("CREATE TABLE seen AS SELECT 7 AS number")
        made.commit()
    cluster.create_database('second "quoted"', template="first")
    second = urls.on("second %22quoted%22")
    assert ask(second.owner, "SELECT number FROM seen") == 7
    assert ask(second.owner, "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'") == 1
    with contextlib.closing(psycopg2.connect(urls.on("first").owner)):
        cluster.drop_database("first")
    cluster.drop_database('second "quoted"')
    cluster.drop_database("never there")
    assert ask(urls.admin, "SELECT count(*) FROM pg_database WHERE datname LIKE '%s%d%'") == 0
    cluster.stop()


def test_the_server_has_a_session_of_its_own_so_ctrl_c_does_not_reach_it(home: Path) -> None:
    assert os.getsid(server_pid(home)) != os.getsid(0)


def test_the_server_never_runs_as_root(home: Path) -> None:
    assert Path(f"/proc/{server_pid(home)}").stat().st_uid != 0


@AS_ROOT
def test_the_servers_account_keeps_no_group_of_root(home: Path) -> None:
    status = Path(f"/proc/{server_pid(home)}/status").read_text(encoding="ascii")
    assert "\nGroups:\t \n" in status


@AS_ROOT
def test_root_without_ptrace_rights_still_knows_the_server(home: Path) -> None:
    # As in a container: /proc/PID/exe of another account is closed to such a root.
    ask = f"from geo.db.cluster import *; print(Cluster(Path({str(home)!r}), tests=True).running)"
    limited = ["setpriv", "--bounding-set=-sys_ptrace", sys.executable, "-c", ask]
    assert subprocess.run(limited, capture_output=True, text=True).stdout == "True\n"


@pytest.fixture(scope="module")
def own(base: Path) -> Iterator[Path]:
    """A second home, which nobody but the test uses."""
    home = base / "own"
    cluster = Cluster(home, tests=True)
    cluster.start()
    cluster.stop()
    assert not cluster.running
    yield home
    left = Cluster(home, tests=True)
    left.start()
    left.stop()


def test_the_last_user_stops_the_server_whoever_started_it(own: Path) -> None:
    first, second = Cluster(own, tests=True), Cluster(own, tests=True)
    assert first.start() == second.start()
    first.stop()
    first.stop()
    assert second.running
    second.stop()
    assert not second.running


def test_a_process_killed_with_its_lease_leaves_the_server_to_the_next(own: Path) -> None:
    start = f"from geo.db.cluster import *; Cluster(Path({str(own)!r}), tests=True).start(); "
    dies = subprocess.run([sys.executable, "-c", start + "import os; os.kill(os.getpid(), 9)"])
    assert dies.returncode == -signal.SIGKILL
    next_one = Cluster(own, tests=True)
    assert next_one.running
    pid = server_pid(own)
    next_one.start()
    assert server_pid(own) == pid
    next_one.stop()
    assert not next_one.running


def test_a_killed_server_with_a_busy_backend_comes_up_again(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_server, "ORPHANS_S", 0.5)
    cluster = Cluster(own, tests=True)
    urls = cluster.start()
    with contextlib.closing(psycopg2.connect(urls.app, async_=True)) as busy:
        while busy.poll() != psycopg2.extensions.POLL_OK:
            time.sleep(0.01)
        busy.cursor().execute("SELECT count(*) FROM generate_series(1, 100000000000)")
        time.sleep(0.1)
        kill(server_pid(own), data=own)
        assert ask(cluster.start().app, "SELECT 1") == 1
    cluster.stop()


def test_the_stop_after_a_killed_server_is_quiet(own: Path) -> None:
    cluster = Cluster(own, tests=True)
    cluster.start()
    kill(server_pid(own), data=own)
    time.sleep(0.3)
    cluster.stop()
    assert not cluster.running


def pid_file_of(home: Path, pid: int) -> Path:
    """Write the pid file of a server that died, its number now another process's."""
    data = home / "cluster-tests" / "data"
    path = data / "postmaster.pid"
    path.write_text(f"{pid}\n{data}\n1700000000\n5499\n\n127.0.0.1\n  1 2\nready   \n")
    os.chown(path, data.stat().st_uid, data.stat().st_gid)
    return path


def test_a_dead_number_in_the_pid_file_is_no_server(own: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    pid_file_of(own, gone.pid)
    cluster = Cluster(own, tests=True)
    assert not cluster.running
    assert ask(cluster.start().app, "SELECT 1") == 1
    cluster.stop()


def test_a_number_reused_by_a_live_program_of_the_account_is_no_server(own: Path) -> None:
    account = (own / "cluster-tests" / "data").stat().st_uid
    user = account if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user, cwd="/") as other:
        pid_file_of(own, other.pid)
        cluster = Cluster(own, tests=True)
        assert not cluster.running
        assert ask(cluster.start().app, "SELECT 1") == 1
        assert other.poll() is None
        other.kill()
    cluster.stop()


def test_a_taken_port_gives_way_to_another_one(own: Path) -> None:
    taken = int((own / "cluster-tests" / "port").read_text())
    with socket.create_server(("127.0.0.1", taken)):
        cluster = Cluster(own, tests=True)
        urls = cluster.start()
        assert f":{taken}/" not in urls.app
        assert ask(urls.app, "SELECT 1") == 1
    cluster.stop()


def test_a_port_taken_between_the_look_and_the_start_gives_way(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_server, "is_free", lambda port: True)
    taken = int((own / "cluster-tests" / "port").read_text())
    with socket.create_server(("127.0.0.1", taken)):
        cluster = Cluster(own, tests=True)
        assert f":{taken}/" not in cluster.start().app
    cluster.stop()


def test_the_port_stays_so_that_tools_find_it_again(own: Path) -> None:
    cluster = Cluster(own, tests=True)
    before = cluster.start()
    cluster.stop()
    assert cluster.start() == before
    cluster.stop()


def test_an_interrupted_set_up_of_the_roles_is_finished_by_the_next_start(own: Path) -> None:
    (own / "cluster-tests" / "ready").unlink()
    cluster = Cluster(own, tests=True)
    assert ask(cluster.start().owner, "SELECT current_user::text") == "wangge_owner"
    cluster.stop()


def test_a_server_that_cannot_be_set_up_is_not_left_behind(
    own: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (own / "cluster-tests" / "ready").unlink()
    (tmp_path / "roles.sql").write_text("SELECT 1 / 0;")
    with monkeypatch.context() as patch:
        patch.setattr(cluster_module, "_ROLES", tmp_path / "roles.sql")
        broken = Cluster(own, tests=True)
        with pytest.raises(ClusterNotReady, match="division by zero"):
            broken.start()
    assert not broken.running


def test_a_broken_cluster_of_the_tests_is_made_anew(own: Path) -> None:
    control = own / "cluster-tests" / "data" / "global" / "pg_control"
    control.write_bytes(b"power cut")
    cluster = Cluster(own, tests=True)
    assert ask(cluster.start().app, "SELECT 1") == 1
    cluster.stop()


@AS_ROOT
def test_below_a_closed_folder_of_root_the_cluster_lies_elsewhere(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_place, "ELSEWHERE", base / "elsewhere")
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "home", tests=True)
    assert ask(cluster.start().app, "SELECT 1") == 1
    assert cluster.folder.is_relative_to(base / "elsewhere")
    cluster.stop()
    assert Cluster(closed / "home", tests=True).folder == cluster.folder
