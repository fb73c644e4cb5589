"""Docker in a rich state: containers in every state, networks, volumes, images, execs, and a one-node swarm."""

import base64
import contextlib
import functools
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import attrs

from tests.engines.recorder.recorder import Recorder, taken_down, until
from wharfinger_api.docker.models import (
    ContainerCreateRequest,
    DeviceMapping,
    EndpointSettings,
    HealthConfig,
    HostConfig,
    HostConfigLogConfig,
    HostConfigUlimitsItem,
    Mount,
    MountVolumeOptions,
    NetworkingConfig,
    PortBinding,
    RestartPolicy,
)

_MILLISECOND = 1_000_000
_WORK = "echo out; echo err >&2; echo new >/srv/new; rm /etc/group; exec sleep 600"

Note = Callable[..., None]


@attrs.define
class DockerScene:
    """The names and ids of what was made."""

    started: float
    network: str
    volume: str
    image: str
    dangling: str = ""
    containers: dict[str, str] = attrs.field(factory=dict[str, str])
    execs: dict[str, str] = attrs.field(factory=dict[str, str])
    swarm: dict[str, str] = attrs.field(factory=dict[str, str])


@contextlib.contextmanager
def docker_scene(recorder: Recorder, image: str) -> Generator[DockerScene]:
    """Make the state with the `docker` bindings, and take it down again."""
    with tempfile.TemporaryDirectory(prefix="rec-") as folder, taken_down(recorder) as note:
        scene = DockerScene(
            time.time(), recorder.name("net"), recorder.name("vol"), f"{recorder.name('img')}:1"
        )
        _network_and_volume(recorder, scene, note)
        _containers(recorder, scene, note, image, Path(folder))
        _images(recorder, scene, note, image)
        _execs(recorder, scene)
        if recorder.service == "docker":
            _swarm(recorder, scene, note, image)
        yield scene


def _network_and_volume(recorder: Recorder, scene: DockerScene, note: Note) -> None:
    subnet = recorder.subnet
    recorder.call(
        "NetworkCreate",
        body={
            "Name": scene.network,
            "Driver": "bridge",
            "IPAM": {"Config": [{"Subnet": f"{subnet}.0/24", "Gateway": f"{subnet}.1"}]},
            "Labels": {"quay": "north"},
        },
    )
    note("NetworkDelete", scene.network)
    recorder.call("VolumeCreate", body={"Name": scene.volume, "Labels": {"quay": "north"}})
    note("VolumeDelete", scene.volume, force=True)


def _containers(recorder: Recorder, scene: DockerScene, note: Note, image: str, folder: Path) -> None:
    def make(what: str, body: ContainerCreateRequest, *, start: bool = True) -> str:
        made = recorder.call("ContainerCreate", name=recorder.name(what), body=body)
        scene.containers[what] = made.id
        note("ContainerDelete", made.id, force=True, v=True)
        if start:
            recorder.call("ContainerStart", made.id)
        return str(made.id)

    def simple(*command: str, **more: Any) -> ContainerCreateRequest:
        return ContainerCreateRequest(image=image, cmd=list(command), **more)

    make("rich", _rich(image, scene, folder))
    make("created", simple("sh"), start=False)
    make("tty", simple(tty=True, open_stdin=True, entrypoint=["sh", "-c", "echo hello; exec sleep 600"]))
    paused = make("paused", simple("sleep", "600"))
    recorder.call("ContainerPause", paused)
    exited = make("exited", simple("sh", "-c", "echo gone; exit 3"))
    recorder.call("ContainerWait", exited)
    sick = HealthConfig(test=["CMD", "false"], interval=50 * _MILLISECOND, retries=1)
    make("unhealthy", simple("sleep", "600", healthcheck=sick))
    restart = HostConfig(restart_policy=RestartPolicy(name="always"))
    make("restarting", simple("false", host_config=restart))
    if recorder.service == "docker":
        # Podman leaves the timer to systemd, which not every machine has.
        for what in ("unhealthy", "healthy"):
            name = scene.containers["rich" if what == "healthy" else what]
            until(f"{name} {what}", functools.partial(_is, recorder, name, what))


