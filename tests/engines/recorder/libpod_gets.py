"""Every GET (and HEAD) operation of the `libpod` bindings, and what it is called with in a scene."""

import time
from collections.abc import Mapping

from tests.engines.recorder.docker_gets import Call, call
from tests.engines.recorder.libpod_scene import LibpodScene

_NEWER = "newer than the Podman of the tests (4.3.1), which does not route it"
UNREACHED: Mapping[str, str] = dict.fromkeys(
    [
        "ArtifactListLibpod",
        "ArtifactExtractLibpod",
        "ArtifactInspectLibpod",
        "QuadletListLibpod",
        "QuadletExistsLibpod",
        "QuadletFileLibpod",
        "ImageResolveLibpod",
        "VolumeExportLibpod",
        "SecretExistsLibpod",
    ],
    _NEWER,
)


def libpod_gets(scene: LibpodScene, registry_image: str) -> dict[str, list[Call]]:
    """What to call in this scene: operationId to calls."""
    return {
        **_of_containers(scene),
        **_of_pods(scene),
        **_of_images(scene, registry_image),
        **_of_objects(scene),
        **_of_system(scene),
    }


def _of_containers(scene: LibpodScene) -> dict[str, list[Call]]:
    ids = scene.containers
    rich = ids["rich"]
    running = [rich, ids["tty"]]
    return {
        "ContainerListLibpod": [
            call(all_=True, size=True, namespace=True),
            call(all_=True, sync=True),
            call(filters={"label": ["quay=north"]}),
            call(limit=1),
        ],
        "ContainerInspectLibpod": [call(i, size=True) for i in ids.values()],
        "ContainerExistsLibpod": [call(rich)],
        "ContainerTopLibpod": [
            *(call(i, stream=False) for i in running),
            call(rich, stream=False, ps_args=["pid", "args"]),
        ],
        "ContainerChangesLibpod": [call(rich), call(ids["created"])],
        "ContainerLogsLibpod": [
            call(i, stdout=True, stderr=True, timestamps=True) for i in (*running, ids["exited"])
        ],
        "ContainerStatsLibpod": [call(i, stream=False) for i in (*running, ids["exited"])],
        "ContainersStatsAllLibpod": [call(stream=False), call(stream=False, containers=running)],
        "ContainerHealthcheckLibpod": [call(rich), call(ids["unhealthy"])],
        "ContainerArchiveLibpod": [call(rich, path="/srv")],
        "ContainerArchiveInfoLibpod": [call(rich, path="/srv")],
        "ContainerExportLibpod": [call(ids["created"])],
        "ContainerShowMountedLibpod": [call()],
        "GenerateKubeLibpod": [call(names=[ids["tty"]], service=True), call(names=[scene.pod])],
        "GenerateSystemdLibpod": [call(ids["tty"], use_name=True), call(scene.pod, new=False)],
        "ExecInspectLibpod": [call(i) for i in scene.execs.values()],
    }


def _of_pods(scene: LibpodScene) -> dict[str, list[Call]]:
    return {
        "PodListLibpod": [call(), call(filters={"label": ["quay=north"]})],
        "PodInspectLibpod": [call(scene.pod), call(scene.kube)],
        "PodExistsLibpod": [call(scene.pod)],
        "PodTopLibpod": [call(scene.pod, stream=False)],
        "PodStatsAllLibpod": [call(), call(names_or_ids=[scene.pod])],
    }


def _of_images(scene: LibpodScene, registry_image: str) -> dict[str, list[Call]]:
    return {
        "ImageListLibpod": [call(), call(all_=True), call(filters={"dangling": ["true"]})],
        "ImageInspectLibpod": [call(scene.image), call(scene.dangling), call(scene.manifest)],
        "ImageExistsLibpod": [call(scene.image)],
        "ImageHistoryLibpod": [call(scene.image)],
        "ImageTreeLibpod": [call(scene.image, whatrequires=True)],
        "ImageChangesLibpod": [call(scene.image, diff_type="all")],
        "ImageGetLibpod": [call(scene.image, format_="docker-archive")],
        "ImageExportLibpod": [call(references=[scene.image], format_="docker-archive")],
        "ImageSearchLibpod": [call(term=registry_image.rpartition(":")[0], limit=1)],
        "ManifestExistsLibpod": [call(scene.manifest)],
        "ManifestInspectLibpod": [call(scene.manifest)],
    }


def _of_objects(scene: LibpodScene) -> dict[str, list[Call]]:
    return {
        "NetworkListLibpod": [call(), call(filters={"driver": ["bridge"]})],
        "NetworkInspectLibpod": [call(scene.network)],
        "NetworkExistsLibpod": [call(scene.network)],
        "VolumeListLibpod": [call(), call(filters={"label": ["quay"]})],
        "VolumeInspectLibpod": [call(scene.volume)],
        "VolumeExistsLibpod": [call(scene.volume)],
        "SecretListLibpod": [call()],
        "SecretInspectLibpod": [call(scene.secret)],
    }


def _of_system(scene: LibpodScene) -> dict[str, list[Call]]:
    since, until = str(int(scene.started) - 1), str(int(time.time()) + 2)
    return {
        "SystemPing": [call()],
        "SystemVersionLibpod": [call()],
        "SystemInfoLibpod": [call()],
        "SystemDataUsageLibpod": [call()],
        "SystemEventsLibpod": [call(since=since, until=until, stream=False), call(since=since, stream=False)],
    }
