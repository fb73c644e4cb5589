"""The keywords of run() and create(), as each engine's body."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.container_docker import docker_query, to_docker
from wharfinger._core.container_libpod import to_libpod
from wharfinger._core.container_options import ContainerOptions
from wharfinger._core.container_spec import ContainerSpec
from wharfinger._core.human import parse_seconds, parse_size, signal_number
from wharfinger._core.options import container_spec
from wharfinger.errors import NotSupported
from wharfinger.types import (
    Device,
    DeviceRequest,
    Healthcheck,
    LogConfig,
    Mount,
    NetworkAttachment,
    PortBinding,
    RestartPolicy,
    SecretMount,
    Ulimit,
    VolumeBind,
)

Body = dict[str, Any]


def spec(**options: Any) -> ContainerSpec:
    return container_spec("img", cast("ContainerOptions", options))


def docker(api: tuple[int, int] | None = None, **options: Any) -> Body:
    body = to_docker(spec(**options), api)
    assert body.pop("Image") == "img"
    return body


def libpod(version: tuple[int, ...] | None = None, **options: Any) -> Body:
    body = to_libpod(spec(**options), version)
    assert body.pop("image") == "img"
    return body


def host(**values: object) -> Body:
    return {"HostConfig": values}


def checked(test: list[str]) -> Body:
    return {"healthconfig": {"Test": test, **CHECK, "StartPeriod": 0}}


NONE = "not supported"
PORTS = {"80/tcp": 8080, "53/udp": ("127.0.0.1", 53), 443: None, "90": [], (7, "sctp"): [1, ("::1",)]}
EXPOSED = ["80/tcp", "53/udp", "443/tcp", "90/tcp", "7/sctp"]
HEALTH = {"test": "true", "interval": 1_500_000_000, "timeout": "2s", "retries": 1}
CHECK = {"Interval": 30 * 10**9, "Timeout": 30 * 10**9, "Retries": 3}
NETWORK = {"aliases": ["db"], "ipv4_address": "10.0.0.2"}

# Keyword, value, what Docker gets, what Podman gets.
CASES: list[tuple[str, Any, Any, Any]] = [
    ("annotations", {"a": "b"}, host(Annotations={"a": "b"}), {"annotations": {"a": "b"}}),
    ("auto_remove", True, host(AutoRemove=True), {"remove": True}),
    ("blkio_weight", 9, host(BlkioWeight=9), {"resource_limits": {"blockIO": {"weight": 9}}}),
    (
        "blkio_weight_device",
        [{"Path": "/dev/a", "Weight": 5}],
        host(BlkioWeightDevice=[{"Path": "/dev/a", "Weight": 5}]),
        {"weightDevice": {"/dev/a": {"weight": 5}}},
    ),
    ("cap_add", ["A"], host(CapAdd=["A"]), {"cap_add": ["A"]}),
    ("cap_drop", ("A",), host(CapDrop=["A"]), {"cap_drop": ["A"]}),
    ("cgroup_parent", "/x", host(CgroupParent="/x"), {"cgroup_parent": "/x"}),
    ("cgroupns", "host", host(CgroupnsMode="host"), {"cgroupns": {"nsmode": "host"}}),
    ("command", "sh -c 'a b'", {"Cmd": ["sh", "-c", "a b"]}, {"command": ["sh", "-c", "a b"]}),
    ("command", ["x", 1], {"Cmd": ["x", "1"]}, {"command": ["x", "1"]}),
    ("command", "", {}, {}),
    ("cpu_count", 2, host(CpuCount=2), NONE),
    ("cpu_percent", 2, host(CpuPercent=2), NONE),
    ("cpu_period", 5, host(CpuPeriod=5), {"resource_limits": {"cpu": {"period": 5}}}),
    ("cpu_quota", 5, host(CpuQuota=5), {"resource_limits": {"cpu": {"quota": 5}}}),
    ("cpu_rt_period", 5, host(CpuRealtimePeriod=5), {"resource_limits": {"cpu": {"realtimePeriod": 5}}}),
    ("cpu_rt_runtime", 5, host(CpuRealtimeRuntime=5), {"resource_limits": {"cpu": {"realtimeRuntime": 5}}}),
    ("cpu_shares", 5, host(CpuShares=5), {"resource_limits": {"cpu": {"shares": 5}}}),
    ("cpuset_cpus", "0", host(CpusetCpus="0"), {"resource_limits": {"cpu": {"cpus": "0"}}}),
    ("cpuset_mems", "0", host(CpusetMems="0"), {"resource_limits": {"cpu": {"mems": "0"}}}),
    (
        "device_cgroup_rules",
        ["c 42:* rmw"],
        host(DeviceCgroupRules=["c 42:* rmw"]),
        {"device_cgroup_rule": [{"allow": True, "type": "c", "major": 42, "access": "rmw"}]},
    ),
    (
        "device_read_bps",
        {"/dev/a": "1k"},
        host(BlkioDeviceReadBps=[{"Path": "/dev/a", "Rate": 1024}]),
        {"throttleReadBpsDevice": {"/dev/a": {"rate": 1024}}},
    ),
    (
        "device_read_iops",
        {"/dev/a": 1},
        host(BlkioDeviceReadIOps=[{"Path": "/dev/a", "Rate": 1}]),
        {"throttleReadIOPSDevice": {"/dev/a": {"rate": 1}}},
    ),
    (
        "device_write_bps",
        [{"Path": "/dev/a", "Rate": 1}],
        host(BlkioDeviceWriteBps=[{"Path": "/dev/a", "Rate": 1}]),
        {"throttleWriteBpsDevice": {"/dev/a": {"rate": 1}}},
    ),
    (
        "device_write_iops",
        {"/dev/a": 1},
        host(BlkioDeviceWriteIOps=[{"Path": "/dev/a", "Rate": 1}]),
        {"throttleWriteIOPSDevice": {"/dev/a": {"rate": 1}}},
    ),
    (
        "device_requests",
        [DeviceRequest(count=2, capabilities=(("gpu",),))],
        host(DeviceRequests=[{"Count": 2, "Capabilities": [["gpu"]]}]),
        {"devices": [{"path": "nvidia.com/gpu=0"}, {"path": "nvidia.com/gpu=1"}]},
    ),
    (
        "device_requests",
        [{"Driver": "cdi", "DeviceIDs": ["a.b/c=d"]}],
        host(DeviceRequests=[{"Driver": "cdi", "DeviceIDs": ["a.b/c=d"]}]),
        {"devices": [{"path": "a.b/c=d"}]},
    ),
    (
        "devices",
        ["/dev/a", "/dev/b:r", Device("/dev/c", "/dev/d"), {"PathOnHost": "/dev/e"}],
        host(
            Devices=[
                {"PathOnHost": f"/dev/{a}", "PathInContainer": f"/dev/{b}", "CgroupPermissions": c}
                for a, b, c in (("a", "a", "rwm"), ("b", "b", "r"), ("c", "d", "rwm"), ("e", "e", "rwm"))
            ]
        ),
        {
            "devices": [
                {"path": f"/dev/{p}"} for p in ("a:/dev/a:rwm", "b:/dev/b:r", "c:/dev/d:rwm", "e:/dev/e:rwm")
            ]
        },
    ),
    ("dns", ["1.1.1.1"], host(Dns=["1.1.1.1"]), {"dns_server": ["1.1.1.1"]}),
    ("dns_opt", ["a"], host(DnsOptions=["a"]), {"dns_option": ["a"]}),
    ("dns_search", ["a"], host(DnsSearch=["a"]), {"dns_search": ["a"]}),
    ("domainname", "a.b", {"Domainname": "a.b"}, NONE),
    ("entrypoint", "a b", {"Entrypoint": ["a", "b"]}, {"entrypoint": ["a", "b"]}),
    ("entrypoint", [], {"Entrypoint": [""]}, {"entrypoint": [""]}),
    ("environment", {"A": 1, "B": None}, {"Env": ["A=1", "B"]}, {"env": {"A": "1"}, "unsetenv": ["B"]}),
    ("environment", ["A=b=c", "D="], {"Env": ["A=b=c", "D="]}, {"env": {"A": "b=c", "D": ""}}),
    ("extra_hosts", {"a": "::1"}, host(ExtraHosts=["a:::1"]), {"hostadd": ["a:::1"]}),
    ("extra_hosts", ["a:::1"], host(ExtraHosts=["a:::1"]), {"hostadd": ["a:::1"]}),
    (
        "gpus",
        "all",
        host(DeviceRequests=[{"Count": -1, "Capabilities": [["gpu"]]}]),
        {"devices": [{"path": "nvidia.com/gpu=all"}]},
    ),
    (
        "gpus",
        ["x"],
        host(DeviceRequests=[{"DeviceIDs": ["x"], "Capabilities": [["gpu"]]}]),
        {"devices": [{"path": "nvidia.com/gpu=x"}]},
    ),
    ("group_add", [10, "wheel"], host(GroupAdd=["10", "wheel"]), {"groups": ["10", "wheel"]}),
    (
        "healthcheck",
        HEALTH,
        {
            "Healthcheck": {
                "Test": ["CMD-SHELL", "true"],
                "Retries": 1,
                "Interval": 15 * 10**8,
                "Timeout": 2 * 10**9,
            }
        },
        {
            "healthconfig": {
                "Test": ["CMD-SHELL", "true"],
                "Interval": 15 * 10**8,
                "Timeout": 2 * 10**9,
                "Retries": 1,
                "StartPeriod": 0,
            }
        },
    ),
    ("health_cmd", "a b", {"Healthcheck": {"Test": ["CMD-SHELL", "a b"]}}, checked(["CMD-SHELL", "a b"])),
    ("health_cmd", ["a", "b"], {"Healthcheck": {"Test": ["CMD", "a", "b"]}}, checked(["CMD", "a", "b"])),
    ("health_cmd", ["CMD", "a"], {"Healthcheck": {"Test": ["CMD", "a"]}}, checked(["CMD", "a"])),
    ("health_cmd", "None", {"Healthcheck": {"Test": ["NONE"]}}, checked(["NONE"])),
    ("health_interval", "1.5s", {"Healthcheck": {"Interval": 1_500_000_000}}, NONE),
    ("health_log_destination", "/x", NONE, {"healthLogDestination": "/x"}),
    ("health_max_log_count", 3, NONE, {"healthMaxLogCount": 3}),
    ("health_max_logs_size", 9, NONE, {"healthMaxLogSize": 9}),
    ("health_on_failure", "none", NONE, {"health_check_on_failure_action": 0}),
    ("health_on_failure", "stop", NONE, {"health_check_on_failure_action": 4}),
    ("health_retries", 2, {"Healthcheck": {"Retries": 2}}, NONE),
    ("health_start_period", timedelta(seconds=2), {"Healthcheck": {"StartPeriod": 2_000_000_000}}, NONE),
    (
        "health_startup_cmd",
        "a b",
        NONE,
        {"startupHealthConfig": {"Test": ["CMD-SHELL", "a b"], **CHECK}},
    ),
    ("health_timeout", 4, {"Healthcheck": {"Timeout": 4_000_000_000}}, NONE),
    ("healthcheck", Healthcheck(interval=0.5), {"Healthcheck": {"Interval": 5 * 10**8}}, NONE),
    ("hostname", "h", {"Hostname": "h"}, {"hostname": "h"}),
    ("init", False, host(Init=False), {"init": False}),
    ("init_path", "/i", NONE, {"init_path": "/i"}),
    ("ipc_mode", "shareable", host(IpcMode="shareable"), {"ipcns": {"nsmode": "shareable"}}),
    ("isolation", "hyperv", host(Isolation="hyperv"), NONE),
    ("kernel_memory", "1k", host(KernelMemory=1024), {"resource_limits": {"memory": {"kernel": 1024}}}),
    ("labels", ["a", "b=c"], {"Labels": {"a": "", "b": "c"}}, {"labels": {"a": "", "b": "c"}}),
    ("links", {"a": "b", "c": None}, host(Links=["a:b", "c:c"]), NONE),
    ("links", [("a", "b"), "c"], host(Links=["a:b", "c:c"]), NONE),
    (
        "log_config",
        "none",
        host(LogConfig={"Type": "none", "Config": {}}),
        {"log_configuration": {"driver": "none"}},
    ),
    (
        "log_config",
        LogConfig("json-file", {"max-size": "1k", "tag": "t"}),
        host(LogConfig={"Type": "json-file", "Config": {"max-size": "1k", "tag": "t"}}),
        {"log_configuration": {"driver": "json-file", "size": 1024, "options": {"tag": "t"}}},
    ),
    (
        "mac_address",
        "02:00:00:00:00:01",
        {"NetworkingConfig": {"EndpointsConfig": {"default": {"MacAddress": "02:00:00:00:00:01"}}}},
        {"netns": {"nsmode": "bridge"}, "Networks": {"default": {"static_mac": "02:00:00:00:00:01"}}},
    ),
    ("mem_limit", "1.5g", host(Memory=3 * 2**29), {"resource_limits": {"memory": {"limit": 3 * 2**29}}}),
    ("mem_reservation", 5, host(MemoryReservation=5), {"resource_limits": {"memory": {"reservation": 5}}}),
    ("mem_swappiness", 5, host(MemorySwappiness=5), {"resource_limits": {"memory": {"swappiness": 5}}}),
    ("memswap_limit", -1, host(MemorySwap=-1), {"resource_limits": {"memory": {"swap": -1}}}),
    (
        "mounts",
        [Mount("/d", "v", read_only=True, no_copy=True, subpath="s")],
        host(
            Mounts=[
                {
                    "Target": "/d",
                    "Source": "v",
                    "Type": "volume",
                    "ReadOnly": True,
                    "VolumeOptions": {"NoCopy": True, "Subpath": "s"},
                }
            ]
        ),
        {"volumes": [{"Name": "v", "Dest": "/d", "SubPath": "s", "Options": ["ro", "nocopy"]}]},
    ),
    (
        "mounts",
        [{"Target": "/d", "Type": "tmpfs", "TmpfsOptions": {"SizeBytes": 5, "Mode": 0o700}}],
        host(Mounts=[{"Target": "/d", "Type": "tmpfs", "TmpfsOptions": {"SizeBytes": 5, "Mode": 0o700}}]),
        {
            "mounts": [
                {"destination": "/d", "source": "tmpfs", "type": "tmpfs", "options": ["size=5", "mode=700"]}
            ]
        },
    ),
    (
        "mounts",
        [{"type": "image", "target": "/d", "source": "i"}],
        host(Mounts=[{"Target": "/d", "Source": "i", "Type": "image"}]),
        {"image_volumes": [{"Source": "i", "Destination": "/d", "ReadWrite": False}]},
    ),
    (
        "mounts",
        [
            {
                "Type": "volume",
                "Target": "/d",
                "VolumeOptions": {"DriverConfig": {"Name": "n", "Options": {"a": "b"}}},
            }
        ],
        host(
            Mounts=[
                {
                    "Target": "/d",
                    "Type": "volume",
                    "VolumeOptions": {"DriverConfig": {"Name": "n", "Options": {"a": "b"}}},
                }
            ]
        ),
        NONE,
    ),
    ("name", "web", {}, {"name": "web"}),
    (
        "nano_cpus",
        1_500_000_000,
        host(NanoCpus=1_500_000_000),
        {"resource_limits": {"cpu": {"quota": 150_000, "period": 100_000}}},
    ),
    ("network", "host", host(NetworkMode="host"), {"netns": {"nsmode": "host"}}),
    (
        "network",
        "n",
        {"NetworkingConfig": {"EndpointsConfig": {"n": {}}}, **host(NetworkMode="n")},
        {"netns": {"nsmode": "bridge"}, "Networks": {"n": {}}},
    ),
    ("network_disabled", True, {"NetworkDisabled": True}, {"netns": {"nsmode": "none"}}),
    (
        "network_mode",
        "container:c",
        host(NetworkMode="container:c"),
        {"netns": {"nsmode": "container", "value": "c"}},
    ),
    (
        "network_mode",
        "pasta:-t,auto",
        host(NetworkMode="pasta:-t,auto"),
        {"netns": {"nsmode": "pasta"}, "network_options": {"pasta": ["-t", "auto"]}},
    ),
    (
        "networks",
        {"n": NETWORK},
        {
            "NetworkingConfig": {
                "EndpointsConfig": {"n": {"Aliases": ["db"], "IPAMConfig": {"IPv4Address": "10.0.0.2"}}}
            },
            **host(NetworkMode="n"),
        },
        {"netns": {"nsmode": "bridge"}, "Networks": {"n": {"aliases": ["db"], "static_ips": ["10.0.0.2"]}}},
    ),
    (
        "oom_kill_disable",
        True,
        host(OomKillDisable=True),
        {"resource_limits": {"memory": {"disableOOMKiller": True}}},
    ),
    ("oom_score_adj", 5, host(OomScoreAdj=5), {"oom_score_adj": 5}),
    ("pid_mode", "host", host(PidMode="host"), {"pidns": {"nsmode": "host"}}),
    ("pids_limit", 5, host(PidsLimit=5), {"resource_limits": {"pids": {"limit": 5}}}),
    ("platform", "linux/arm/v7", {}, {"image_os": "linux", "image_arch": "arm", "image_variant": "v7"}),
    ("pod", "p", NONE, {"pod": "p"}),
    (
        "ports",
        PORTS,
        {
            "ExposedPorts": {port: {} for port in EXPOSED},
            **host(
                PortBindings={
                    "80/tcp": [{"HostIp": "", "HostPort": "8080"}],
                    "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "53"}],
                    "443/tcp": [{"HostIp": "", "HostPort": ""}],
                    "7/sctp": [{"HostIp": "", "HostPort": "1"}, {"HostIp": "::1", "HostPort": ""}],
                }
            ),
        },
        {
            "expose": {"80": "tcp", "53": "udp", "443": "tcp", "90": "tcp", "7": "sctp"},
            "portmappings": [
                {"container_port": 80, "protocol": "tcp", "host_port": 8080},
                {"container_port": 53, "protocol": "udp", "host_ip": "127.0.0.1", "host_port": 53},
                {"container_port": 443, "protocol": "tcp"},
                {"container_port": 7, "protocol": "sctp", "host_port": 1},
                {"container_port": 7, "protocol": "sctp", "host_ip": "::1"},
            ],
        },
    ),
    ("privileged", True, host(Privileged=True), {"privileged": True}),
    ("publish_all_ports", True, host(PublishAllPorts=True), {"publish_image_ports": True}),
    ("read_only", True, host(ReadonlyRootfs=True), {"read_only_filesystem": True}),
    ("read_write_tmpfs", True, NONE, {"read_write_tmpfs": True}),
    (
        "restart_policy",
        "on-failure:3",
        host(RestartPolicy={"Name": "on-failure", "MaximumRetryCount": 3}),
        {"restart_policy": "on-failure", "restart_tries": 3},
    ),
    (
        "restart_policy",
        {"Name": "always"},
        host(RestartPolicy={"Name": "always"}),
        {"restart_policy": "always"},
    ),
    ("runtime", "crun", host(Runtime="crun"), {"oci_runtime": "crun"}),
    ("secret_env", {"A": "s"}, NONE, {"secret_env": {"A": "s"}}),
    (
        "secrets",
        ["s", {"source": "t", "target": "/t", "uid": 5, "mode": 0o400}],
        NONE,
        {
            "secrets": [
                {"Source": "s", "Target": "s", "UID": 0, "GID": 0, "Mode": 0o444},
                {"Source": "t", "Target": "/t", "UID": 5, "GID": 0, "Mode": 0o400},
            ]
        },
    ),
    (
        "security_opt",
        ["no-new-privileges", "label=disable", "label:type:x", "seccomp=/p", "unmask=ALL"],
        host(SecurityOpt=["no-new-privileges", "label=disable", "label:type:x", "seccomp=/p", "unmask=ALL"]),
        {
            "no_new_privileges": True,
            "selinux_opts": ["disable", "type:x"],
            "seccomp_profile_path": "/p",
            "unmask": ["ALL"],
        },
    ),
    ("shm_size", "1m", host(ShmSize=2**20), {"shm_size": 2**20}),
    ("stdin_once", True, {"StdinOnce": True}, {}),
    ("stdin_once", False, {"StdinOnce": False}, NONE),
    ("stdin_open", True, {"OpenStdin": True}, {"stdin": True}),
    ("stop_signal", "SIGINT", {"StopSignal": "SIGINT"}, {"stop_signal": 2}),
    ("stop_timeout", timedelta(seconds=5), {"StopTimeout": 5}, {"stop_timeout": 5}),
    ("storage_opt", {"size": "1g"}, host(StorageOpt={"size": "1g"}), {"storage_opts": {"size": "1g"}}),
    ("sysctls", {"a": 1}, host(Sysctls={"a": "1"}), {"sysctl": {"a": "1"}}),
    ("timezone", "local", NONE, {"timezone": "local"}),
    (
        "tmpfs",
        {"/r": "size=1m,ro"},
        host(Tmpfs={"/r": "size=1m,ro"}),
        {"mounts": [{"destination": "/r", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m", "ro"]}]},
    ),
    (
        "tmpfs",
        ["/r"],
        host(Tmpfs={"/r": ""}),
        {"mounts": [{"destination": "/r", "type": "tmpfs", "source": "tmpfs", "options": []}]},
    ),
    ("tty", True, {"Tty": True}, {"terminal": True}),
    (
        "ulimits",
        ["nofile=1:2", Ulimit("core", -1), {"Name": "nproc", "Hard": 3}],
        host(
            Ulimits=[
                {"Name": "nofile", "Soft": 1, "Hard": 2},
                {"Name": "core", "Soft": -1, "Hard": -1},
                {"Name": "nproc", "Soft": 3, "Hard": 3},
            ]
        ),
        {
            "r_limits": [
                {"type": "nofile", "soft": 1, "hard": 2},
                {"type": "core", "soft": 2**64 - 1, "hard": 2**64 - 1},
                {"type": "nproc", "soft": 3, "hard": 3},
            ]
        },
    ),
    ("umask", "0022", NONE, {"umask": "0022"}),
    ("user", 1000, {"User": "1000"}, {"user": "1000"}),
    (
        "userns_mode",
        "keep-id:uid=5",
        host(UsernsMode="keep-id:uid=5"),
        {"userns": {"nsmode": "keep-id", "value": "uid=5"}},
    ),
    ("uts_mode", "host", host(UTSMode="host"), {"utsns": {"nsmode": "host"}}),
    ("volume_driver", "d", host(VolumeDriver="d"), NONE),
    (
        "volumes",
        {"/h": {"bind": "/c", "mode": "ro,z"}, "v": "/d"},
        host(Binds=["/h:/c:ro,z", "v:/d"]),
        {
            "mounts": [{"destination": "/c", "source": "/h", "type": "bind", "options": ["ro", "z"]}],
            "volumes": [{"Name": "v", "Dest": "/d", "Options": []}],
        },
    ),
    (
        "volumes",
        ["/h:/c", "/anonymous", "w:/e:ro"],
        {"Volumes": {"/anonymous": {}}, **host(Binds=["/h:/c", "w:/e:ro"])},
        {
            "mounts": [{"destination": "/c", "source": "/h", "type": "bind", "options": []}],
            "volumes": [
                {"Dest": "/anonymous", "Options": []},
                {"Name": "w", "Dest": "/e", "Options": ["ro"]},
            ],
        },
    ),
    ("use_config_proxy", True, {}, {}),
    ("volumes_from", ["c:ro"], host(VolumesFrom=["c:ro"]), {"volumes_from": ["c:ro"]}),
    ("working_dir", "/w", {"WorkingDir": "/w"}, {"work_dir": "/w"}),
]


@pytest.mark.parametrize(("option", "value", "for_docker", "for_podman"), CASES)
def test_each_option_goes_where_it_belongs(
    option: str, value: object, for_docker: Any, for_podman: Any
) -> None:
    for encode, expected in ((docker, for_docker), (libpod, for_podman)):
        given: dict[str, Any] = {option: value}
        if expected == NONE:
            with pytest.raises(NotSupported):
                encode(**given)
        else:
            assert encode(**given) == expected


PARTS_OF_STARTUP = ("interval", "retries", "success", "timeout")


def test_every_option_is_in_the_table_above() -> None:
    elsewhere = {"networking_config", *(f"health_startup_{part}" for part in PARTS_OF_STARTUP)}
    options = set(get_type_hints(ContainerOptions))
    # The command is a parameter of run() and create() themselves.
    assert options | {"command"} == {option for option, *_ in CASES} | elsewhere
    fields = {field.name for field in attrs.fields(ContainerSpec)}
    parts = {f"health_{part}" for part in ("cmd", "interval", "retries", "start_period", "timeout")}
    parts |= {f"health_startup_{part}" for part in ("cmd", *PARTS_OF_STARTUP)}
    assert options - fields == {"gpus", "network", "networking_config", *parts}
    for option in options:
        assert f"        {option}: " in str(ContainerOptions.__doc__)


def test_name_and_platform_are_in_dockers_query() -> None:
    assert docker_query(spec(name="/web", platform="linux/arm64")) == {
        "name": "web",
        "platform": "linux/arm64",
    }
    assert docker_query(spec()) == {}


def test_what_is_none_is_not_given() -> None:
    options = dict.fromkeys(get_type_hints(ContainerOptions))
    assert spec(**options) == ContainerSpec(image="img")


def test_options_that_meet_in_one_place_are_put_together() -> None:
    body = libpod(mem_limit=1, cpu_shares=2, tmpfs=["/t"], volumes=["/h:/c"], mounts=[Mount("/v", "n")])
    assert body["resource_limits"] == {"memory": {"limit": 1}, "cpu": {"shares": 2}}
    assert [mount["destination"] for mount in body["mounts"]] == ["/t", "/c"]
    assert [volume["Dest"] for volume in body["volumes"]] == ["/v"]
    assert docker(gpus=1, device_requests=[DeviceRequest("cdi")])["HostConfig"]["DeviceRequests"] == [
        {"Driver": "cdi"},
        {"Count": 1, "Capabilities": [["gpu"]]},
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"nano_cpus": 10**9, "cpu_quota": 5},
        {"network_mode": "host", "networks": ["n"]},
        {"network_disabled": True, "networks": ["n"]},
        {"mac_address": "02:00:00:00:00:01", "network_mode": "none"},
    ],
)
def test_options_that_contradict_each_other_on_podman(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"contradicts|needs a network"):
        libpod(**options)


def test_networks_by_docker_pys_keywords() -> None:
    settings = {
        "n": {"Aliases": ["a"], "IPAMConfig": {"IPv6Address": "::5", "LinkLocalIPs": ["169.254.0.1"]}}
    }
    found = spec(network="n", networking_config=settings).networks
    expected = NetworkAttachment(aliases=("a",), ipv6_address="::5", link_local_ips=("169.254.0.1",))
    assert found == {"n": expected}
    assert spec(networking_config={"EndpointsConfig": settings}).networks == {"n": expected}
    for wrong in ({"network_mode": "host"}, {"networks": ["m"]}, {"networking_config": {"m": None}}):
        with pytest.raises(ValueError, match="network"):
            spec(network="n", **wrong)


def test_a_mac_address_is_where_the_version_has_it() -> None:
    assert docker((1, 43), mac_address="02::") == {"MacAddress": "02::"}
    body = docker((1, 44), mac_address="02::", networks=["n", "m"])
    assert body["NetworkingConfig"]["EndpointsConfig"] == {"n": {"MacAddress": "02::"}, "m": {}}
    assert libpod(mac_address="02::", networks=["n"])["Networks"] == {"n": {"static_mac": "02::"}}


@pytest.mark.parametrize(
    ("options", "since"),
    [
        ({"annotations": {"a": "b"}}, (1, 43)),
        ({"healthcheck": Healthcheck("x", start_interval=1)}, (1, 44)),
        ({"networks": ["a", "b"]}, (1, 44)),
        ({"networks": {"a": {"gw_priority": 1}}}, (1, 48)),
        ({"mounts": [Mount("/a", "b", "image")]}, (1, 48)),
        ({"mounts": [Mount("/a", "b", subpath="c")]}, (1, 45)),
        ({"mounts": [Mount("/a", "/b", "bind", create_mountpoint=True)]}, (1, 42)),
    ],
)
def test_what_an_older_docker_lacks(options: dict[str, Any], since: tuple[int, int]) -> None:
    docker(since, **options)
    with pytest.raises(NotSupported, match=rf"needs API 1\.{since[1]}"):
        docker((1, since[1] - 1), **options)


def test_what_a_newer_docker_lacks() -> None:
    docker((1, 41), kernel_memory="1m")
    with pytest.raises(NotSupported, match=r"API 1\.41 or older"):
        docker((1, 42), kernel_memory="1m")


@pytest.mark.parametrize(
    ("options", "since"),
    [
        ({"read_write_tmpfs": True}, (4, 9)),
        ({"mounts": [Mount("/a", "b", subpath="c")]}, (4, 9)),
        ({"mounts": [Mount("/a", "b", "image", subpath="c")]}, (5, 2)),
        ({"networks": {"a": {"driver_opts": {"x": "y"}}}}, (5, 4)),
    ],
)
def test_what_an_older_podman_lacks(options: dict[str, Any], since: tuple[int, int]) -> None:
    libpod((*since, 0), **options)
    with pytest.raises(NotSupported, match=rf"needs API {since[0]}\.{since[1]}"):
        libpod((since[0], since[1] - 1, 9), **options)


@pytest.mark.parametrize(
    "options",
    [
        {"networks": {"n": {"links": ["a"]}}},
        {"networks": {"n": {"gw_priority": 0}}},
        {"mounts": [Mount("/a", "b", labels={"a": "b"})]},
        {"mounts": [Mount("/a", "b", "cluster")]},
        {"security_opt": ["credentialspec=file://x"]},
        {"device_requests": [DeviceRequest(capabilities=(("tpu",),))]},
        {"healthcheck": Healthcheck("x", start_interval=1)},
    ],
)
def test_parts_that_podman_lacks(options: dict[str, Any]) -> None:
    docker(**options)
    with pytest.raises(NotSupported, match="Podman"):
        libpod(**options)


def test_a_health_check_in_parts() -> None:
    parts = {"health_cmd": "x", "health_interval": 5, "health_retries": 1}
    together = Healthcheck("x", interval=5.0, retries=1)
    assert spec(**parts) == spec(healthcheck=together)
    assert spec(healthcheck=Healthcheck("x", retries=1), health_interval="5s").healthcheck == together
    with pytest.raises(ValueError, match="health_cmd is given together with the test of healthcheck"):
        spec(healthcheck={"test": "x"}, health_cmd="y")
    startup: dict[str, Any] = {f"health_startup_{part}": 7 for part in PARTS_OF_STARTUP}
    assert libpod(health_startup_cmd="x", **startup)["startupHealthConfig"] == {
        "Test": ["CMD-SHELL", "x"],
        "Interval": 7 * 10**9,
        "Timeout": 7 * 10**9,
        "Retries": 7,
        "Successes": 7,
    }
    with pytest.raises(ValueError, match="without health_startup_cmd"):
        spec(health_startup_retries=1)


def test_an_interface_name_is_podmans() -> None:
    with pytest.raises(NotSupported, match="Docker"):
        docker(networks={"n": {"interface_name": "eth7"}})
    assert libpod(networks={"n": {"interface_name": "eth7"}})["Networks"] == {"n": {"interface_name": "eth7"}}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"enviroment": {}}, "did you mean 'environment'?"),
        ({"zzz": None}, "unknown option 'zzz'"),
        ({"tty": 1}, "tty is 1 of type int, expected True or False"),
        ({"cpu_shares": True}, "whole number"),
        ({"hostname": 5}, "hostname is 5 of type int"),
        ({"mem_limit": 1.5}, "'512m'"),
        ({"environment": "A=b"}, "environment is a str"),
        ({"environment": {1: "x"}}, "a key of environment"),
        ({"environment": {"A": [1]}}, r"environment\['A'\] is a list"),
        ({"environment": [5]}, "'NAME=value'"),
        ({"labels": 5}, "labels is a int"),
        ({"command": {"a": 1}}, "a list such as"),
        ({"command": [None]}, "an item of command"),
        ({"cap_add": [True]}, "an item of cap_add"),
        ({"ports": 80}, "ports is 80"),
        ({"ports": {"80": {"Host": 1}}}, "'Host'"),
        ({"volumes": {"/a": 5}}, "volumes"),
        ({"volumes": {"/a": {"bnd": "/b"}}}, "did you mean 'bind'?"),
        ({"mounts": [{"Target": "/a", "Sorce": "b"}]}, "did you mean 'source'?"),
        ({"mounts": [{"Target": "/a", "BindOptions": {"x": 1}}]}, "bind_options of a mount"),
        ({"healthcheck": "true"}, "healthcheck is 'true'"),
        ({"restart_policy": 5}, "restart_policy is 5"),
        ({"gpus": 1.5}, "gpus"),
        ({"stop_timeout": True}, "stop_timeout"),
        ({"stop_signal": 1.5}, "stop_signal"),
        ({"health_retries": "x"}, "health_retries is 'x'"),
        ({"health_on_failure": 2}, "health_on_failure is 2"),
        ({"use_config_proxy": "yes"}, "use_config_proxy is 'yes'"),
        ({"networks": {"n": 5}}, r"networks\['n'\] is 5"),
    ],
)
def test_wrong_types(options: dict[str, Any], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        spec(**options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"mem_limit": "lots"}, "mem_limit is 'lots', expected a number with one of the units"),
        ({"name": "a b"}, "such as 'web-1'"),
        ({"environment": ["=x"]}, "no name before '='"),
        ({"command": "a 'b"}, "cannot be split"),
        ({"ports": {"http": 80}}, "from 1 to 65535"),
        ({"ports": {"80/xyz": 80}}, "tcp, udp or sctp"),
        ({"ports": {"80": 70000}}, "from 1 to 65535"),
        ({"ports": {"80": ("a", 1, 2)}}, r"\(address, port\)"),
        ({"ports": ["x:y"]}, "an item of ports"),
        ({"volumes": ["./a:/b"]}, "an absolute path or the name of a volume"),
        ({"volumes": ["a:b"]}, "container's side"),
        ({"volumes": ["a:/b:ro:x"]}, "an item of volumes"),
        ({"volumes": {"/a": {"mode": "ro"}}}, "volumes"),
        ({"mounts": [{"Source": "/a"}]}, "lacks 'target'"),
        ({"mounts": [{"Target": "/a", "Type": "bin"}]}, "type of a mount"),
        ({"mounts": [{"Target": "/a", "Type": "bind"}]}, "source of a mount"),
        ({"restart_policy": "sometimes"}, "'unless-stopped'"),
        ({"restart_policy": "on-failure:x"}, "'on-failure:3'"),
        ({"restart_policy": {"MaximumRetryCount": 1}}, "lacks 'name'"),
        ({"ulimits": ["nofile"]}, "'nofile=1024:2048'"),
        ({"ulimits": {"a": (1, 2, 3)}}, r"\(soft, hard\)"),
        ({"devices": ["/dev/a:/dev/b:xyz"]}, "'/dev/fuse"),
        ({"tmpfs": ["run"]}, "absolute path"),
        ({"extra_hosts": ["a"]}, "'name:address'"),
        ({"gpus": "some"}, "'all', a number"),
        ({"stop_timeout": "5 parsecs"}, "'1m30s'"),
        ({"health_interval": "disable"}, "'1m30s'"),
        ({"health_max_log_count": -1}, "0 or more"),
        ({"health_on_failure": "explode"}, "'restart'"),
    ],
)
def test_wrong_values(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        spec(**options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"healthcheck": Healthcheck(["true"])}, "'CMD-SHELL'"),
        ({"stop_signal": "SIGNONE"}, "'SIGTERM'"),
        ({"ipc_mode": "secret"}, "'shareable'"),
        ({"device_cgroup_rules": ["x"]}, "'c 42:"),
        ({"platform": "linux"}, "'linux/arm64'"),
    ],
)
def test_values_that_podman_must_understand(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        libpod(**options)


def test_the_environment_is_in_no_repr_and_no_error() -> None:
    assert "s3cret" not in repr(spec(environment={"PASSWORD": "s3cret"}))
    for wrong in (["PASSWORD=s3cret", 5], ["PASSWORD=s3cret", "=s3cret"], "PASSWORD=s3cret", [b"P=s3cret"]):
        with pytest.raises((TypeError, ValueError)) as caught:
            spec(environment=wrong)
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("image", ["", 5])
def test_an_image_is_needed(image: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="image is"):
        container_spec(image, {})


def test_ports_as_a_list() -> None:
    found = spec(ports=[80, "53/udp", "8080:80", "127.0.0.1::7", "[::1]:1:2/tcp", PortBinding(9)]).ports
    assert found == (
        PortBinding(80),
        PortBinding(53, "udp"),
        PortBinding(80, host_port=8080),
        PortBinding(7, host_ip="127.0.0.1"),
        PortBinding(2, host_ip="::1", host_port=1),
        PortBinding(9),
    )


def test_typed_values_are_taken_as_they_are() -> None:
    policy, secret = RestartPolicy("always"), SecretMount("s")
    found = spec(
        restart_policy=policy, secrets=[secret], ports={"80": [PortBinding(80)]}, volumes=[VolumeBind("/a")]
    )
    assert (found.restart_policy, found.secrets, found.ports) == (policy, (secret,), (PortBinding(80),))
    assert found.volumes == (VolumeBind("/a"),)


def test_a_path_of_windows_is_one_path() -> None:
    assert docker(volumes=["C:\\x:D:\\y:ro"]) == host(Binds=["C:\\x:D:\\y:ro"])


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512m", 2**29),
        ("512MB", 2**29),
        ("512 MiB", 2**29),
        ("1b", 1),
        ("7", 7),
        ("0.5k", 512),
        ("-1", -1),
        (3, 3),
    ],
)
def test_sizes(text: object, size: int) -> None:
    assert parse_size("x", text) == size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1m30s", 90), ("1.5h", 5400), ("100ms", 0.1), ("5us", 5e-6), (2, 2), (timedelta(minutes=1), 60)],
)
def test_durations(text: object, seconds: float) -> None:
    assert parse_seconds("x", text) == pytest.approx(seconds)


@given(st.text(alphabet="0123456789.kmgtsihnu -", max_size=10))
def test_sizes_and_durations_of_any_text(text: str) -> None:
    for parse in (parse_size, parse_seconds):
        try:
            assert parse("x", text) >= -1
        except ValueError as fault:
            assert repr(text) in str(fault)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("name", "number"),
    [("TERM", 15), ("sigkill", 9), ("SIGRTMIN", 34), ("RTMIN+3", 37), ("RTMAX-1", 63), (9, 9), ("10", 10)],
)
def test_signals(name: str | int, number: int) -> None:
    assert signal_number("x", name) == number


@pytest.mark.parametrize("name", ["", "SIG", "RTMIN+40", "RTMAX-99", 0, 65, "-1"])
def test_what_is_no_signal(name: str | int) -> None:
    with pytest.raises(ValueError, match="'SIGTERM'"):
        signal_number("x", name)


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(get_type_hints(ContainerOptions))), nested)
def test_any_value_is_taken_or_refused_with_a_reason(option: str, value: object) -> None:
    try:
        found = spec(**{option: value})
        to_docker(found)
        to_libpod(found)
    except (TypeError, ValueError, NotSupported) as fault:
        assert str(fault)  # noqa: PT017 - either outcome is right