def _is(recorder: Recorder, name: str, health: str) -> bool:
    state = recorder.call("ContainerInspect", name).state
    return bool(state.health) and state.health.status == health


def _rich(image: str, scene: DockerScene, folder: Path) -> ContainerCreateRequest:
    """A container with as many options as one engine takes at once."""
    mounts = [
        Mount(
            type_="volume",
            source=scene.volume,
            target="/vol",
            volume_options=MountVolumeOptions(no_copy=True),
        ),
        Mount(type_="tmpfs", target="/tmpfs"),
    ]
    host = HostConfig(
        binds=[f"{folder}:/bound:ro"],
        mounts=mounts,
        port_bindings={
            "80/tcp": [PortBinding(host_ip="127.0.0.1", host_port="")],
            "53/udp": [PortBinding(host_port="")],
        },
        memory=64 * 1024 * 1024,
        nano_cpus=500_000_000,
        pids_limit=50,
        restart_policy=RestartPolicy(name="on-failure", maximum_retry_count=3),
        # Podman sets nproc, too, when any is given, and higher than this machine may permit.
        ulimits=[HostConfigUlimitsItem(name=name, soft=512, hard=1024) for name in ("nofile", "nproc")],
        cap_add=["NET_ADMIN"],
        cap_drop=["MKNOD"],
        dns=["127.0.0.1"],
        extra_hosts=["mole:127.0.0.1"],
        sysctls={"net.ipv4.ip_forward": "1"},
        log_config=HostConfigLogConfig(type_="json-file", config={"max-size": "1m"}),
        tmpfs={"/scratch": "size=1m"},
        devices=[
            DeviceMapping(path_on_host="/dev/null", path_in_container="/dev/nil", cgroup_permissions="r")
        ],
        shm_size=1024 * 1024,
        init=True,
    )
    return ContainerCreateRequest(
        image=image,
        cmd=["sh", "-c", _WORK],
        env=["TIDE=high"],
        labels={"quay": "north"},
        exposed_ports={"99/tcp": {}, "80/tcp": {}, "53/udp": {}},
        user="0:0",
        working_dir="/srv",
        stop_signal="SIGINT",
        stop_timeout=1,
        healthcheck=HealthConfig(test=["CMD", "true"], interval=50 * _MILLISECOND, retries=1),
        host_config=host,
        networking_config=NetworkingConfig(
            endpoints_config={scene.network: EndpointSettings(aliases=["wharf"])}
        ),
    )


def _images(recorder: Recorder, scene: DockerScene, note: Note, image: str) -> None:
    repository, _, tag = scene.image.rpartition(":")
    changes = {"Labels": {"quay": "north"}, "Cmd": ["sh"]}
    for comment in ("first", "second"):
        # The second takes the name, and leaves the first dangling.
        made = recorder.call(
            "ImageCommit",
            body=changes,
            container=scene.containers["exited"],
            repo=repository,
            tag=tag,
            comment=comment,
        )
        note("ImageDelete", made.id, force=True)
        scene.dangling = scene.dangling or made.id
    recorder.call("ImageTag", image, repo=repository, tag="other")
    note("ImageDelete", f"{repository}:other", force=True)


def _execs(recorder: Recorder, scene: DockerScene) -> None:
    for what, command in (
        ("running", ["sleep", "600"]),
        ("ended", ["sh", "-c", "exit 5"]),
        ("idle", ["true"]),
    ):
        body = {"Cmd": command, "AttachStdout": True, "AttachStderr": True, "Env": ["TIDE=low"]}
        made = recorder.call("ContainerExec", scene.containers["rich"], body=body)
        scene.execs[what] = made.id
        if what != "idle":
            # Podman sees the end only of what somebody is attached to.
            recorder.call("ExecStart", made.id, body={"Detach": what == "running", "Tty": False})
    until("the end of the exec", lambda: recorder.call("ExecInspect", scene.execs["ended"]).running is False)


