"""One pod of Podman."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from wharfinger._async.pod_logs import AsyncPodLogs
from wharfinger._async.pod_stats import open_readings
from wharfinger._async.streams import AsyncStream
from wharfinger._core.kube_options import generate_options, systemd_options
from wharfinger._core.stream_decoders import JSONValues

if TYPE_CHECKING:
    from typing import Unpack

    from wharfinger._core.kube_options import GenerateKubeOptions, SystemdOptions
    from wharfinger.types import PodStats


class AsyncPod(AsyncPodLogs):
    """A pod: containers that live together and share namespaces (Podman).

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    async def start(self) -> bool:
        """Starts its containers; False when all were running already.

        Raises:
            PodNotFound: It is gone.
            Conflict: Some containers cannot be started; the others run.
            APIError: It has no container at all.
        """
        return await self._engine.call_slowly(lambda say: say.pods.start(self.id))

    async def stop(self, timeout: int | None = None) -> bool:
        """Stops its containers; False when none was running.

        Args:
            timeout: Seconds that each gets to end by itself; its own setting unless given.

        Raises:
            PodNotFound: It is gone.
            Conflict: Some containers cannot be stopped.
            TypeError, ValueError: The timeout is none; nothing was sent.
        """
        return await self._engine.call_slowly(lambda say: say.pods.stop(self.id, timeout))

    async def restart(self) -> None:
        """Stops the containers that run, and starts all.

        Raises:
            PodNotFound: It is gone.
            Conflict: Some containers cannot be started; the others run.
            APIError: It has no container at all.
        """
        await self._engine.call_slowly(lambda say: say.pods.restart(self.id))

    async def kill(self, signal: str | int | None = None) -> None:
        """Sends the main processes of its containers a signal.

        Args:
            signal: A name or number; SIGKILL unless given.

        Raises:
            PodNotFound: It is gone.
            Conflict: None of its containers runs.
            TypeError, ValueError: There is no such signal; nothing was sent.
        """
        await self._engine.call_slowly(lambda say: say.pods.kill(self.id, signal))

    async def pause(self) -> None:
        """Freezes all processes of its containers that run.

        Raises:
            PodNotFound: It is gone.
            Conflict: Some containers cannot be paused.
        """
        await self._engine.call_slowly(lambda say: say.pods.pause(self.id))

    async def unpause(self) -> None:
        """Lets the processes of its containers go on.

        Raises:
            PodNotFound: It is gone.
            Conflict: Some containers cannot go on.
        """
        await self._engine.call_slowly(lambda say: say.pods.unpause(self.id))

    @overload
    async def top(self, *, ps_args: str | None = None, stream: Literal[False] = False) -> dict[str, Any]: ...

    @overload
    async def top(
        self, *, ps_args: str | None = None, stream: Literal[True], delay: int | None = None
    ) -> AsyncStream[dict[str, Any]]: ...

    async def top(
        self, *, ps_args: str | None = None, stream: bool = False, delay: int | None = None
    ) -> dict[str, Any] | AsyncStream[dict[str, Any]]:
        """The processes of all its containers.

        Args:
            ps_args: Names of columns, such as "pid user"; the engine chooses unless given.
            stream: Go on with newer ones until the pod ends.
            delay: With stream: seconds between them, 5 unless given.

        Returns:
            {"Titles": ["PID", …], "Processes": [["1", …], …]}

        Raises:
            PodNotFound: It is gone.
            Conflict: It is not running, or there is no such column.
            ValueError: delay without a stream, or below 1; nothing was sent.
        """
        words = shlex.split(ps_args or "")
        if delay is not None and (not stream or delay < 1):
            raise ValueError(f"delay={delay}, stream={stream}: expected seconds from 1, with stream=True")
        # What is wrong with the arguments or the pod, the stream would not tell: it just ends.
        found = await self._engine.call(lambda say: say.pods.top(self.id, words))
        if not stream:
            return found
        source = await self._engine.open(lambda say: say.pods.top(self.id, words, stream=True, delay=delay))
        return AsyncStream(source, JSONValues[dict[str, Any]](dict))

    @overload
    async def stats(self, *, stream: Literal[True] = True) -> AsyncStream[PodStats]: ...

    @overload
    async def stats(self, *, stream: Literal[False]) -> PodStatsList: ...

    async def stats(self, *, stream: bool = True) -> AsyncStream[PodStats] | PodStatsList:
        """What its containers use of processor, memory, networks and disks; one request.

        For exact numbers and rates give its `containers` to `client.containers.stats`.

        Args:
            stream: Give readings every five seconds or so until the pod is gone, instead of one of each container.

        Raises:
            PodNotFound: It is gone.
        """
        if not stream:
            return await self._engine.call_slowly(
                lambda say: say.pods.stats([self.id], all=False, stream=False)
            )
        return await open_readings(self._engine, [self.id], all=False)

    async def generate_kube(self, **options: Unpack[GenerateKubeOptions]) -> str:
        """Kubernetes' YAML that describes it, for `client.kube.play` or a cluster.

        Args:
            options: See GenerateKubeOptions.

        Raises:
            PodNotFound: It is gone.
            NotSupported: This version lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        given = generate_options(options)
        return await self._engine.call(lambda say: say.kube.generate([self.id], given, "pod"))

    async def generate_systemd(self, **options: Unpack[SystemdOptions]) -> dict[str, str]:
        """Units for systemd that run it and its containers; Podman advises quadlets instead.

        Args:
            options: See SystemdOptions.

        Returns:
            The text of each unit, by its name without ".service".

        Raises:
            PodNotFound: It is gone.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
            APIError: It has no infra container, or new=True and it was not made by a command that Podman knows.
        """
        given = systemd_options(options)
        return await self._engine.call(lambda say: say.kube.systemd(self.id, given, "pod"))

    async def remove(self, *, force: bool = False, timeout: int | None = None) -> None:
        """Removes it, and its containers.

        Args:
            force: Even while they run.
            timeout: With force: seconds that each container gets to end by itself; its own setting unless given.

        Raises:
            PodNotFound: It is gone already.
            Conflict: A container runs.
            TypeError, ValueError: timeout is none, or given without force; nothing was sent.
        """
        await self._engine.call_slowly(lambda say: say.pods.remove(self.id, force=force, timeout=timeout))


# Beside a method called list, that name no longer means the type.
AsyncPodList: TypeAlias = list[AsyncPod]
PodStatsList: TypeAlias = "list[PodStats]"
