"""Keywords of services: what each becomes, in which forms, and how wrong ones are refused."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from wharfinger._core.service_parts import (
    CONFIGS,
    SECRETS,
    complete,
    forced,
    laid_over,
    only_noted,
    scaled,
    service_parts,
)
from wharfinger.types import (
    ConfigReference,
    DriverConfig,
    EndpointSpec,
    LogConfig,
    Mount,
    NetworkAttachmentConfig,
    Placement,
    PlacementPreference,
    Privileges,
    Resources,
    RollbackConfig,
    ServiceMode,
    ServicePort,
    ServiceRestartPolicy,
    UpdateConfig,
)


def made(**options: Any) -> dict[str, Any]:
    return laid_over({}, service_parts("services.create()", options))


def contained(**options: Any) -> dict[str, Any]:
    found: dict[str, Any] = made(**options)["TaskTemplate"]["ContainerSpec"]
    return found


class Kept:
    """As a manager gives a secret, config or network."""

    id = "the-id"
    name = "the-name"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"mode": "global"}, {"Mode": {"Global": {}}}),
        ({"replicas": 3}, {"Mode": {"Replicated": {"Replicas": 3}}}),
        ({"mode": "replicated-job", "replicas": 3}, {"Mode": {"ReplicatedJob": {"TotalCompletions": 3}}}),
        (
            {"mode": ServiceMode("replicated-job", 3, 2)},
            {"Mode": {"ReplicatedJob": {"TotalCompletions": 3, "MaxConcurrent": 2}}},
        ),
        ({"mode": {"GlobalJob": {}}}, {"Mode": {"GlobalJob": {}}}),
        (
            {"update_config": UpdateConfig(1, timedelta(seconds=2), "rollback", "1m", 0.5, "start-first")},
            {
                "UpdateConfig": {
                    "Parallelism": 1,
                    "Delay": 2_000_000_000,
                    "FailureAction": "rollback",
                    "Monitor": 60_000_000_000,
                    "MaxFailureRatio": 0.5,
                    "Order": "start-first",
                }
            },
        ),
        (
            {"rollback_config": RollbackConfig()},
            {"RollbackConfig": {"Parallelism": 0, "FailureAction": "continue"}},
        ),
        (
            {"rollback_config": {"Delay": 5, "monitor": 2.5}},
            {"RollbackConfig": {"Delay": 5, "Monitor": 2_500_000_000}},
        ),
        (
            {
                "endpoint_spec": EndpointSpec(
                    "dnsrr", {8080: 80, 53: (5353, "udp"), 443: (8443, "tcp", "host")}
                )
            },
            {
                "EndpointSpec": {
                    "Mode": "dnsrr",
                    "Ports": [
                        {"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8080},
                        {"Protocol": "udp", "TargetPort": 5353, "PublishedPort": 53},
                        {
                            "Protocol": "tcp",
                            "TargetPort": 8443,
                            "PublishMode": "host",
                            "PublishedPort": 443,
                        },
                    ],
                }
            },
        ),
        (
            {"ports": ["8080:80", ServicePort(81, 81, "udp", "host", "b"), {"TargetPort": 82}]},
            {
                "EndpointSpec": {
                    "Ports": [
                        {"TargetPort": 80, "PublishedPort": 8080, "Protocol": "tcp"},
                        {
                            "TargetPort": 81,
                            "PublishedPort": 81,
                            "Protocol": "udp",
                            "PublishMode": "host",
                            "Name": "b",
                        },
                        {"TargetPort": 82},
                    ]
                }
            },
        ),
    ],
)
def test_what_is_about_the_service(options: dict[str, Any], expected: dict[str, Any]) -> None:
    assert made(**options) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"resources": Resources("1.5", "64m", 5, 6, {"gpu": 2, "key": "a"}, 9, "1g", 10)},
            {
                "Resources": {
                    "Limits": {"NanoCPUs": 1_500_000_000, "MemoryBytes": 67108864, "Pids": 9},
                    "Reservations": {
                        "NanoCPUs": 5,
                        "MemoryBytes": 6,
                        "GenericResources": [
                            {"DiscreteResourceSpec": {"Kind": "gpu", "Value": 2}},
                            {"NamedResourceSpec": {"Kind": "key", "Value": "a"}},
                        ],
                    },
                    "SwapBytes": 1073741824,
                    "MemorySwappiness": 10,
                }
            },
        ),
        ({"restart_policy": "any"}, {"RestartPolicy": {"Condition": "any"}}),
        (
            {"restart_policy": ServiceRestartPolicy("on-failure", 1, 2, "3s")},
            {
                "RestartPolicy": {
                    "Condition": "on-failure",
                    "Delay": 1_000_000_000,
                    "MaxAttempts": 2,
                    "Window": 3_000_000_000,
                }
            },
        ),
        (
            {"log_driver": DriverConfig("a", {"b": "c"}), "log_driver_options": {"d": "e"}},
            {"LogDriver": {"Name": "a", "Options": {"b": "c", "d": "e"}}},
        ),
        ({"log_driver": LogConfig("a", {"b": "c"})}, {"LogDriver": {"Name": "a", "Options": {"b": "c"}}}),
        (
            {"networks": ["a", Kept(), NetworkAttachmentConfig("b", ["c"], {"d": "e"})]},
            {
                "Networks": [
                    {"Target": "a"},
                    {"Target": "the-id"},
                    {"Target": "b", "Aliases": ["c"], "DriverOpts": {"d": "e"}},
                ]
            },
        ),
        (
            {
                "constraints": "a==b",
                "preferences": [PlacementPreference("spread", "c"), {"Spread": {"SpreadDescriptor": "d"}}],
                "platforms": [("arm64", "linux"), "linux/amd64", {"OS": "windows"}],
                "maxreplicas": 2,
            },
            {
                "Placement": {
                    "Constraints": ["a==b"],
                    "Preferences": [
                        {"Spread": {"SpreadDescriptor": "c"}},
                        {"Spread": {"SpreadDescriptor": "d"}},
                    ],
                    "Platforms": [
                        {"Architecture": "arm64", "OS": "linux"},
                        {"Architecture": "amd64", "OS": "linux"},
                        {"Architecture": "", "OS": "windows"},
                    ],
                    "MaxReplicas": 2,
                }
            },
        ),
    ],
)
def test_what_is_about_its_tasks(options: dict[str, Any], expected: dict[str, Any]) -> None:
    assert made(**options) == {"TaskTemplate": expected}


def test_what_is_about_their_containers() -> None:
    assert contained(
        image="a",
        command="b 'c d'",
        environment={"E": None, "F": 1},
        mounts=["v:/v", "/h:/h:ro", "/n", Mount("/t", type="tmpfs")],
        hosts=["a:1.2.3.4", "5.6.7.8 b", "c:::1"],
        privileges=Privileges(selinux_disable=True, seccomp_mode="custom", seccomp_profile="{}"),
        stop_signal=15,
        stop_grace_period="1m",
    ) == {
        "Image": "a",
        "Command": ["b", "c d"],
        "Env": ["E", "F=1"],
        "Mounts": [
            {"Target": "/v", "Source": "v", "Type": "volume"},
            {"Target": "/h", "Source": "/h", "Type": "bind", "ReadOnly": True},
            {"Target": "/n", "Type": "volume"},
            {"Target": "/t", "Type": "tmpfs"},
        ],
        "Hosts": ["5.6.7.8 b", "1.2.3.4 a", "::1 c"],
        "Privileges": {
            "SELinuxContext": {"Disable": True},
            "Seccomp": {"Mode": "custom", "Profile": base64.b64encode(b"{}").decode()},
        },
        "StopSignal": "15",
        "StopGracePeriod": 60_000_000_000,
    }
    as_engines_have_it = {"Seccomp": {"Mode": "custom", "Profile": "e30="}}
    assert contained(privileges=as_engines_have_it) == {"Privileges": as_engines_have_it}


def test_references_are_filled_in() -> None:
    options: dict[str, Any] = {
        "secrets": ["a", Kept()],
        "configs": [ConfigReference("b", uid=1), {"ConfigID": "c", "Runtime": {}}],
    }
    parts = service_parts("services.create()", options)
    kept = {"ID": "i", "Spec": {"Name": "n"}}
    by_name, whole = parts[SECRETS]
    complete(by_name, "Secret", kept)
    complete(whole, "Secret", None)
    file = {"UID": "0", "GID": "0", "Mode": 0o444}
    assert by_name == {"SecretID": "i", "SecretName": "n", "File": {**file, "Name": "n"}}
    assert whole == {"SecretID": "the-id", "SecretName": "the-name", "File": {**file, "Name": "the-name"}}
    by_id, runtime = parts[CONFIGS]
    complete(by_id, "Config", kept)
    complete(runtime, "Config", kept)
    assert by_id["File"] == {**file, "UID": "1", "Name": "n"}
    assert runtime == {"ConfigID": "i", "ConfigName": "n", "Runtime": {}}


def test_a_change_leaves_the_rest() -> None:
    before = {
        "Name": "a",
        "Mode": {"Replicated": {"Replicas": 1}},
        "TaskTemplate": {"ContainerSpec": {"Image": "b", "Env": ["C=d", "E=f"]}, "ForceUpdate": 4},
    }
    template = {"Runtime": "r"}
    parts = service_parts("Service.update()", {"env": {"G": "h"}, "task_template": template, "labels": None})
    after = laid_over(before, parts | forced(before))
    assert after["TaskTemplate"] == {
        "ContainerSpec": {"Image": "b", "Env": ["G=h"]},
        "ForceUpdate": 5,
        "Runtime": "r",
    }
    assert (before["TaskTemplate"], template) == (
        {"ContainerSpec": {"Image": "b", "Env": ["C=d", "E=f"]}, "ForceUpdate": 4},
        {"Runtime": "r"},
    )
    assert laid_over(before, scaled(before, 7))["Mode"] == {"Replicated": {"Replicas": 7}}
    job = {"Mode": {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 2}}}
    assert scaled(job, 7) == {("Mode",): {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 7}}}
    assert only_noted({"Spec": before, "Version": 1}, {"Spec": before, "Version": 2})
    assert not only_noted({"Spec": before, "Version": 1}, {"Spec": after, "Version": 2})


@pytest.mark.parametrize(
    ("options", "fault", "words"),
    [
        ({"replica": 1}, TypeError, "did you mean 'replicas'"),
        ({"force_update": True}, TypeError, "unknown option"),
        ({"replicas": -1}, ValueError, "0 or more"),
        ({"mode": "all"}, ValueError, "'replicated' or 'global'"),
        ({"mode": "global", "replicas": 2}, ValueError, "none with the mode"),
        ({"mode": ServiceMode("global", concurrency=1)}, ValueError, "none with the mode"),
        ({"mode": {"Replicas": 1}}, ValueError, "Replicated"),
        ({"env": {}, "environment": {}}, ValueError, "both given"),
        ({"placement": Placement(), "constraints": []}, ValueError, "both given"),
        ({"ports": [], "endpoint_spec": {}}, ValueError, "both given"),
        ({"mode": {"Global": {}}, "replicas": 1}, ValueError, "both given"),
        ({"ports": ["127.0.0.1:80:80"]}, ValueError, "address of a host"),
        ({"ports": {"80/xyz": 80}}, ValueError, "tcp, udp or sctp"),
        ({"endpoint_spec": {"Ports": {80: (1, 2, 3, 4)}}}, ValueError, "publish_mode"),
        ({"endpoint_spec": {"Mode": "dns"}}, ValueError, "'vip' or 'dnsrr'"),
        ({"endpoint_spec": {"ports": [ServicePort(0)]}}, ValueError, "1 to 65535"),
        ({"resources": {"mem": 1}}, TypeError, "key 'mem', expected some of: cpu_limit"),
        ({"resources": {"Limits": {"Memory": 1}}}, TypeError, "key 'Memory'.*did you mean 'MemoryBytes'"),
        ({"resources": {"Limits": 5}}, TypeError, "Limits is 5"),
        ({"resources": 5}, TypeError, "expected a Resources"),
        ({"resources": Resources(cpu_limit="much")}, ValueError, "'1.5'"),
        ({"update_config": UpdateConfig(order="any")}, ValueError, "start-first"),
        ({"update_config": UpdateConfig(max_failure_ratio=2)}, ValueError, "0 to 1"),
        ({"update_config": {"max_failure_ratio": "a"}}, TypeError, "0 to 1"),
        ({"rollback_config": RollbackConfig(failure_action="rollback")}, ValueError, "'continue' or 'pause'"),
        ({"restart_policy": "always"}, ValueError, "on-failure"),
        ({"preferences": [("pack", "a")]}, ValueError, "'spread'"),
        ({"preferences": [("spread",)]}, ValueError, "strategy, descriptor"),
        ({"platforms": ["linux"]}, ValueError, "linux/amd64"),
        ({"platforms": [("linux",)]}, ValueError, "architecture"),
        ({"mounts": ["a:b"]}, ValueError, "name:/data"),
        ({"log_driver_options": {"a": "b"}}, ValueError, "without log_driver"),
        ({"image": ""}, ValueError, "image to run"),
        ({"secrets": [5]}, TypeError, "SecretReference"),
        ({"networks": "a"}, TypeError, "a list"),
        ({"stop_grace_period": "soon"}, ValueError, "1m30s"),
    ],
)
def test_what_is_wrong(options: dict[str, Any], fault: type[Exception], words: str) -> None:
    with pytest.raises(fault, match=words):
        service_parts("services.create()", options)
