"""Options of create(), as the engine's own program shows them afterwards."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope
from wharfinger._core.negotiation import version_key
from wharfinger.errors import APIError, NotSupported
from wharfinger.types import Mount, PortBinding, Ulimit


async def test_what_the_engine_was_told(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(
            image,
            ["a b", "c"],
            name=scope.name(),
            labels={**scope.labels, "k": "v=w"},
            entrypoint=["echo", "-n"],
            environment={"A": "1", "B": "two words"},
            user="wharf",
            working_dir="/srv",
            hostname="quay",
            stop_timeout=3,
            mem_limit="64m",
            cpu_shares=512,
            nano_cpus=500_000_000,
            cap_add=["NET_ADMIN"],
            read_only=True,
            restart_policy="on-failure:2",
            stop_signal="SIGINT",
            oom_score_adj=100,
            init=True,
        )
    told = scope.inspect(container.id)
    config, host = told["Config"], told["HostConfig"]
    assert told["Name"].removeprefix("/") == scope.name()
    assert (config["Labels"]["k"], config["User"], config["WorkingDir"]) == ("v=w", "wharf", "/srv")
    assert config["Cmd"] == ["a b", "c"]
    assert config["Entrypoint"] in (["echo", "-n"], "echo -n")
    assert {"A=1", "B=two words"} <= set(config["Env"])
    assert (config["Hostname"], config["StopTimeout"]) == ("quay", 3)
    assert config["StopSignal"] in ("SIGINT", 2)
    assert (host["Memory"], host["CpuShares"], host["ReadonlyRootfs"]) == (64 * 1024**2, 512, True)
    assert host["NanoCpus"] == 500_000_000 or (host["CpuQuota"], host["CpuPeriod"]) == (50_000, 100_000)
    assert host["CapAdd"] in (["NET_ADMIN"], ["CAP_NET_ADMIN"])
    assert (host["RestartPolicy"]["Name"], host["RestartPolicy"]["MaximumRetryCount"]) == ("on-failure", 2)
    assert (host["OomScoreAdj"], host["Init"]) == (100, True)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder of this machine, for a user who is not root there."""
    (tmp_path / "file").write_text("from the host")
    tmp_path.chmod(0o755)
    return tmp_path


async def test_what_the_container_sees(engine: Engine, scope: Scope, shared: Path) -> None:
    seen: dict[str, str] = {
        "cat /host/file": "from the host",
        "cat /read/file": "from the host",
        "touch /read/x 2>/dev/null || echo refused": "refused\n",
        "hostname": "quay\n",
        "id -u": "1000\n",
        "pwd": "/tmp\n",
        "awk '/open files/ {print $4, $5}' /proc/1/limits": "512 1024\n",
        "grep -c '10.1.2.3.*beacon' /etc/hosts": "1\n",
        "df -k /scratch | awk 'END {print $2}'": "2048\n",
        "df -k /dev/shm | awk 'END {print $2}'": "4096\n",
        "cat /proc/sys/net/ipv4/ip_unprivileged_port_start": "99\n",
        "grep ^nameserver /etc/resolv.conf": "nameserver 10.9.8.7\n",
    }
    async with client_of(engine) as client:
        container = await started(
            client,
            scope,
            volumes={str(shared): {"bind": "/host", "mode": "rw"}},
            mounts=[Mount("/read", str(shared), "bind", read_only=True)],
            tmpfs={"/scratch": "size=2m"},
            shm_size="4m",
            hostname="quay",
            user=1000,
            working_dir="/tmp",
            # Podman would raise the other one, which a machine within a container may not.
            ulimits=[Ulimit("nofile", 512, 1024), Ulimit("nproc", 1000)],
            extra_hosts={"beacon": "10.1.2.3"},
            sysctls={"net.ipv4.ip_unprivileged_port_start": "99"},
            dns=["10.9.8.7"],
            network_mode="bridge",
        )
        for command, wanted in seen.items():
            code, output = await container.exec_run(["sh", "-c", command])
            assert (code, output) == (0, wanted.encode()), command


