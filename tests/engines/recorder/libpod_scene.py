"""Podman in a rich state: containers in every state, pods, networks, volumes, images, manifests, secrets, kube."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import attrs

from tests.engines.recorder.recorder import Recorder, taken_down, until
from wharfinger_api.libpod.models import (
    LinuxCPU,
    LinuxMemory,
    LinuxPids,
    LinuxResources,
    NamedVolume,
    Namespace,
    OCIMount,
    PerNetworkOptions,
    PodSpecGenerator,
    PortMapping,
    POSIXRlimit,
    Schema2HealthConfig,
    Secret,
    SpecGenerator,
)

_SECOND = 1_000_000_000
_WORK = "echo out; echo err >&2; echo new >/srv/new; rm /etc/group; exec sleep 600"
_KUBE = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  labels: {{quay: north}}
spec:
  containers:
    - name: sleeper
      image: {image}
      command: [sleep, "600"]
"""

Note = Callable[..., None]


@attrs.define
class LibpodScene:
    """The names and ids of what was made."""

    started: float
    network: str
    volume: str
    secret: str
    manifest: str
    image: str
    pod: str = ""
    kube: str = ""
    dangling: str = ""
    containers: dict[str, str] = attrs.field(factory=dict[str, str])
    execs: dict[str, str] = attrs.field(factory=dict[str, str])


@contextlib.contextmanager
def libpod_scene(recorder: Recorder, image: str) -> Generator[LibpodScene]:
    """Make the state with the `libpod` bindings, and take it down again."""
    with tempfile.TemporaryDirectory(prefix="rec-") as folder, taken_down(recorder) as note:
        scene = LibpodScene(
            started=time.time(),
            network=recorder.name("net"),
            volume=recorder.name("vol"),
            secret=recorder.name("secret"),
            manifest=f"localhost/{recorder.name('manifest')}:1",
            image=f"localhost/{recorder.name('img')}:1",
        )
        _objects(recorder, scene, note)
        _containers(recorder, scene, note, image, Path(folder))
        _pods(recorder, scene, note, image)
        _images(recorder, scene, note, image)
        _execs(recorder, scene)
        yield scene


def _objects(recorder: Recorder, scene: LibpodScene, note: Note) -> None:
    subnet = recorder.subnet
    network = {
        "name": scene.network,
        "driver": "bridge",
        "subnets": [{"subnet": f"{subnet}.0/24", "gateway": f"{subnet}.1"}],
        "labels": {"quay": "north"},
    }
    recorder.call("NetworkCreateLibpod", body=network)
    note("NetworkDeleteLibpod", scene.network, force=True)
    recorder.call("VolumeCreateLibpod", body={"Name": scene.volume, "Label": {"quay": "north"}})
    note("VolumeDeleteLibpod", scene.volume, force=True)
    recorder.call("SecretCreateLibpod", name=scene.secret, body=b"treasure")
    note("SecretDeleteLibpod", scene.secret)


def _containers(recorder: Recorder, scene: LibpodScene, note: Note, image: str, folder: Path) -> None:
    def make(what: str, body: SpecGenerator, *, start: bool = True) -> str:
        body.name = recorder.name(what)
        made = recorder.call("ContainerCreateLibpod", body=body)
        scene.containers[what] = made.id
        note("ContainerDeleteLibpod", made.id, force=True, timeout=0, volumes=True)
        if start:
            recorder.call("ContainerStartLibpod", made.id)
        return str(made.id)

    def simple(*command: str, **more: Any) -> SpecGenerator:
        return SpecGenerator(image=image, command=list(command), **more)

    make("rich", _rich(image, scene, folder))
    make("created", simple("sh"), start=False)
    initialized = make("initialized", simple("sh"), start=False)
    recorder.call("ContainerInitLibpod", initialized)
    make("tty", simple("sh", "-c", "echo hello; exec sleep 600", terminal=True, stdin=True))
    paused = make("paused", simple("sleep", "600"))
    recorder.call("ContainerPauseLibpod", paused)
    exited = make("exited", simple("sh", "-c", "echo gone; exit 3"))
    recorder.call("ContainerWaitLibpod", exited)
    sick = Schema2HealthConfig(test=["CMD", "false"], interval=600 * _SECOND, timeout=_SECOND, retries=1)
    unhealthy = make("unhealthy", simple("sleep", "600", healthconfig=sick))
    # The timer is systemd's, which not every machine has: the checks are run by hand.
    for name in (scene.containers["rich"], unhealthy):
        recorder.call("ContainerHealthcheckLibpod", name)


