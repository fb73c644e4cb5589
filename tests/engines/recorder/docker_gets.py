"""Every GET (and HEAD) operation of the `docker` bindings, and what it is called with in a scene."""

import time
from collections.abc import Mapping
from typing import Any

from tests.engines.recorder.docker_scene import DockerScene

# One call: positional arguments and keywords.
Call = tuple[tuple[object, ...], Mapping[str, Any]]

_EVERYWHERE: Mapping[str, str] = {
    "ContainerAttachWebsocket": "answers only to a websocket's upgrade; there is no reply to parse",
    "ImageAttestations": "newer than API 1.41, which the engines of the tests speak",
    "GetPluginPrivileges": "needs a plugin in a registry, which no program of this machine can make",
    "PluginInspect": "needs an installed plugin, which has to come from a registry",
}
_SWARM = [
    "ConfigList",
    "ConfigInspect",
    "NodeList",
    "NodeInspect",
    "SecretList",
    "SecretInspect",
    "ServiceList",
    "ServiceInspect",
    "ServiceLogs",
    "SwarmInspect",
    "SwarmUnlockkey",
    "TaskList",
    "TaskInspect",
    "TaskLogs",
]
UNREACHED: Mapping[str, str] = {
    **_EVERYWHERE,
    "ImageSearch": "Docker searches registries of the old kind only, and none can be had on this machine",
}
UNREACHED_ON_PODMAN: Mapping[str, str] = {
    **_EVERYWHERE,
    **dict.fromkeys(_SWARM, "Podman has no swarm"),
    "PluginList": "Podman has no managed plugins",
    "DistributionInspect": "Podman does not route it",
}


def call(*arguments: object, **named: Any) -> Call:
    """One call, as it would be written."""
    return arguments, named


def docker_gets(scene: DockerScene, registry_image: str) -> dict[str, list[Call]]:
    """What to call in this scene: operationId to calls."""
    return {
        **_of_containers(scene),
        **_of_objects(scene, registry_image),
        **_of_system(scene),
        **(_of_swarm(scene) if scene.swarm else {}),
    }


def _of_containers(scene: DockerScene) -> dict[str, list[Call]]:
    ids = scene.containers
    running = [ids[what] for what in ("rich", "tty")]
    return {
        "ContainerList": [
            call(all_=True, size=True),
            call(filters={"label": ["quay=north"]}),
            call(limit=1, all_=True),
        ],
        "ContainerInspect": [call(i, size=True) for i in ids.values()],
        "ContainerTop": [*(call(i) for i in running), call(ids["rich"], ps_args="-o pid,args")],
        "ContainerChanges": [call(ids["rich"]), call(ids["created"])],
        "ContainerLogs": [
            call(i, stdout=True, stderr=True, timestamps=True) for i in (*running, ids["exited"])
        ],
        "ContainerStats": [call(i, stream=False) for i in (*running, ids["exited"])],
        "ContainerArchive": [call(ids["rich"], path="/srv")],
        "ContainerArchiveInfo": [call(ids["rich"], path="/srv")],
        "ContainerExport": [call(ids["created"])],
        "ExecInspect": [call(i) for i in scene.execs.values()],
    }


def _of_objects(scene: DockerScene, registry_image: str) -> dict[str, list[Call]]:
    return {
        "ImageList": [
            call(),
            call(all_=True, digests=True, shared_size=True),
            call(filters={"dangling": ["true"]}),
        ],
        "ImageInspect": [call(scene.image), call(scene.dangling)],
        "ImageHistory": [call(scene.image)],
        "ImageSearch": [call(term=registry_image.rpartition(":")[0], limit=1)],
        "ImageGet": [call(scene.image)],
        "ImageGetAll": [call(names=[scene.image])],
        "DistributionInspect": [call(registry_image)],
        "NetworkList": [call(), call(filters={"driver": ["bridge"]})],
        "NetworkInspect": [call(scene.network), call(scene.network, verbose=True)],
        "VolumeList": [call(), call(filters={"label": ["quay"]})],
        "VolumeInspect": [call(scene.volume)],
        "PluginList": [call()],
    }


def _of_system(scene: DockerScene) -> dict[str, list[Call]]:
    since, until = str(int(scene.started) - 1), str(int(time.time()) + 2)
    return {
        "SystemPing": [call()],
        "SystemPingHead": [call()],
        "SystemVersion": [call()],
        "SystemInfo": [call()],
        "SystemDataUsage": [call()],
        "SystemEvents": [call(since=since, until=until)],
    }


def _of_swarm(scene: DockerScene) -> dict[str, list[Call]]:
    made = scene.swarm
    return {
        "SwarmInspect": [call()],
        "SwarmUnlockkey": [call()],
        "NodeList": [call()],
        "NodeInspect": [call(made["Node"])],
        "ServiceList": [call(status=True)],
        "ServiceInspect": [call(made["Service"]), call(made["Service"], insert_defaults=True)],
        "ServiceLogs": [call(made["Service"], stdout=True, stderr=True)],
        "TaskList": [call()],
        "TaskInspect": [call(made["Task"])],
        "TaskLogs": [call(made["Task"], stdout=True)],
        "SecretList": [call()],
        "SecretInspect": [call(made["Secret"])],
        "ConfigList": [call()],
        "ConfigInspect": [call(made["Config"])],
    }
