"""What the services of a swarm are made with (Docker).

Where a time span is taken, it is seconds, a timedelta, or text such as "1m30s".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - so that users can resolve annotations at run time
from datetime import timedelta  # noqa: TC003 - likewise
from typing import Any, Literal, TypeAlias

import attrs

ServiceModeName: TypeAlias = Literal["replicated", "global", "replicated-job", "global-job"]


@attrs.frozen
class ServiceMode:
    """How many tasks a service has.

    Attributes:
        mode: replicated, global (one on each node), replicated-job or global-job (they end).
        replicas: Of a replicated service, how many run; of a replicated-job, how many shall complete. 1 when None.
        concurrency: Of a replicated-job, how many run at once; as many as shall complete when None.
    """

    mode: ServiceModeName
    replicas: int | None = None
    concurrency: int | None = None


@attrs.frozen
class Resources:
    """What each task may use, and what its node has to have left for it.

    Attributes:
        cpu_limit: Processors in billionths (1_500_000_000 is one and a half), or as text: "1.5".
        mem_limit: Bytes, or such as "512m".
        cpu_reservation: As cpu_limit.
        mem_reservation: As mem_limit.
        generic_resources: {"gpu": 2, "licence": "a-name"}, or the engine's own list.
        pids_limit: Most processes; 0 is no limit.
        swap_limit: Swap beside the memory, as mem_limit; -1 is no limit (Docker API 1.52).
        mem_swappiness: 0 to 100 (Docker API 1.52).
    """

    cpu_limit: int | str | None = None
    mem_limit: int | str | None = None
    cpu_reservation: int | str | None = None
    mem_reservation: int | str | None = None
    generic_resources: Mapping[str, int | str] | Sequence[Mapping[str, Any]] | None = None
    pids_limit: int | None = None
    swap_limit: int | str | None = None
    mem_swappiness: int | None = None


@attrs.frozen
class UpdateConfig:
    """How a change of a service is rolled out.

    Attributes:
        parallelism: Tasks that are replaced at once; 0 is all of them.
        delay: Span between two of these steps.
        failure_action: When a new task fails: continue, pause or rollback.
        monitor: Span in which a new task's failure counts.
        max_failure_ratio: Part of the tasks that may fail, 0 to 1.
        order: stop-first or start-first; the engine's default is the former.
    """

    parallelism: int = 0
    delay: float | timedelta | str | None = None
    failure_action: str = "continue"
    monitor: float | timedelta | str | None = None
    max_failure_ratio: float | None = None
    order: str | None = None


@attrs.frozen
class RollbackConfig:
    """How a service goes back to what it was.

    Attributes:
        parallelism: Tasks that are replaced at once; 0 is all of them.
        delay: Span between two of these steps.
        failure_action: When a task fails: continue or pause.
        monitor: Span in which a task's failure counts.
        max_failure_ratio: Part of the tasks that may fail, 0 to 1.
        order: stop-first or start-first; the engine's default is the former.
    """

    parallelism: int = 0
    delay: float | timedelta | str | None = None
    failure_action: str = "continue"
    monitor: float | timedelta | str | None = None
    max_failure_ratio: float | None = None
    order: str | None = None


@attrs.frozen
class ServiceRestartPolicy:
    """What happens when a task ends.

    Attributes:
        condition: none, on-failure or any.
        delay: Span before another is started.
        max_attempts: How often at most; 0 is without end.
        window: Span in which attempts are counted; 0 is always.
    """

    condition: str = "none"
    delay: float | timedelta | str | None = None
    max_attempts: int | None = None
    window: float | timedelta | str | None = None


@attrs.frozen
class ServicePort:
    """A port of a service's tasks, published.

    Attributes:
        target_port: In the tasks, 1 to 65535.
        published_port: Where the nodes listen; the swarm chooses when None.
        protocol: tcp, udp or sctp.
        publish_mode: ingress (every node, whichever has a task; the engine's default) or host (a task's own node).
        name: What to call it.
    """

    target_port: int
    published_port: int | None = None
    protocol: str = "tcp"
    publish_mode: str | None = None
    name: str | None = None


@attrs.frozen
class EndpointSpec:
    """How a service is reached.

    Attributes:
        mode: vip (one address for all its tasks; the engine's default) or dnsrr (each task's own).
        ports: {published: target}, {published: (target, protocol)} or {published: (target, protocol,
            publish_mode)}; or a list of values, or of the engine's mappings.
    """

    mode: str | None = None
    ports: Mapping[int, Any] | Sequence[ServicePort | Mapping[str, Any]] | None = None


@attrs.frozen
class PlacementPreference:
    """Over what the tasks are spread evenly.

    Attributes:
        strategy: "spread".
        descriptor: The label of nodes, such as "node.labels.datacenter".
    """

    strategy: str
    descriptor: str


@attrs.frozen
class Placement:
    """On which nodes the tasks may run.

    Attributes:
        constraints: Such as ["node.role==manager"].
        preferences: Values, pairs such as ("spread", "node.labels.datacenter"), or the engine's mappings.
        platforms: Pairs of architecture and operating system, or text such as "linux/amd64".
        maxreplicas: Most tasks on one node; 0 is no limit.
    """

    constraints: str | Sequence[str] | None = None
    preferences: Sequence[PlacementPreference | tuple[str, str] | Mapping[str, Any]] | None = None
    platforms: Sequence[tuple[str, str] | str | Mapping[str, Any]] | None = None
    maxreplicas: int | None = None


@attrs.frozen
class NetworkAttachmentConfig:
    """How a service's tasks are joined to one network.

    Attributes:
        target: The network's name or id.
        aliases: More names that others on the network find it by.
        options: The network driver's options.
    """

    target: str
    aliases: Sequence[str] | None = None
    options: Mapping[str, str] | None = None


@attrs.frozen
class DriverConfig:
    """A driver and its options.

    Attributes:
        name: Such as "json-file".
        options: Its options.
    """

    name: str
    options: Mapping[str, str] | None = None


@attrs.frozen
class SecretReference:
    """A secret of the swarm, given to a service's tasks as a file.

    Attributes:
        secret_id: Its id; looked up by its name when None.
        secret_name: Its name; looked up by its id when None.
        filename: Path, or name beneath /run/secrets; the secret's name when None.
        uid: Owner in the container; 0 when None.
        gid: Group in the container; 0 when None.
        mode: Permission bits.
    """

    secret_id: str | None = None
    secret_name: str | None = None
    filename: str | None = None
    uid: int | str | None = None
    gid: int | str | None = None
    mode: int = 0o444


@attrs.frozen
class ConfigReference:
    """A config of the swarm, given to a service's tasks as a file.

    Attributes:
        config_id: Its id; looked up by its name when None.
        config_name: Its name; looked up by its id when None.
        filename: Path; the config's name in the root folder when None.
        uid: Owner in the container; 0 when None.
        gid: Group in the container; 0 when None.
        mode: Permission bits.
        runtime: {} for one that is no file but is used by a credential spec (Windows).
    """

    config_id: str | None = None
    config_name: str | None = None
    filename: str | None = None
    uid: int | str | None = None
    gid: int | str | None = None
    mode: int | None = 0o444
    runtime: Mapping[str, Any] | None = None


@attrs.frozen
class DNSConfig:
    """How a task looks names up.

    Attributes:
        nameservers: Addresses to ask.
        search: Domains to search.
        options: Options of resolv.conf.
    """

    nameservers: Sequence[str] | None = None
    search: Sequence[str] | None = None
    options: Sequence[str] | None = None


@attrs.frozen
class Privileges:
    """What a task may do on its node.

    Attributes:
        credentialspec_file: Credential spec by its file (Windows).
        credentialspec_registry: Credential spec by its value in the registry (Windows).
        credentialspec_config: Credential spec by the id of a config (Windows).
        selinux_disable: No SELinux.
        selinux_user: SELinux user label.
        selinux_role: SELinux role label.
        selinux_type: SELinux type label.
        selinux_level: SELinux level label.
        seccomp_mode: default, unconfined or custom (Docker API 1.44, as all that follow).
        seccomp_profile: For custom: the profile, as JSON text.
        apparmor_mode: default or disabled.
        no_new_privileges: No gaining of privileges by programs that it runs.
    """

    credentialspec_file: str | None = None
    credentialspec_registry: str | None = None
    credentialspec_config: str | None = None
    selinux_disable: bool | None = None
    selinux_user: str | None = None
    selinux_role: str | None = None
    selinux_type: str | None = None
    selinux_level: str | None = None
    seccomp_mode: str | None = None
    seccomp_profile: str | None = None
    apparmor_mode: str | None = None
    no_new_privileges: bool | None = None