def _swarm(recorder: Recorder, scene: DockerScene, note: Note, image: str) -> None:
    body = {"AdvertiseAddr": "127.0.0.1", "ListenAddr": "127.0.0.1:0", "ForceNewCluster": False}
    found = recorder.record("SwarmInit", body=body)
    if found.status_code != 503:  # it is part of a swarm already, which is then not ours to leave
        found.operation.parse_response(found)
        note("SwarmLeave", force=True)
    data = base64.b64encode(b"treasure").decode()
    for kind in ("Secret", "Config"):
        named = {"Name": recorder.name(kind.lower()), "Labels": {"quay": "north"}, "Data": data}
        scene.swarm[kind] = recorder.call(f"{kind}Create", body=named).id
        note(f"{kind}Delete", scene.swarm[kind])
    scene.swarm["Service"] = recorder.call("ServiceCreate", body=_service(recorder, scene, image)).id
    note("ServiceDelete", scene.swarm["Service"])
    until("an update of the service", lambda: _updated(recorder, scene))
    until("a running task", lambda: _running_task(recorder, scene))


def _service(recorder: Recorder, scene: DockerScene, image: str) -> dict[str, Any]:
    def mounted(kind: str) -> list[dict[str, Any]]:
        file = {"Name": kind, "UID": "0", "GID": "0", "Mode": 0o444}
        return [{"File": file, f"{kind}ID": scene.swarm[kind], f"{kind}Name": recorder.name(kind.lower())}]

    container = {
        "Image": image,
        "Command": ["sleep", "600"],
        "Secrets": mounted("Secret"),
        "Configs": mounted("Config"),
        "Healthcheck": {"Test": ["NONE"]},
        "Mounts": [{"Type": "tmpfs", "Target": "/tmpfs"}],
        "StopGracePeriod": _MILLISECOND,
    }
    template = {
        "ContainerSpec": container,
        "Resources": {"Limits": {"MemoryBytes": 64 * 1024 * 1024}},
        "RestartPolicy": {"Condition": "on-failure", "Delay": _MILLISECOND},
        "Placement": {
            "Constraints": ["node.role==manager"],
            "Preferences": [{"Spread": {"SpreadDescriptor": "node.id"}}],
        },
    }
    ports = [{"Protocol": "tcp", "TargetPort": 80, "PublishMode": "host"}]
    return {
        "Name": recorder.name("service"),
        "Labels": {"quay": "north"},
        "TaskTemplate": template,
        "Mode": {"Replicated": {"Replicas": 1}},
        "UpdateConfig": {"Parallelism": 1, "Delay": _MILLISECOND, "FailureAction": "rollback"},
        "EndpointSpec": {"Mode": "vip", "Ports": ports},
    }


def _updated(recorder: Recorder, scene: DockerScene) -> bool:
    """A change that needs no new task, after which the specification before it is told, too.

    The engine refuses it while it changes the service itself, so it may need asking twice.
    """
    service = recorder.call("ServiceInspect", scene.swarm["Service"])
    body = {**service.spec.to_dict(), "Labels": {"quay": "south"}}
    return recorder.record("ServiceUpdate", service.id, version=service.version.index, body=body).succeeded


def _running_task(recorder: Recorder, scene: DockerScene) -> bool:
    tasks = recorder.call("TaskList", filters={"service": [scene.swarm["Service"]]})
    running = [task.id for task in tasks if task.status.state == "running"]
    if running:
        scene.swarm["Task"] = running[0]
        scene.swarm["Node"] = recorder.call("NodeList")[0].id
    return bool(running)
