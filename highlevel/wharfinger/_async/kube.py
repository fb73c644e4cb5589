"""Kubernetes' YAML: what Podman makes of it, and makes it of."""

from __future__ import annotations

from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, cast

import attrs

from wharfinger._async._primitives import complete, run_blocking
from wharfinger._async.container import AsyncContainer
from wharfinger._async.pod import AsyncPod
from wharfinger._core.container_facts import section
from wharfinger._core.credentials import Credentials
from wharfinger._core.human import parse_list, parse_text
from wharfinger._core.kube_contexts import play_archive
from wharfinger._core.kube_options import generate_options, kube_text, play_options
from wharfinger._core.registry_auth import RegistryAuth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.kube_options import GenerateKubeOptions, KubeSource, PlayOptions
    from wharfinger._core.operation import Content
    from wharfinger.types import KubePod, KubeReport


class AsyncKubeManager:
    """Plays Kubernetes' YAML, takes down what was played, and writes such YAML; `client.kube` of a Podman."""

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def play(self, source: KubeSource, **options: Unpack[PlayOptions]) -> KubeReport:
        """Makes pods, volumes and secrets of YAML, and starts the pods.

        What was made before a fault stays: `down` with the same YAML removes it. With `wait` that is done for you, once
        the pods were started.

        Args:
            source: The YAML's text, its path as a Path, an open file, or a mapping or a list of mappings that says the
                same, such as {"apiVersion": "v1", "kind": "Pod", …}.
            options: See PlayOptions.

        Raises:
            Conflict: There is a pod of such a name; or a container cannot be started.
            NotSupported: This version lacks an option; nothing was sent.
            TypeError, ValueError: The source is none, or an option is unknown or wrong; nothing was sent.
            OSError: The file, or a folder to build from, cannot be read; nothing was sent.
            APIError: The engine does not understand the YAML, or an image cannot be pulled or built.
        """
        given, login = play_options(options), options.get("auth_config")
        auth = None if login is None else Credentials(RegistryAuth.from_mapping(login))
        yaml = await _content(source)
        folders: dict[str, str] = given.get("build", {})
        body: Content = await run_blocking(partial(play_archive, yaml, folders)) if folders else yaml
        sent = {**given, "build": True} if folders else given
        played = await self._engine.call_slowly(lambda say: say.kube.play(body, sent, auth))
        return await self._seen_off(yaml, played) if given.get("wait") else played

    async def down(self, source: KubeSource, *, force: bool = False) -> KubeReport:
        """Removes what was made of YAML: its pods, and from Podman 4.9 on its secrets.

        Args:
            source: The YAML, as for `play`.
            force: Its volumes too (API 4.9.5).

        Raises:
            PodNotFound: A pod is not there (before Podman 4.9, which takes that for done).
            NotSupported: This version lacks force; nothing was sent.
            TypeError, ValueError: The source is none; nothing was sent.
            OSError: The file cannot be read; nothing was sent.
            APIError: The engine does not understand the YAML, or something could not be removed.
        """
        content = await _content(source)
        return await self._engine.call_slowly(lambda say: say.kube.down(content, force=force))

    async def _seen_off(self, yaml: bytes, played: KubeReport) -> KubeReport:
        codes: dict[str, int] = {}
        try:
            for pod in played.pods:
                codes |= await self._end_of(pod)
        finally:
            gone = await complete(partial(self.down, yaml, force=True))
        return attrs.evolve(
            played,
            exit_codes=codes,
            stopped=gone.stopped,
            removed=gone.removed,
            removed_volumes=gone.removed_volumes,
            removed_secrets=gone.removed_secrets,
        )

    async def _end_of(self, pod: KubePod) -> dict[str, int]:
        found = await self._engine.call(lambda say: say.pods.inspect(pod.id))
        # It ends with the last of the others: one that ends may be started again, as the YAML says.
        infra = str(found["InfraContainerID"])
        await self._engine.call_slowly(lambda say: say.containers.wait(infra, None, None))
        return {id: await self._code_of(id) for id in pod.containers}

    async def _code_of(self, container: str) -> int:
        found = await self._engine.call(lambda say: say.containers.inspect(container))
        return int(section(found, "State").get("ExitCode") or 0)

    async def generate(
        self,
        names: str | AsyncContainer | AsyncPod | Sequence[str | AsyncContainer | AsyncPod],
        **options: Unpack[GenerateKubeOptions],
    ) -> str:
        """YAML that describes containers, pods and volumes.

        Args:
            names: Which: names, ids, containers or pods. Containers that are in no pod are put together in one.
            options: See GenerateKubeOptions.

        Returns:
            The YAML's text.

        Raises:
            NotFound: One of them is not there.
            Conflict: One is a container in a pod: name the pod.
            NotSupported: This version lacks an option; nothing was sent.
            TypeError, ValueError: Nothing is named, or an option is unknown or wrong; nothing was sent.
        """
        given, which = generate_options(options), _names(names)
        return await self._engine.call(lambda say: say.kube.generate(which, given, None))

    async def apply(
        self,
        source: KubeSource,
        *,
        kubeconfig: str | PathLike[str],
        ca_cert_file: str | PathLike[str] | None = None,
        namespace: str | None = None,
    ) -> None:
        """Has the engine make what YAML describes on a Kubernetes cluster (API 4.9.5).

        Args:
            source: The YAML, as for `play`.
            kubeconfig: Path on the engine's machine of the file that says where the cluster is.
            ca_cert_file: Path on the engine's machine of the certificate that the cluster's is held against, where
                kubeconfig has none; "insecure" for no check at all.
            namespace: The namespace that gets it; "default" unless given.

        Raises:
            NotSupported: This version cannot do it; nothing was sent.
            TypeError, ValueError: The source is none; nothing was sent.
            OSError: The file cannot be read; nothing was sent.
            APIError: The engine cannot reach the cluster, or that refuses it.
        """
        content = await _content(source)
        certificate = None if ca_cert_file is None else fspath(ca_cert_file)
        await self._engine.call_slowly(
            lambda say: say.kube.apply(
                content, kubeconfig=fspath(kubeconfig), ca_cert_file=certificate, namespace=namespace
            )
        )


async def _content(source: object) -> bytes:
    if isinstance(source, PathLike):
        path = Path(fspath(cast("PathLike[str]", source)))
        return kube_text(await run_blocking(path.read_bytes))
    read: Callable[[], object] | None = getattr(source, "read", None)
    return kube_text(source if read is None else await run_blocking(read))


def _names(given: object) -> list[str]:
    one = isinstance(given, str | AsyncContainer | AsyncPod)
    listed = [given] if one else parse_list("names", given, "['web', 'db']")
    if not listed:
        raise ValueError("names is empty, expected containers or pods to describe")
    return [
        item.id if isinstance(item, AsyncContainer | AsyncPod) else parse_text("one of names", item)
        for item in listed
    ]
