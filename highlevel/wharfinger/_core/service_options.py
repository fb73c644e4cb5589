"""The keywords of services.create() and Service.update(), read by service_parts.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, TypedDict

from wharfinger._core.container_options import (
    Command,
    Pairs,
    PortMapping,
    PortTarget,
    Raw,
    Span,
)
from wharfinger.types import (
    ConfigReference,
    DNSConfig,
    DriverConfig,
    EndpointSpec,
    Healthcheck,
    LogConfig,
    Mount,
    NetworkAttachmentConfig,
    Placement,
    PlacementPreference,
    Privileges,
    Resources,
    RollbackConfig,
    SecretReference,
    ServiceMode,
    ServicePort,
    ServiceRestartPolicy,
    Ulimit,
    UpdateConfig,
)


class Named(Protocol):
    """A network, secret or config, as its manager gives it."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...


Ports: TypeAlias = PortMapping | Sequence[PortTarget | ServicePort]


class ServiceOptions(TypedDict, total=False):
    """Keywords of services.create() and Service.update(), named as in docker-py (Docker).

    Time spans are seconds, timedeltas, or text such as "1m30s". Where a typed value is taken, the engine's own mapping
    is too, in which whole numbers are nanoseconds. What is not given is left to the engine.

    Attributes:
        args: Arguments for the command, which is the image's own unless `command` is given.
        auth_config: Credentials that the nodes get the image with: {"username": …, "password": …}, or
            {"identitytoken": …}; those that are kept for the registry unless given.
        cap_add: Capabilities to add, such as ["NET_ADMIN"].
        cap_drop: Capabilities to take away, such as ["ALL"].
        configs: Configs of the swarm, as files: names, objects of client.configs, values or the engine's mappings.
        constraints: On which nodes it may run, such as ["node.role==manager"].
        container_labels: Labels of the tasks' containers.
        dns_config: How its tasks look names up.
        endpoint_spec: How it is reached.
        env: {"NAME": "value"} or ["NAME=value"].
        environment: The same, as containers have it.
        groups: Further groups of the main process.
        healthcheck: How to find out whether a task is well.
        hostname: Its tasks' names for themselves; may be a template such as "{{.Task.Slot}}".
        hosts: {"name": "address"} for /etc/hosts.
        init: Run a small init that reaps processes and passes signals on.
        isolation: Kind of isolation (Windows).
        labels: Labels of the service.
        log_driver: The log driver's name, or a value.
        log_driver_options: The log driver's options.
        maxreplicas: Most tasks on one node.
        mode: "replicated", "global", "replicated-job", "global-job", or a value.
        mounts: File systems to mount: values, the engine's mappings, or text such as "data:/data:ro".
        name: The service's name; the engine makes one up without.
        networks: Networks to join: names, objects of client.networks, values or the engine's mappings.
        oom_score_adj: -1000 to 1000; who is killed first (Docker API 1.46).
        open_stdin: Keep stdin open.
        placement: Constraints, preferences, platforms and maxreplicas in one.
        platforms: Pairs of architecture and operating system, or text such as "linux/amd64".
        ports: Published ports as containers have them, {"80/tcp": 8080} or ["8080:80"], or ServicePort; a short form
            of endpoint_spec. No address of a host can be given.
        preferences: Over what its tasks are spread, such as [("spread", "node.labels.datacenter")].
        privileges: What its tasks may do on their nodes.
        read_only: The root file system may only be read.
        replicas: How many tasks; a short form of mode.
        resources: What each task may use, and what its node has to have left for it.
        restart_policy: "any", "on-failure", "none", or a value.
        rollback_config: How it goes back to what it was.
        secrets: Secrets of the swarm, as files: names, objects of client.secrets, values or the engine's mappings.
        stop_grace_period: Span that a task has to end by itself.
        stop_signal: What asks a task to end, such as "SIGINT".
        sysctls: Kernel parameters.
        task_template: The engine's own mapping, for what has no keyword; the other keywords are laid over it.
        tty: A terminal.
        ulimits: Limits of processes, such as {"nofile": (1024, 2048)}.
        update_config: How changes are rolled out.
        user: Who the main process runs as.
        workdir: Where the main process starts.
    """

    args: Command
    auth_config: Mapping[str, str]
    cap_add: Sequence[str]
    cap_drop: Sequence[str]
    configs: Sequence[str | Named | ConfigReference | Raw]
    constraints: str | Sequence[str]
    container_labels: Pairs
    dns_config: DNSConfig | Raw
    endpoint_spec: EndpointSpec | Raw
    env: Pairs
    environment: Pairs
    groups: Sequence[str]
    healthcheck: Healthcheck | Raw
    hostname: str
    hosts: Mapping[str, str] | Sequence[str]
    init: bool
    isolation: str
    labels: Pairs
    log_driver: str | DriverConfig | LogConfig | Raw
    log_driver_options: Mapping[str, str]
    maxreplicas: int
    mode: str | ServiceMode | Raw
    mounts: Sequence[str | Mount | Raw]
    name: str
    networks: Sequence[str | Named | NetworkAttachmentConfig | Raw]
    oom_score_adj: int
    open_stdin: bool
    placement: Placement | Raw
    platforms: Sequence[tuple[str, str] | str | Raw]
    ports: Ports
    preferences: Sequence[PlacementPreference | tuple[str, str] | Raw]
    privileges: Privileges | Raw
    read_only: bool
    replicas: int
    resources: Resources | Raw
    restart_policy: str | ServiceRestartPolicy | Raw
    rollback_config: RollbackConfig | Raw
    secrets: Sequence[str | Named | SecretReference | Raw]
    stop_grace_period: Span
    stop_signal: str | int
    sysctls: Mapping[str, str | int]
    task_template: Raw
    tty: bool
    ulimits: Mapping[str, int | tuple[int, int]] | Sequence[Ulimit | Raw | str]
    update_config: UpdateConfig | Raw
    user: str | int
    workdir: str
