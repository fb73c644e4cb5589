"""What a type checker knows of pods and Kubernetes' YAML; see public_types.py."""

from pathlib import Path
from typing import Any, assert_type

from wharfinger import (
    AsyncContainer,
    AsyncKubeManager,
    AsyncPod,
    AsyncPodmanClient,
    AsyncPodsManager,
    AsyncStream,
    Container,
    DockerClient,
    KubeManager,
    Pod,
    PodmanClient,
    PodsManager,
    PodsPruneReport,
    Stream,
)
from wharfinger.types import Health, KubeReport, LogFrame, PodStats


def of_podman_alone(docker: DockerClient) -> None:
    docker.pods  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018 - the claim is that it is not there
    docker.kube  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018 - likewise


def managed(client: PodmanClient) -> None:
    assert_type(client.pods, PodsManager)
    assert_type(client.kube, KubeManager)
    pod = client.pods.create(
        "a", labels={"b": "c"}, ports={80: 8080}, mem_limit="1g", shared_namespaces=["net"]
    )
    assert_type(pod, Pod)
    assert_type(client.pods.get("a"), Pod)
    assert_type(client.pods.list({"name": "a"}), list[Pod])
    assert_type(client.pods.exists("a"), bool)
    assert_type(client.pods.prune(), PodsPruneReport)
    assert_type(client.pods.stats(), list[PodStats])
    assert_type(client.pods.stats(["a", pod], stream=True), Stream[PodStats])
    client.pods.create("a", lables={})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.pods.create("a", ports=80.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def modelled(pod: Pod, container: Container) -> None:
    assert_type(pod.containers, list[Container])
    assert_type(pod.start(), bool)
    assert_type(pod.stop(1), bool)
    assert_type(pod.top(), dict[str, Any])
    assert_type(pod.top(stream=True, delay=1), Stream[dict[str, Any]])
    assert_type(pod.stats(), Stream[PodStats])
    assert_type(pod.stats(stream=False), list[PodStats])
    assert_type(pod.logs(), list[tuple[str, LogFrame]])
    assert_type(pod.logs(stream=True, follow=False), Stream[tuple[str, LogFrame]])
    assert_type(pod.generate_kube(type="deployment", replicas=2), str)
    assert_type(pod.generate_systemd(use_name=True), dict[str, str])
    assert_type(container.generate_kube(), str)
    assert_type(container.generate_systemd(restart_policy="always"), dict[str, str])
    assert_type(container.run_healthcheck(), Health)
    pod.logs(follow=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def described(kube: KubeManager, pod: Pod, container: Container) -> None:
    assert_type(kube.play("a: b"), KubeReport)
    assert_type(kube.play(Path("a"), replace=True, publish_ports=["8080:80"]), KubeReport)
    assert_type(kube.play({"kind": "Pod"}), KubeReport)
    assert_type(kube.play([{"kind": "Pod"}, {"kind": "Secret"}]), KubeReport)
    assert_type(kube.down(b"a: b", force=True), KubeReport)
    assert_type(kube.generate(["a", pod, container], service=True), str)
    kube.apply("a: b", kubeconfig=Path("c"), namespace="d")
    kube.play(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    kube.generate("a", type="cron")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def awaited(client: AsyncPodmanClient, container: AsyncContainer) -> None:
    assert_type(client.pods, AsyncPodsManager)
    assert_type(client.kube, AsyncKubeManager)
    pod = await client.pods.create()
    assert_type(pod, AsyncPod)
    assert_type(pod.containers, list[AsyncContainer])
    assert_type(await pod.stats(), AsyncStream[PodStats])
    assert_type(await pod.logs(stream=True), AsyncStream[tuple[str, LogFrame]])
    assert_type(await client.kube.play("a: b", no_hosts=True), KubeReport)
    assert_type(await container.run_healthcheck(), Health)
