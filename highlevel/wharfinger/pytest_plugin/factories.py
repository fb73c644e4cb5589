"""What the fixtures are, for annotations: `def test_it(containers: ContainerFactory) -> None`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack, cast

from wharfinger.errors import ImageNotFound, WharfingerError

if TYPE_CHECKING:
    import os
    import re
    from collections.abc import Sequence

    from wharfinger import BuildOptions, Container, ContainerOptions, Image, Network, NetworkOptions
    from wharfinger.pytest_plugin.run import Run

_LINES = 200  # of each container in the report of a failure


class ContainerFactory:
    """Makes containers for tests; the fixtures `containers` and `session_containers`.

    Args:
        run: Which run of pytest they belong to.
        test: The id of the test; empty for all.
    """

    def __init__(self, run: Run, test: str) -> None:
        self._run = run
        self._made: list[Container] = []
        self._labels = run.labels(test)

    @property
    def labels(self) -> dict[str, str]:
        """Of each container; one that is made otherwise is removed after all tests if it has them, too."""
        return {**self._labels}

    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        wait_for_port: int | str | None = None,
        wait_for_log: str | bytes | re.Pattern[str] | re.Pattern[bytes] | None = None,
        wait_healthy: bool = False,
        ready_timeout: float | None = 60,
        **options: Unpack[ContainerOptions],
    ) -> Container:
        """Starts a container, and waits until it is ready.

        Args:
            image: Name or id of the image, which is pulled if it is missing.
            command: What to run; the image's own unless given.
            wait_for_port: Until something in it listens on this TCP port.
            wait_for_log: Until it writes a line that holds this.
            wait_healthy: Until its health check says so.
            ready_timeout: Seconds for each of these; None is no limit.
            **options: See ContainerOptions.

        Raises:
            ContainerNotReady: It has ended, or has not become ready in time.
            ImageNotFound, PullError: There is no such image.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        container = self.create(image, command, **options)
        container.start()
        container.reload()
        if wait_for_port is not None:
            container.wait_for_port(wait_for_port, timeout=ready_timeout)
        if wait_for_log is not None:
            container.wait_for_log(wait_for_log, timeout=ready_timeout)
        if wait_healthy:
            container.wait_healthy(timeout=ready_timeout)
        return container

    def create(
        self, image: str, command: str | Sequence[str] | None = None, **options: Unpack[ContainerOptions]
    ) -> Container:
        """Makes a container and does not start it.

        Args:
            image: Name or id of the image, which is pulled if it is missing.
            command: What to run; the image's own unless given.
            **options: See ContainerOptions.

        Raises:
            ImageNotFound, PullError: There is no such image.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        options["labels"] = _labelled(options.get("labels"), self._labels)
        client = self._run.client
        try:
            made = client.containers.create(image, command, **options)
        except ImageNotFound:
            client.images.pull(image, platform=options.get("platform"))
            made = client.containers.create(image, command, **options)
        self._made.append(made)
        return made

    def sections(self) -> list[tuple[str, str]]:
        """For the report of a failure: of each container how it is, and the last lines that it wrote."""
        return [_section(one, kept=self._run.keep) for one in self._made]

    def close(self, *, failed: bool) -> None:
        """Removes them, the latest first.

        Args:
            failed: The test has failed: with --keep-containers they stay.
        """
        if failed and self._run.keep:
            self._run.kept.update(one.id for one in self._made)
            return
        while self._made:
            self._run.remove(self._made.pop())


class NetworkFactory:
    """Makes networks for tests; the fixture `container_networks`.

    Args:
        run: Which run of pytest they belong to.
        test: The id of the test.
    """

    def __init__(self, run: Run, test: str) -> None:
        self._run = run
        self._made: list[Network] = []
        self._labels = run.labels(test)

    def create(self, name: str | None = None, **options: Unpack[NetworkOptions]) -> Network:
        """Makes a network.

        Args:
            name: What to call it; a name that nothing else has unless given.
            **options: See NetworkOptions.

        Raises:
            Conflict: There is one of this name, or its addresses are in use.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        options["labels"] = _labelled(options.get("labels"), self._labels)
        chosen = f"wharfinger-pytest-{secrets.token_hex(6)}" if name is None else name
        made = self._run.client.networks.create(chosen, **options)
        self._made.append(made)
        return made

    def close(self, *, failed: bool) -> None:
        """Removes them.

        Args:
            failed: The test has failed: with --keep-containers they stay.
        """
        if failed and self._run.keep:
            self._run.kept.update(one.id for one in self._made)
            return
        while self._made:
            self._run.remove_network(self._made.pop())


class ImageFactory:
    """Gets images for tests; the fixture `container_images`.

    Args:
        run: Which run of pytest they belong to.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def pull(self, name: str, *, always: bool = False, platform: str | None = None) -> Image:
        """An image, from its registry if it is missing; it stays.

        Args:
            name: Its name, with a tag or digest.
            always: Ask the registry even if there is one.
            platform: Such as "linux/arm64"; the engine's own unless given.

        Raises:
            PullError: It could not be got.
        """
        images = self._run.client.images
        if not always:
            try:
                return images.get(name)
            except ImageNotFound:
                pass
        return images.pull(name, platform=platform)

    def build(self, path: str | os.PathLike[str] | None = None, **options: Unpack[BuildOptions]) -> Image:
        """An image from a Dockerfile. Without `tag` it is removed after all tests; with one it stays.

        Args:
            path: The folder; see the images' `build`.
            **options: See BuildOptions.

        Raises:
            BuildError: The Dockerfile is wrong, or a step failed.
            NotSupported: The engine lacks an option.
            TypeError, ValueError: An option is unknown or wrong.
        """
        if not options.get("tag"):
            options["tag"] = self._run.name_image()
            options["labels"] = _labelled(options.get("labels"), self._run.image_labels)
        image, _ = self._run.client.images.build(path, **options)
        return image


def _labelled(given: Any, ours: Mapping[str, str]) -> Any:  # noqa: ANN401 - whichever way labels are given
    if given is None:
        return {**ours}
    if isinstance(given, Mapping):
        return {**cast("Mapping[str, Any]", given), **ours}
    if isinstance(given, list | tuple):
        return [*cast("list[Any]", given), *(f"{name}={value}" for name, value in ours.items())]
    # The engine's client says what is wrong with it.
    return given


def _section(container: Container, *, kept: bool) -> tuple[str, str]:
    try:
        container.reload()
        how = container.status if container.exit_code is None else f"{container.status} {container.exit_code}"
        told = container.logs(tail=_LINES).decode("utf-8", "replace")
    except WharfingerError as error:
        how, told = "unknown", f"it could not be asked what it wrote: {error}\n"
    title = f"container {container.name} of {container.image or '?'}: {how}"
    return f"{title}, kept" if kept else title, told