async def test_ports(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(
            client,
            scope,
            ports={"80/tcp": None, "53/udp": ("127.0.0.1", None), 81: PortBinding(81, host_ip="127.0.0.1")},
        )
        await container.reload()
        inspected = container.ports
        (listed,) = await client.containers.list(filters={"id": container.id})
    told = {
        key: value for key, value in scope.inspect(container.id)["NetworkSettings"]["Ports"].items() if value
    }
    assert set(told) == {"80/tcp", "53/udp", "81/tcp"}
    assert inspected == scope.inspect(container.id)["NetworkSettings"]["Ports"]
    assert {key: ports(value) for key, value in listed.ports.items()} == {
        key: ports(value) for key, value in told.items()
    }
    assert told["81/tcp"][0]["HostIp"] == "127.0.0.1"


def ports(bindings: Any) -> set[str]:
    return {one["HostPort"] for one in bindings}


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"memory": "1g"}, "mem_limit|unknown option 'memory'"),
        ({"enviroment": {}}, "did you mean 'environment'"),
        ({"Name": "x"}, "'name'"),
    ],
)
async def test_unknown_options_name_the_nearest(
    engine: Engine, image: str, options: dict[str, Any], wanted: str
) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            before = len(relay.requests)
            with pytest.raises(TypeError, match=wanted):
                await client.containers.create(image, **options)
            with pytest.raises(TypeError, match=wanted):
                await client.containers.run(image, **options)
            assert len(relay.requests) == before


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"mem_limit": "much"}, ValueError),
        ({"mem_limit": []}, TypeError),
        ({"ports": {"eighty": 1}}, ValueError),
        ({"ports": {"80/tcp": 70000}}, ValueError),
        ({"environment": 3}, TypeError),
        ({"tty": "yes"}, TypeError),
        ({"name": "not a name"}, ValueError),
        ({"restart_policy": "sometimes"}, ValueError),
        ({"volumes": ["relative:/x:rw:ro:z"]}, ValueError),
        ({"network": "a", "network_mode": "host"}, ValueError),
        ({"labels": {"a": object()}}, TypeError),
    ],
)
async def test_wrong_values_are_refused_before_anything_is_sent(
    engine: Engine, image: str, options: dict[str, Any], kind: type[Exception]
) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            before = len(relay.requests)
            with pytest.raises(kind, match=next(iter(options))):
                await client.containers.create(image, **options)
            assert len(relay.requests) == before


# What an engine lacks, and since which version of its API it has it; None where no version does.
Since = tuple[int, ...] | None
DOCKER_LACKS: dict[str, tuple[Any, Since]] = {
    "pod": ("x", None),
    "timezone": ("local", None),
    "secrets": (["x"], None),
    "umask": ("0022", None),
    "annotations": ({"a": "b"}, (1, 43)),
    "healthcheck": ({"test": "true", "start_interval": 1_000_000_000}, (1, 44)),
    "mounts": ([Mount("/x", "image", "image")], (1, 48)),
    "networks": (["one", "two"], (1, 44)),
}
PODMAN_LACKS: dict[str, tuple[Any, Since]] = {
    "domainname": ("x", None),
    "links": ({"a": "b"}, None),
    "volume_driver": ("x", None),
    "isolation": ("x", None),
    "read_write_tmpfs": (True, (4, 9)),
    "mounts": ([Mount("/x", "volume", subpath="sub")], (4, 9)),
}


async def test_what_the_engine_lacks_is_refused_before_anything_is_sent(
    engine: Engine, image: str, scope: Scope
) -> None:
    lacks = DOCKER_LACKS if engine.name == "docker" else PODMAN_LACKS
    has = engine.api_version if engine.name == "docker" else str(engine.libpod_version)
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            for name, (value, since) in lacks.items():
                before = len(relay.requests)
                options: dict[str, Any] = {name: value}
                if since is not None and version_key(has) >= since:
                    # Networks and images of these names are not there.
                    with suppress(APIError):
                        await client.containers.create(image, labels=scope.labels, **options)
                    assert "/containers/create" in relay.requests[before], name
                    continue
                with pytest.raises(NotSupported, match=engine.name.capitalize()) as caught:
                    await client.containers.create(image, labels=scope.labels, **options)
                if since is not None:
                    assert has in caught.value.has, name
                    assert caught.value.needs == f"API {'.'.join(map(str, since))}", name
                assert len(relay.requests) == before
