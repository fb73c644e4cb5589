"""The keywords of a swarm's settings, and what they are in Docker's SwarmSpec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - so that users can resolve annotations at run time
from datetime import timedelta  # noqa: TC003 - likewise
from typing import Any, TypedDict, cast

from wharfinger._core import human
from wharfinger._core.container_encoding import Body, without_none
from wharfinger._core.container_facts import section
from wharfinger._core.noun_options import Reader, read_options
from wharfinger._core.option_values import fields_of, parse_span
from wharfinger.errors import NotSupported
from wharfinger.types import SwarmExternalCA

_AVAILABILITIES = ("active", "pause", "drain")


class SwarmOptions(TypedDict, total=False):
    """Keywords of a swarm's settings, named as in docker-py.

    Spans of time are a timedelta, words such as "5s", seconds as a float, or, as docker-py has them, nanoseconds as a
    whole number.

    Attributes:
        task_history_retention_limit: How many ended tasks are kept for each slot of a service; 5 unless given.
        snapshot_interval: How many log entries lie between two snapshots of the managers' log.
        keep_old_snapshots: How many snapshots are kept beside the newest.
        log_entries_for_slow_followers: How many log entries are kept for managers that lag behind.
        heartbeat_tick: How many ticks (of 1 s) lie between two heartbeats of the managers' leader.
        election_tick: After how many ticks without one another leader is elected; more than heartbeat_tick.
        dispatcher_heartbeat_period: How often nodes tell their manager that they are there; 5 s unless given.
        node_cert_expiry: How long certificates of nodes hold; 90 days unless given, and not less than an hour.
        external_ca: Who signs certificates in the swarm's place: a SwarmExternalCA or the engine's mapping, or a list.
        external_cas: The same, by its newer name.
        name: The swarm's name; engines take "default" alone.
        labels: Labels: a mapping, or a list of "name=value".
        signing_ca_cert: The certificate, in PEM, that those of nodes are to be signed with.
        signing_ca_key: Its key, in PEM.
        ca_force_rotate: Any other number than before makes the swarm renew its own certificate and key.
        autolock_managers: A manager that was restarted has to be unlocked by a key.
        log_driver: No Docker heeds it: raises NotSupported. Services have their own.
    """

    task_history_retention_limit: int
    snapshot_interval: int
    keep_old_snapshots: int
    log_entries_for_slow_followers: int
    heartbeat_tick: int
    election_tick: int
    dispatcher_heartbeat_period: int | float | str | timedelta
    node_cert_expiry: int | float | str | timedelta
    external_ca: SwarmExternalCA | Mapping[str, Any] | Sequence[SwarmExternalCA | Mapping[str, Any]]
    external_cas: Sequence[SwarmExternalCA | Mapping[str, Any]]
    name: str
    labels: Mapping[str, str] | list[str]
    signing_ca_cert: str
    signing_ca_key: str
    ca_force_rotate: int
    autolock_managers: bool
    log_driver: str | Mapping[str, Any]


def _nanoseconds(name: str, value: object) -> int:
    return human.to_nanoseconds(parse_span(name, value))


def _external_cas(name: str, value: object) -> list[Body]:
    alone = human.is_mapping(value) or isinstance(value, SwarmExternalCA)
    given: list[Any] = [value] if alone else human.parse_list(name, value, "[SwarmExternalCA(…)]")
    return [_external_ca(name, one) for one in given]


def _external_ca(name: str, value: object) -> Body:
    if isinstance(value, SwarmExternalCA):
        one = value
    else:
        found = fields_of(name, value, ("url", "protocol", "options", "ca_cert"))
        one = SwarmExternalCA(
            human.parse_text(f"{name} url", found.get("url")),
            human.parse_text(f"{name} protocol", found.get("protocol") or "cfssl"),
            human.parse_pairs(f"{name} options", found.get("options") or {}),
            found.get("ca_cert"),
        )
    return without_none(
        {
            "Protocol": one.protocol,
            "URL": one.url,
            "Options": dict(one.options) or None,
            "CACert": one.ca_cert,
        }
    )


def _log_driver(_name: str, _value: object) -> Body:
    # Tried on Docker 20.10 and 28.5: it is taken, told of nowhere, and heeded by no task.
    raise NotSupported("the option 'log_driver' of a swarm", "Docker", "log_driver of each service")


def _secret_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        # What it is has to stay out of the message.
        raise TypeError(f"{name} is of type {type(value).__name__}, expected a string in PEM")
    return value


# Where in the spec each of them is, and how it is read.
_PLACES: dict[str, tuple[str, str, Reader]] = {
    "task_history_retention_limit": ("Orchestration", "TaskHistoryRetentionLimit", human.parse_int),
    "snapshot_interval": ("Raft", "SnapshotInterval", human.parse_int),
    "keep_old_snapshots": ("Raft", "KeepOldSnapshots", human.parse_int),
    "log_entries_for_slow_followers": ("Raft", "LogEntriesForSlowFollowers", human.parse_int),
    "heartbeat_tick": ("Raft", "HeartbeatTick", human.parse_int),
    "election_tick": ("Raft", "ElectionTick", human.parse_int),
    "dispatcher_heartbeat_period": ("Dispatcher", "HeartbeatPeriod", _nanoseconds),
    "node_cert_expiry": ("CAConfig", "NodeCertExpiry", _nanoseconds),
    "external_ca": ("CAConfig", "ExternalCAs", _external_cas),
    "external_cas": ("CAConfig", "ExternalCAs", _external_cas),
    "name": ("", "Name", human.parse_text),
    "labels": ("", "Labels", human.parse_pairs),
    "signing_ca_cert": ("CAConfig", "SigningCACert", human.parse_text),
    "signing_ca_key": ("CAConfig", "SigningCAKey", _secret_text),
    "ca_force_rotate": ("CAConfig", "ForceRotate", human.parse_int),
    "autolock_managers": ("EncryptionConfig", "AutoLockManagers", human.parse_flag),
    "log_driver": ("TaskDefaults", "LogDriver", _log_driver),
}


def swarm_spec(verb: str, options: SwarmOptions, *, over: Mapping[str, Any] | None = None) -> Body:
    """Docker's SwarmSpec out of the keywords; one whose value is None is not given.

    Args:
        verb: Whose keywords they are, for the errors.
        options: The keywords.
        over: A spec whose other settings stay.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, or two mean the same.
    """
    found = read_options(verb, options, {name: reader for name, (_, _, reader) in _PLACES.items()})
    if "external_ca" in found and "external_cas" in found:
        raise ValueError("external_ca and external_cas are given, which mean the same; expected one of them")
    spec: Body = dict(over or {})
    for name, value in found.items():
        part, key, _ = _PLACES[name]
        if part:
            spec[part] = {**section(spec, part), key: value}
        else:
            spec[key] = value
    return spec


def parse_availability(value: object) -> str | None:
    """Whether a node takes tasks; None is not given."""
    if value is not None and value not in _AVAILABILITIES:
        human.wrong_value("availability", value, " or ".join(map(repr, _AVAILABILITIES)))
    return None if value is None else str(value)


def parse_addresses(name: str, value: object) -> list[str]:
    """Take an address, or several.

    Raises:
        ValueError: There is none.
    """
    found = list(human.parse_words(name, value))
    if not found or "" in found:
        human.wrong_value(name, value, "addresses of managers, such as ['10.0.0.1:2377']")
    return found


def parse_unlock_key(key: object) -> str:
    """Take a key, or what told of it; it stays out of errors."""
    found = cast("Mapping[str, object]", key).get("UnlockKey") if human.is_mapping(key) else key
    if not isinstance(found, str) or not found:
        given = "empty" if found == "" else f"of type {type(found).__name__}"
        raise (ValueError if found == "" else TypeError)(
            f"key is {given}, expected a string, or what get_unlock_key() gave"
        )
    return found
