"""One container: its health, and what describes it for Kubernetes and systemd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.container_state import AsyncContainerState
from wharfinger._core import container_facts as facts
from wharfinger._core.kube_options import generate_options, systemd_options

if TYPE_CHECKING:
    from typing import Unpack

    from wharfinger._core.kube_options import GenerateKubeOptions, SystemdOptions
    from wharfinger.types import Health


class AsyncContainerUnits(AsyncContainerState):
    """The verbs that Podman alone has."""

    async def run_healthcheck(self) -> Health:
        """Runs its health check now, and asks for its facts of then, as `reload` does (Podman).

        Returns:
            What this check told, and the log of the last ones. The container's own `health` counts retries too.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It has no health check, or is not running.
            NotSupported: The engine is Docker; nothing was sent.
        """
        status = await self._engine.call_slowly(lambda say: say.kube.healthcheck(self.id))
        await self.reload()
        return facts.health_report(status, self._attrs)

    async def generate_kube(self, **options: Unpack[GenerateKubeOptions]) -> str:
        """Kubernetes' YAML that describes it, for `client.kube.play` or a cluster (Podman).

        Args:
            options: See GenerateKubeOptions.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is in a pod: describe that.
            NotSupported: The engine is Docker, or this version lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        given = generate_options(options)
        return await self._engine.call(lambda say: say.kube.generate([self.id], given, "container"))

    async def generate_systemd(self, **options: Unpack[SystemdOptions]) -> dict[str, str]:
        """A unit for systemd that runs it (Podman, which advises quadlets instead).

        Args:
            options: See SystemdOptions.

        Returns:
            The text of the unit, by its name without ".service".

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine is Docker; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
            APIError: new=True, and it was not made by a command that Podman knows.
        """
        given = systemd_options(options)
        return await self._engine.call(lambda say: say.kube.systemd(self.id, given, "container"))
