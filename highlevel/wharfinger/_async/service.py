"""One service of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from wharfinger._async.service_changes import fill_in
from wharfinger._async.swarm_logs import AsyncSwarmLogs
from wharfinger._async.task import AsyncTask, AsyncTaskList
from wharfinger._core.container_facts import section
from wharfinger._core.human import parse_int
from wharfinger._core.lines import parse_time
from wharfinger._core.service_parts import IMAGE, Parts, forced, laid_over, only_noted, scaled, service_parts
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.container_options import Command, Span
    from wharfinger._core.credentials import Credentials
    from wharfinger._core.log_query import LogQuery
    from wharfinger._core.service_options import ServiceOptions
    from wharfinger._dialects.dialect import Filters


class AsyncService(AsyncSwarmLogs):
    """A service: what a swarm keeps running, on whichever of its nodes (Docker).

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._keyring = keyring
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncService) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncService, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id."""
        return str(self._attrs.get("ID") or "")

    @property
    def short_id(self) -> str:
        """The first 12 characters of the id."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """Its name."""
        return str(section(self._attrs, "Spec").get("Name") or "")

    @property
    def version(self) -> int:
        """Which of its versions `attrs` tell of: every change of it makes a higher one."""
        return int(section(self._attrs, "Version").get("Index") or 0)

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return section(self._attrs, "Spec", "Labels")

    @property
    def image(self) -> str:
        """What its tasks run."""
        return str(section(self._attrs, "Spec", "TaskTemplate", "ContainerSpec").get("Image") or "")

    @property
    def mode(self) -> str:
        """replicated, global, replicated-job or global-job."""
        found = next(iter(section(self._attrs, "Spec", "Mode")), "")
        return {"ReplicatedJob": "replicated-job", "GlobalJob": "global-job"}.get(found, found.lower())

    @property
    def replicas(self) -> int | None:
        """How many tasks it shall have, or shall complete; None where it runs on every node."""
        found = section(self._attrs, "Spec", "Mode")
        counts = section(found, "Replicated") or section(found, "ReplicatedJob")
        return counts.get("Replicas", counts.get("TotalCompletions"))

    @property
    def update_status(self) -> dict[str, Any]:
        """How the last change goes on: "State" (updating, completed, …) and "Message"; empty before the first."""
        return section(self._attrs, "UpdateStatus")

    @property
    def created_at(self) -> datetime | None:
        """When it was made, in UTC."""
        return parse_time(str(self._attrs.get("CreatedAt") or ""))

    @property
    def updated_at(self) -> datetime | None:
        """When it was last changed, in UTC."""
        return parse_time(str(self._attrs.get("UpdatedAt") or ""))

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            ServiceNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: swarm_words(say).services.inspect(self.id))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            ServiceNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    async def tasks(self, filters: Filters | None = None) -> AsyncTaskList:
        """Its tasks, by one request; those that have ended are told of too, while the swarm keeps them.

        Args:
            filters: Such as {"desired-state": "running"} or {"node": "worker-1"}.

        Raises:
            BadRequest: The engine does not know a filter.
        """
        wanted = {**(filters or {}), "service": self.id}
        found = await self._engine.call(lambda say: swarm_words(say).tasks.list(wanted))
        return [AsyncTask(self._engine, attrs) for attrs in found]

    async def update(
        self,
        *,
        image: str | None = None,
        command: Command | None = None,
        force_update: bool = False,
        version: int | None = None,
        **options: Unpack[ServiceOptions],
    ) -> list[str]:
        """Changes it; what is not given stays as it is. Its tasks are replaced afterwards, as `update_config` says.

        The service is read, the keywords are laid over it, and `attrs` tell the change. A keyword says all of its
        part: `env` is the whole environment afterwards, and an empty value takes it away.

        Args:
            image: What to run.
            command: Instead of the image's own entrypoint.
            force_update: Replace the tasks even where nothing changes.
            version: Change this one of its versions only: `service.version`, where `attrs` were looked at before. The
                newest unless given.
            options: See ServiceOptions.

        Returns:
            What the engine warns of.

        Raises:
            ServiceNotFound: It is gone.
            SecretNotFound, ConfigNotFound, NetworkNotFound: One that is named is not there.
            Conflict: It was changed meanwhile, or since that version: call `reload`, and try again.
            BadRequest: The engine does not take a value.
            NotSupported: This engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong, or nothing is given; nothing was sent.
        """
        if version is not None:
            parse_int("version", version)
        given: Mapping[str, Any] = {**cast("Mapping[str, Any]", options), "image": image, "command": command}
        parts = service_parts("Service.update()", given)
        if not parts and not force_update:
            raise ValueError("update() was given nothing to change, expected one or more of its keywords")
        swarm_words(await self._engine.dialect()).services.check(parts)
        await fill_in(self._engine, parts)
        auth = None
        # Without an image the swarm keeps the credentials that it has.
        if IMAGE in parts or "auth_config" in given:
            runs = parts.get(IMAGE) or self.image
            auth = await self._keyring.of_image(runs, given.get("auth_config"))
        current = await self._current()
        if force_update:
            parts |= forced(current["Spec"])
        return await self._change(current, parts, auth, version)

    async def scale(self, replicas: int) -> list[str]:
        """Gives it another number of tasks; a replicated job another number that shall complete.

        Args:
            replicas: How many.

        Returns:
            What the engine warns of.

        Raises:
            ServiceNotFound: It is gone.
            Conflict: It was changed meanwhile: try again.
            TypeError, ValueError: It runs on every node, or this is no number of tasks; nothing was changed.
        """
        current = await self._current()
        return await self._change(current, scaled(current["Spec"], replicas), None, None)

    async def force_update(self) -> list[str]:
        """Replaces its tasks though nothing changes, such as by ones with a newer image of the same name.

        Returns:
            What the engine warns of.

        Raises:
            ServiceNotFound: It is gone.
            Conflict: It was changed meanwhile: try again.
        """
        return await self.update(force_update=True)

    async def rollback(self) -> list[str]:
        """Goes back to what it was before the last change, as `rollback_config` says; again goes forth.

        Returns:
            What the engine warns of.

        Raises:
            ServiceNotFound: It is gone.
            Conflict: There was no change before; or it was changed meanwhile: try again.
        """
        return await self._change(await self._current(), {}, None, None, rollback=True)

    async def wait_converged(self, *, timeout: float | None = 60, stable_for: Span | None = None) -> None:
        """Waits until the swarm has come to what `attrs` say: after it was made, changed, scaled or taken back.

        All its tasks run then, none of them as it was before a change, and a job's are complete. It is woken by the
        service's events; tasks have none, so they are looked at, too, after pauses that grow to a second.

        Args:
            timeout: Seconds; None is no limit.
            stable_for: How long its tasks have to go on running, where the swarm itself has not looked at that: seconds
                or such as "10s"; what its update_config's monitor says (5 s) unless given.

        Raises:
            ServiceNotFound: It is gone.
            ServiceNotConverged: Its change was paused, or failed and was taken back; a task ended that its restart
                policy does not start again; or it was removed meanwhile. With what went wrong with its tasks.
            NotConvergedInTime: It did not come to it in time; likewise.
            TypeError, ValueError: A time is none; nothing was sent.
        """
        from wharfinger._async.service_waiting import AsyncConverging

        await AsyncConverging(self._engine, self, timeout, stable_for).wait()

    async def remove(self) -> None:
        """Removes it; its tasks end afterwards.

        Raises:
            ServiceNotFound: It is gone.
        """
        await self._engine.call(lambda say: swarm_words(say).services.remove(self.id))

    async def _current(self) -> dict[str, Any]:
        return await self._engine.call(lambda say: swarm_words(say).services.inspect(self.id))

    async def _change(
        self,
        current: dict[str, Any],
        parts: Parts,
        auth: Credentials | None,
        version: int | None,
        *,
        rollback: bool = False,
    ) -> list[str]:
        spec = laid_over(current["Spec"], parts)
        known = int(current["Version"]["Index"]) if version is None else version
        try:
            told = await self._engine.call(
                lambda say: swarm_words(say).services.update(self.id, known, spec, auth, rollback=rollback)
            )
        except Conflict as error:
            if "out of sequence" not in error.message:
                raise
            newer = await self._current()
            if version is None and only_noted(current, newer):
                return await self._change(newer, parts, auth, None, rollback=rollback)
            hint = f"{self.name} was changed since it was version {known}; reload() it, and try again"
            raise Conflict(409, f"{error.message}: {hint}", error.method, error.path) from error
        await self.reload()
        return told

    def _has_tty(self) -> bool:
        return bool(section(self._attrs, "Spec", "TaskTemplate", "ContainerSpec").get("TTY"))

    async def _open_logs(self, query: LogQuery) -> AsyncByteStream:
        return await self._engine.open(lambda say: swarm_words(say).services.logs(self.id, query))


# Beside a method called list, that name no longer means the type.
AsyncServiceList: TypeAlias = list[AsyncService]
