"""Kubernetes' YAML, systemd's units and health checks on a real Podman."""

import json
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of
from tests.engines.harness import TEST_IMAGE, Engine
from tests.fake_cluster import a_cluster, kubeconfig
from tests.live import Relay, Scope, shell
from tests.tls_material import tls_material
from wharfinger import AsyncPodmanClient
from wharfinger._core.negotiation import version_key
from wharfinger.errors import APIError, Conflict, ContainerNotFound, NotFound, NotSupported, PodNotFound


@pytest.fixture
def scope(podman_engine: Engine) -> Iterator[Scope]:
    with Scope(podman_engine) as made:
        yield made


def podman(engine: Engine, url: str | None = None, *, version: str = "auto") -> AsyncPodmanClient:
    return AsyncPodmanClient(url or engine.url, version=version)


def is_old(engine: Engine) -> bool:
    """Whether it lacks most of what playing YAML has now."""
    return version_key(engine.libpod_version or "0") < (4, 9)


def described(scope: Scope, name: str, command: list[str] | None = None, **more: Any) -> dict[str, Any]:
    container = {"name": "main", "image": TEST_IMAGE, "command": command or ["sleep", "300"]}
    spec = {
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 0,
        "hostNetwork": True,
        "containers": [container],
        **more,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": scope.labels},
        "spec": spec,
    }


def running(engine: Engine, pod: str) -> list[str]:
    """The names of a pod's containers that run, as the engine's own program tells them."""
    found = engine.cli("ps", "--filter", f"pod={pod}", "--format", "{{.Names}}", check=False)
    return [name for name in found.stdout.split() if "infra" not in name]


def there(engine: Engine, kind: str, name: str) -> bool:
    return engine.cli(kind, "inspect", name, check=False).returncode == 0


async def test_played_and_taken_down(podman_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    name = scope.pod()
    yaml = json.dumps(described(scope, name))
    file = tmp_path / "pod.yaml"
    file.write_text(f"# a pod\n{yaml}\n")
    sources: list[Any] = [yaml, yaml.encode(), file, BytesIO(yaml.encode()), StringIO(yaml)]
    async with podman(podman_engine) as client:
        report = await client.kube.play(described(scope, name))
        (pod,) = report.pods
        assert running(podman_engine, name) == [f"{name}-main"]
        assert (await client.pods.get(name)).id == pod.id
        assert len(pod.containers) == 1
        assert (await client.containers.get(pod.containers[0])).name == f"{name}-main"
        assert (report.volumes, report.service_container) == ((), None)
        with pytest.raises(Conflict, match="already exists"):
            await client.kube.play(described(scope, name))
        ended = await client.kube.down(described(scope, name))
        assert (ended.stopped, ended.removed) == ((pod.id,), (pod.id,))
        assert not there(podman_engine, "pod", name)
        for source in sources:
            (pod,) = (await client.kube.play(source, start=False)).pods
            assert running(podman_engine, name) == []
            await client.pods.remove(pod.id, force=True, timeout=0)


async def test_everything_that_yaml_has(podman_engine: Engine, scope: Scope) -> None:
    # Podman 4.3 numbers the pods of a deployment.
    last = "-pod-0" if is_old(podman_engine) else "-pod"
    name, volume, secret = scope.pod(f"d{last}"), scope.volume(), scope.secret()
    template = described(scope, "", ["true"])
    documents: list[dict[str, Any]] = [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": volume},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}},
        },
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": secret}, "data": {"a": "Yg=="}},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name.removesuffix(last)},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": {"app": "a"}},
                "template": {"metadata": {"labels": {"app": "a"}}, "spec": template["spec"]},
            },
        },
    ]
    async with podman(podman_engine) as client:
        report = await client.kube.play(documents, start=False)
        assert report.volumes == (volume,)
        assert len(report.secrets) == len(report.pods) == 1
        assert there(podman_engine, "pod", name)
        assert there(podman_engine, "volume", volume)
        if is_old(podman_engine):
            with pytest.raises(NotSupported, match=r"PlayKubeDownLibpod\(force\).*4\.9\.5"):
                await client.kube.down(documents, force=True)
            await client.kube.down(documents)
            assert there(podman_engine, "volume", volume)
            return
        ended = await client.kube.down(documents, force=True)
        assert (ended.removed_volumes, ended.removed_secrets) == ((volume,), report.secrets)
        assert not there(podman_engine, "volume", volume)
        assert not there(podman_engine, "pod", name)


