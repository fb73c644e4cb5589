"""One run of pytest, or one worker of it: its labels, and the clearing up by them."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Self

from wharfinger.errors import Conflict, ContainerNotFound, ImageNotFound, NetworkNotFound
from wharfinger.pytest_plugin.factories import ContainerFactory, ImageFactory, NetworkFactory
from wharfinger.pytest_plugin.owner import has_ended, mark_of

if TYPE_CHECKING:
    from types import TracebackType

    from wharfinger import Container, DockerClient, Network, PodmanClient

SESSION = "wharfinger.pytest.session"
WORKER = "wharfinger.pytest.worker"
TEST = "wharfinger.pytest.test"
# Tells that what has it may be removed once the process is gone. Images have another, for containers inherit theirs.
OWNER = "wharfinger.pytest.owner"
IMAGE_OWNER = "wharfinger.pytest.image-owner"
IMAGES = "localhost/wharfinger-pytest"


class Run:
    """What one process makes for its tests.

    Args:
        client: Of the engine.
        session: What all workers of a run have in common; None for a run without workers.
        worker: What tells this worker from the others.
        keep: Keep what failed tests have made.
    """

    def __init__(
        self, client: DockerClient | PodmanClient, *, session: str | None, worker: str | None, keep: bool
    ) -> None:
        self.client = client
        self.keep = keep
        self.kept: set[str] = set()
        self.session = session or secrets.token_hex(16)
        self.worker = worker or "main"
        self.owner = mark_of(os.getpid())
        self._images: list[str] = []

    def labels(self, test: str) -> dict[str, str]:
        """Of what a test makes.

        Args:
            test: Its id; empty for what is made for all.
        """
        labels = {SESSION: self.session, WORKER: self.worker}
        if test:
            labels[TEST] = test
        # What may be kept shall not be cleared up by the next run.
        if self.owner and not self.keep:
            labels[OWNER] = self.owner
        return labels

    @property
    def image_labels(self) -> dict[str, str]:
        """Of an image that is removed at the end."""
        return {IMAGE_OWNER: self.owner} if self.owner and not self.keep else {}

    def containers(self, test: str) -> ContainerFactory:
        """For the containers of a test."""
        return ContainerFactory(self, test)

    def networks(self, test: str) -> NetworkFactory:
        """For the networks of a test."""
        return NetworkFactory(self, test)

    def images(self) -> ImageFactory:
        """For the images of all tests."""
        return ImageFactory(self)

    def name_image(self) -> str:
        """A name for an image that is removed at the end."""
        self._images.append(f"{IMAGES}:{self.session[:12]}-{self.worker}-{len(self._images)}")
        return self._images[-1]

    def remove(self, container: Container) -> None:
        """Removes a container, if nobody else does."""
        try:
            container.remove(v=True, force=True)
        except ContainerNotFound:
            pass
        except Conflict as error:
            # One with auto_remove that is ending, or another run's, which all workers clear up.
            if "already in progress" not in error.message:
                raise

    def remove_network(self, network: Network) -> None:
        """Removes a network, if nobody else has."""
        try:
            network.remove()
        except NetworkNotFound:
            pass

    def remove_leftovers(self) -> None:
        """Removes what processes have left that were killed, where it is sure that they have ended."""
        theirs = {"label": [OWNER]}
        for container in self.client.containers.list(all=True, filters=theirs):
            if has_ended(container.labels.get(OWNER, "")):
                self.remove(container)
        for network in self.client.networks.list(filters=theirs):
            if has_ended(network.labels.get(OWNER, "")):
                self.remove_network(network)
        for image in self.client.images.list(filters={"label": [IMAGE_OWNER]}):
            if has_ended(image.labels.get(IMAGE_OWNER, "")):
                for name in image.tags:
                    if name.startswith(f"{IMAGES}:"):
                        self._remove_image(name)

    def close(self) -> None:
        """Removes what this worker has made and nobody has removed, but for what is kept."""
        mine = {"label": [f"{SESSION}={self.session}"]}
        for container in self.client.containers.list(all=True, filters=mine):
            if container.labels.get(WORKER) == self.worker and container.id not in self.kept:
                self.remove(container)
        for network in self.client.networks.list(filters=mine):
            if network.labels.get(WORKER) == self.worker and network.id not in self.kept:
                self.remove_network(network)
        for name in self._images:
            self._remove_image(name)

    def _remove_image(self, name: str) -> None:
        try:
            self.client.images.remove(name)
        except (ImageNotFound, Conflict):
            # The build failed; or a container that is kept was made from it.
            pass

    def __enter__(self) -> Self:
        self.remove_leftovers()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