def _rich(image: str, scene: LibpodScene, folder: Path) -> SpecGenerator:
    """A container with as many options as one engine takes at once."""
    mounts = [
        OCIMount(destination="/bound", type_="bind", source=str(folder), options=["ro", "rbind"]),
        OCIMount(destination="/tmpfs", type_="tmpfs", source="tmpfs", options=["size=1m"]),
    ]
    ports = [
        PortMapping(container_port=80, host_ip="127.0.0.1", protocol="tcp"),
        PortMapping(container_port=53, protocol="udp"),
    ]
    healthy = Schema2HealthConfig(test=["CMD", "true"], interval=600 * _SECOND, timeout=_SECOND, retries=1)
    limits = LinuxResources(
        memory=LinuxMemory(limit=64 * 1024 * 1024), pids=LinuxPids(limit=50), cpu=LinuxCPU(shares=512)
    )
    return SpecGenerator(
        image=image,
        command=["sh", "-c", _WORK],
        env={"TIDE": "high"},
        labels={"quay": "north"},
        annotations={"quay": "south"},
        mounts=mounts,
        volumes=[NamedVolume(name=scene.volume, dest="/vol")],
        portmappings=ports,
        expose={"99": "tcp"},
        netns=Namespace(nsmode="bridge"),
        networks={scene.network: PerNetworkOptions(aliases=["wharf"])},
        healthconfig=healthy,
        resource_limits=limits,
        # Podman sets nproc, too, when any is given, and higher than this machine may permit.
        r_limits=[POSIXRlimit(type_=name, soft=512, hard=1024) for name in ("nofile", "nproc")],
        restart_policy="on-failure",
        restart_tries=3,
        cap_add=["NET_ADMIN"],
        cap_drop=["MKNOD"],
        dns_server=["127.0.0.1"],
        hostadd=["mole:127.0.0.1"],
        sysctl={"net.ipv4.ip_forward": "1"},
        secrets=[Secret(source=scene.secret, target="treasure", mode=0o444)],
        user="0:0",
        work_dir="/srv",
        stop_signal=2,
        stop_timeout=1,
    )


def _pods(recorder: Recorder, scene: LibpodScene, note: Note, image: str) -> None:
    ports = [PortMapping(container_port=81, host_ip="127.0.0.1", protocol="tcp")]
    spec = PodSpecGenerator(name=recorder.name("pod"), labels={"quay": "north"}, portmappings=ports)
    scene.pod = recorder.call("PodCreateLibpod", body=spec).id
    note("PodDeleteLibpod", scene.pod, force=True)
    note("PodKillLibpod", scene.pod, signal="KILL")
    sleeper = SpecGenerator(
        name=recorder.name("in-pod"), image=image, command=["sleep", "600"], pod=scene.pod
    )
    sleeper.stop_timeout = 0
    scene.containers["in-pod"] = recorder.call("ContainerCreateLibpod", body=sleeper).id
    recorder.call("PodStartLibpod", scene.pod)
    scene.kube = recorder.name("kube")
    text = _KUBE.format(name=scene.kube, image=image).encode()
    note("PodDeleteLibpod", scene.kube, force=True)
    note("PodKillLibpod", scene.kube, signal="KILL")
    recorder.call("PlayKubeLibpod", body=text)


def _images(recorder: Recorder, scene: LibpodScene, note: Note, image: str) -> None:
    repository, _, tag = scene.image.rpartition(":")
    for comment in ("first", "second"):
        # The second takes the name, and leaves the first dangling.
        made = recorder.call(
            "ImageCommitLibpod",
            container=scene.containers["exited"],
            repo=repository,
            tag=tag,
            comment=comment,
            format_="docker",
            changes=["LABEL quay=north"],
        )
        note("ImageDeleteLibpod", made.id, force=True)
        scene.dangling = scene.dangling or made.id
    recorder.call("ImageTagLibpod", image, repo=repository, tag="other")
    note("ImageUntagLibpod", image, repo=repository, tag="other")
    note("ManifestDeleteLibpod", scene.manifest)
    recorder.call("ManifestCreateLibpod", scene.manifest, images=[f"containers-storage:{image}"])


def _execs(recorder: Recorder, scene: LibpodScene) -> None:
    for what, command in (
        ("running", ["sleep", "600"]),
        ("ended", ["sh", "-c", "exit 5"]),
        ("idle", ["true"]),
    ):
        body = {"Cmd": command, "AttachStdout": True, "AttachStderr": True, "Env": ["TIDE=low"]}
        made = recorder.call("ContainerExecLibpod", scene.containers["rich"], body=body)
        scene.execs[what] = made.id
        if what != "idle":
            # Podman sees the end only of what somebody is attached to.
            recorder.call("ExecStartLibpod", made.id, body={"Detach": what == "running", "Tty": False})
    ended = scene.execs["ended"]
    until("the end of the exec", lambda: recorder.call("ExecInspectLibpod", ended).running is False)