async def test_options_of_playing(podman_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "Containerfile").touch()
    name = scope.pod()
    yaml = described(scope, name, ["true"])
    newer: Any
    with Relay(podman_engine) as relay:
        async with podman(podman_engine, relay.url, version="4.3.1") as client:
            for newer, since in (
                ({"annotations": {"a": "b"}}, "5.0.3"),
                ({"log_options": {"path": "/tmp/a"}}, "4.9.5"),
                ({"no_hosts": True}, "4.9.5"),
                ({"no_trunc": True}, "4.9.5"),
                ({"publish_all_ports": True}, "5.0.3"),
                ({"publish_ports": ["8080:80"]}, "4.9.5"),
                ({"replace": True}, "4.9.5"),
                ({"service_container": True}, "4.9.5"),
                ({"userns": "auto"}, "4.9.5"),
                ({"wait": True}, "4.9.5"),
                ({"build": {TEST_IMAGE: tmp_path}}, "5.4.2"),
            ):
                with pytest.raises(NotSupported, match=f"needs Podman API {since}"):
                    await client.kube.play(yaml, **newer)
            assert [line for line in relay.requests if "play" in line] == []
            await client.kube.play(yaml, log_driver="none", tls_verify=False, start=False)
            inner = scope.inspect(f"{name}-main")
            assert inner["HostConfig"]["LogConfig"]["Type"] == "none"
            await client.kube.down(yaml)
    if is_old(podman_engine):
        return
    async with podman(podman_engine) as client:
        first = await client.kube.play(yaml)
        second = await client.kube.play(
            yaml,
            replace=True,
            no_trunc=True,
            no_hosts=True,
            annotations={"io.example/a": "b"},
            service_container=True,
            auth_config={"username": "a", "password": "b"},
        )
        assert second.pods[0].id != first.pods[0].id
        assert second.service_container
        assert scope.inspect(f"{name}-main")["Config"]["Annotations"]["io.example/a"] == "b"
        await client.kube.down(yaml)
        # What YAML names otherwise than the keywords do.
        ports: Any = {"containers": [{"name": "main", "image": TEST_IMAGE, "ports": [{"containerPort": 80}]}]}
        published = described(scope, name, hostNetwork=False, **ports)
        options: Any
        for options in ({"publish_all_ports": True}, {"publish_ports": ["127.0.0.1::80"]}):
            await client.kube.play(published, start=False, **options)
            (bound,) = (await client.pods.get(name)).attrs["InfraConfig"]["PortBindings"].items()
            assert bound[0] == "80/tcp"
            await client.kube.down(published)


async def test_stayed_with_until_the_end(podman_engine: Engine, scope: Scope) -> None:
    name, volume = scope.pod(), scope.volume()
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": volume},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}},
    }
    one = {"name": "main", "image": TEST_IMAGE, "command": ["true"]}
    containers = [one, {**one, "name": "other", "command": shell("exit 3")}]
    async with podman(podman_engine) as client:
        documents = [claim, described(scope, name, containers=containers)]
        if is_old(podman_engine):
            with pytest.raises(NotSupported, match=r"PlayKubeLibpod\(wait\).*4\.9\.5"):
                await client.kube.play(documents, wait=True)
            return
        report = await client.kube.play(documents, wait=True)
        (pod,) = report.pods
        assert [report.exit_codes[id] for id in pod.containers] == [0, 3]
        assert (report.removed, report.removed_volumes) == ((pod.id,), (volume,))
        assert not there(podman_engine, "pod", name)
        assert not there(podman_engine, "volume", volume)
        # What fails and is started again has not ended.
        again = described(scope, name, shell("test -e /kept && exit 0", "touch /kept; exit 1"))
        again["spec"]["restartPolicy"] = "OnFailure"
        assert list((await client.kube.play(again, wait=True)).exit_codes.values()) == [0]
        assert not there(podman_engine, "pod", name)


def tree(folder: Path, image: str, **files: str) -> Path:
    """A folder to build an image from."""
    folder.mkdir()
    (folder / "Containerfile").write_text(f"FROM {image}\nCOPY . /made\n")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


async def test_built_before(podman_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    name, tag = scope.pod(), scope.image()
    web = tree(tmp_path / "a", TEST_IMAGE, told="first", secret="x", _dockerignore="secret\n")
    spec = described(scope, name, ["cat", "/made/told"])
    spec["spec"]["containers"][0] |= {"image": tag, "imagePullPolicy": "Never"}
    async with podman(podman_engine) as client:
        if version_key(podman_engine.libpod_version or "0") < (5, 4):
            with pytest.raises(NotSupported, match=r"PlayKubeLibpod\(build\).*5\.4\.2"):
                await client.kube.play(spec, build={tag: web})
            return
        for text in ("first", "second"):
            (web / "told").write_text(text)
            report = await client.kube.play(spec, build={tag: str(web)})
            container = await client.containers.get(report.pods[0].containers[0])
            await container.wait()
            assert await container.logs() == text.encode()
            await client.kube.down(spec)
        listing = podman_engine.cli("run", "--rm", "--network=none", tag, "ls", "-A", "/made").stdout
        assert set(listing.split()) == {".dockerignore", "Containerfile", "told"}
        (web / "Containerfile").write_text(f"FROM {TEST_IMAGE}\nRUN exit 3\n")
        with pytest.raises(APIError, match="exit status 3"):
            await client.kube.play(spec, build={tag: web})
        # The pod was made before the image.
        await client.kube.down(spec)
        assert not there(podman_engine, "pod", name)


@pytest.mark.bad_input("KubeManager.down", "KubeManager.play")
async def test_yaml_that_is_none(podman_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    name = scope.pod()
    with Relay(podman_engine) as relay:
        async with podman(podman_engine, relay.url) as client:
            cases: list[tuple[Any, type[Exception], str]] = [
                (5, TypeError, "the YAML is 5 of type int, expected YAML text, a path"),
                ("", ValueError, "the YAML is empty"),
                ([], ValueError, "the YAML is empty"),
                ({"metadata": {}}, ValueError, "lacks 'kind'"),
                ({"kind": "Pod", "x": b"a"}, TypeError, "what JSON cannot say"),
                (["kind"], TypeError, "a document of the YAML is 'kind'"),
                (tmp_path / "nowhere", FileNotFoundError, "nowhere"),
            ]
            for wrong, fault, words in cases:
                with pytest.raises(fault, match=words):
                    await client.kube.play(wrong)
                with pytest.raises(fault, match=words):
                    await client.kube.down(wrong)
            with pytest.raises(TypeError, match=r"unknown option 'repalce' of kube.play\(\).*'replace'"):
                await client.kube.play("a", repalce=True)  # type: ignore[call-arg]  # what a type checker knows too
            (tmp_path / "b").mkdir()
            ok = described(scope, name)
            wrong_options: list[tuple[Any, type[Exception], str]] = [
                ({"build": {}}, ValueError, "build is {}, expected images"),
                ({"build": {"a": 5}}, TypeError, r"build\['a'\] is 5"),
                ({"build": {"none/such": tmp_path}}, ValueError, "which the YAML does not name"),
                ({"build": {TEST_IMAGE: tmp_path / "nowhere"}}, FileNotFoundError, "no such folder"),
                ({"build": {TEST_IMAGE: tmp_path / "b"}}, FileNotFoundError, "no Dockerfile"),
                ({"wait": True, "start": False}, ValueError, "what is not started does not end"),
            ]
            options: Any
            for options, fault, words in wrong_options:
                with pytest.raises(fault, match=words):
                    await client.kube.play(ok, **options)
            assert [line for line in relay.requests if "play" in line] == []
            with pytest.raises(APIError):
                await client.kube.play("nonsense")
            with pytest.raises(APIError, match="supported kube kind"):
                await client.kube.play({"apiVersion": "v1", "kind": "Nonsense", "metadata": {"name": "a"}})
            with pytest.raises(Conflict, match=r"not all containers were started.*/nowhere"):
                await client.kube.play(described(scope, name, ["/nowhere"]))
            # What was made before the fault can be taken down.
            await client.kube.down(described(scope, name, ["/nowhere"]))
            assert not there(podman_engine, "pod", name)
            if is_old(podman_engine):
                with pytest.raises(PodNotFound):
                    await client.kube.down(described(scope, name))


async def test_written_and_played_again(podman_engine: Engine, scope: Scope) -> None:
    name, volume = scope.pod(), scope.volume()
    podman_engine.cli("volume", "create", volume)
    async with podman(podman_engine) as client:
        pod = await client.pods.create(name, network_mode="none", labels=scope.labels)
        inner = await client.containers.create(
            TEST_IMAGE, ["sleep", "300"], name=scope.name("a"), pod=name, labels=scope.labels
        )
        yaml = await pod.generate_kube()
        assert f"name: {name}\n" in yaml
        assert "image: " + TEST_IMAGE in yaml
        assert await client.kube.generate([pod, volume]) != yaml
        assert "kind: PersistentVolumeClaim" in await client.kube.generate(volume)
        with pytest.raises(Conflict, match="use generate on the pod itself"):
            await inner.generate_kube()
        alone = await client.containers.create(
            TEST_IMAGE, "true", name=scope.name("b"), labels=scope.labels, network_mode="none"
        )
        assert f"name: {scope.name('b')}\n" in await alone.generate_kube()
        assert "kind: Pod" in await client.kube.generate([alone])
        await pod.remove(force=True)
        await client.kube.play(yaml, start=False)
        assert there(podman_engine, "pod", name)
        if is_old(podman_engine):
            options: Any
            for options in ({"type": "deployment"}, {"no_trunc": True}, {"podman_only": True}):
                with pytest.raises(NotSupported, match=r"needs Podman API 4\.9\.5"):
                    await client.kube.generate(name, **options)
            return
        deployment = await client.kube.generate(
            name, type="deployment", replicas=3, service=True, no_trunc=True
        )
        assert "kind: Deployment" in deployment
        assert "replicas: 3" in deployment


@pytest.mark.bad_input(
    "Container.generate_kube",
    "Container.generate_systemd",
    "Container.run_healthcheck",
    "KubeManager.generate",
)
async def test_what_is_not_there_or_wrong(podman_engine: Engine, scope: Scope) -> None:
    options: Any
    async with podman(podman_engine) as client:
        gone = client.containers.container(scope.name("gone"))
        with pytest.raises(ContainerNotFound):
            await gone.generate_kube()
        with pytest.raises(NotFound):
            await gone.generate_systemd()
        with pytest.raises(ContainerNotFound):
            await gone.run_healthcheck()
        with pytest.raises(NotFound, match="gone"):
            await client.kube.generate([gone])
        with pytest.raises(ValueError, match="names is empty"):
            await client.kube.generate([])
        with pytest.raises(ValueError, match="replicas=2: expected it with type='deployment'"):
            await client.kube.generate("a", replicas=2)
        for options, fault, words in (
            ({"restart_policy": "often"}, ValueError, "restart_policy is 'often'"),
            ({"stop_timeout": -1}, ValueError, "stop_timeout is -1"),
            ({"news": True}, TypeError, "unknown option 'news' of generate_systemd"),
        ):
            with pytest.raises(fault, match=words):
                await gone.generate_systemd(**options)
        well = await client.containers.create(TEST_IMAGE, "true", labels=scope.labels, network_mode="none")
        with pytest.raises(Conflict, match=r"has no defined healthcheck|is not running"):
            await well.run_healthcheck()


async def test_units_for_systemd(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    async with podman(podman_engine) as client:
        pod = await client.pods.create(name, network_mode="none", labels=scope.labels)
        container = await client.containers.create(
            TEST_IMAGE, ["sleep", "300"], name=scope.name("a"), pod=name, labels=scope.labels
        )
        units = await pod.generate_systemd(
            use_name=True,
            no_header=True,
            pod_prefix="p",
            container_prefix="c",
            separator="_",
            restart_policy="always",
            restart_sec=7,
            start_timeout="1m",
            stop_timeout=3,
            wants=["one.target"],
            after=["two.target"],
            requires="three.target",
            additional_env_variables={"A": "b"},
        )
        assert sorted(units) == [f"c_{container.name}", f"p_{name}"]
        # Podman writes some into the pod's unit alone, some into those of containers.
        text = "".join(units.values())
        for line in (
            "Restart=always",
            "RestartSec=7",
            "TimeoutStartSec=60",
            "one.target",
            "two.target",
            "three.target",
            "Environment=A=b",
        ):
            assert line in text
        assert "autogenerated" not in text
        assert "-t 3" in units[f"c_{container.name}"]
        (unit,) = (await container.generate_systemd(no_header=True)).items()
        assert unit[0] == f"container-{container.id}"
        seen = podman_engine.cli("generate", "systemd", "--no-header", container.id, check=False)
        assert seen.stdout.strip() in ("", unit[1].strip()) or unit[1].strip() in seen.stdout
        assert sorted(await pod.generate_systemd()) == sorted([f"container-{container.id}", f"pod-{pod.id}"])


async def test_health_checks(podman_engine: Engine, scope: Scope) -> None:
    async with podman(podman_engine) as client:
        container = await client.containers.run(
            TEST_IMAGE,
            shell("trap 'exit 0' TERM", "while :; do sleep 0.1; done"),
            detach=True,
            labels=scope.labels,
            network_mode="none",
            health_cmd=["sh", "-c", "echo seen; test -e /well"],
            health_interval=0,
            health_retries=1,
        )
        health = await container.run_healthcheck()
        assert (health.status, health.failing_streak, container.health) == ("unhealthy", 1, "unhealthy")
        assert [(one.exit_code, one.output.strip()) for one in health.log] == [(1, "seen")]
        assert health.log[0].start is not None
        await container.exec_run("touch /well")
        assert (await container.run_healthcheck()).status == "healthy"
        state = scope.inspect(container.id)["State"]
        seen = state.get("Health") or state["Healthcheck"]
        assert (seen["Status"], [one["ExitCode"] for one in seen["Log"]]) == ("healthy", [1, 0])


async def test_what_docker_lacks(docker_engine: Engine) -> None:
    with Relay(docker_engine) as relay:
        async with client_of(docker_engine, relay.url) as client:
            container = client.containers.container("any")
            with pytest.raises(NotSupported, match=r"generate_kube\(\).*needs Podman"):
                await container.generate_kube()
            with pytest.raises(NotSupported, match=r"generate_systemd\(\).*needs Podman"):
                await container.generate_systemd()
            with pytest.raises(NotSupported, match=r"run_healthcheck\(\).*needs Podman"):
                await container.run_healthcheck()
            assert relay.requests == ["GET /_ping"]


@pytest.mark.bad_input("KubeManager.apply")
async def test_applied_to_a_cluster(podman_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    """On what stands for a cluster, for there is no real one here."""
    pod = described(scope, scope.name())
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "s"},
        "spec": {"ports": [{"port": 80}]},
    }
    config = tmp_path / "kubeconfig"
    with tls_material() as material, a_cluster(material) as cluster:
        config.write_text(kubeconfig(material, cluster.url))
        async with podman(podman_engine) as client:
            with pytest.raises(FileNotFoundError):
                await client.kube.apply(tmp_path / "nowhere", kubeconfig=config)
            if is_old(podman_engine):
                with pytest.raises(NotSupported, match=r"KubeApplyLibpod.*4\.9\.5"):
                    await client.kube.apply(pod, kubeconfig=config)
                return
            await client.kube.apply([pod, service], kubeconfig=config)
            await client.kube.apply(pod, kubeconfig=str(config), namespace="mine")
            assert sorted(path for path, _ in cluster.given) == [
                "/api/v1/namespaces/default/pods",
                "/api/v1/namespaces/default/services",
                "/api/v1/namespaces/mine/pods",
            ]
            assert all(scope.name() in body for path, body in cluster.given if path.endswith("pods"))
            with pytest.raises(APIError, match="refused"):
                await client.kube.apply(described(scope, "refused"), kubeconfig=config)
            with pytest.raises(APIError, match="no such file"):
                await client.kube.apply(pod, kubeconfig=tmp_path / "none")
