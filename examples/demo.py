"""What Wharfinger does, step by step, on a real engine: run it with `make demo`.

Needs nothing from the network but what the set-up installs. Whatever it makes, it removes again.
"""

from __future__ import annotations

import io
import tarfile
from uuid import uuid4

import wharfinger
from examples.demo_setup import find_engine, root_file_system
from wharfinger_api.docker.api.container import container_top
from wharfinger_api.libpod.api.containers import container_top_libpod

Client = wharfinger.DockerClient | wharfinger.PodmanClient

NAME = f"wharfinger-demo-{uuid4().hex[:8]}"
IMAGE = f"localhost/{NAME}:1"
SCRIPT = "for i in 1 2 3; do echo working $i; sleep 0.3; done; echo done >&2; exec sleep 60"


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def step(title: str) -> None:
    print(f"\n{title}", flush=True)


def main() -> None:
    step("Finding an engine: wharfinger.connect()")
    with find_engine(say) as client:
        version = client.version()
        say(f"{version.engine} {version.version} on {version.os}/{version.arch}, API {client.api_version}")
        say(f"at {client.address}")

        step("Importing a small image: client.images.import_image(tar)")
        image = client.images.import_image(
            root_file_system(say), reference=IMAGE, changes=['CMD ["/bin/sh"]']
        )
        say(f"{image} with the names {image.tags}")
        try:
            show_containers(client)
        finally:
            client.images.remove(IMAGE, force=True)
            say(f"image {IMAGE} is gone: {not client.images.exists(IMAGE)}")
    print("\nThat was all. The same with async and await: see README.md.")


def show_containers(client: Client) -> None:
    show_run(client)
    container = client.containers.run(
        IMAGE, ["/bin/sh", "-c", SCRIPT], detach=True, name=NAME, labels={"demo": "yes"}, network_mode="none"
    )
    try:
        show_container(container)
        show_low_level(client, container)
    finally:
        step("Removing what was made")
        container.remove(force=True)
        say(f"container {NAME} is gone: {not client.containers.exists(NAME)}")


def show_run(client: Client) -> None:
    step("Running a command to its end: client.containers.run(...)")
    hello = ["/bin/sh", "-c", "echo hello from inside"]
    say(repr(client.containers.run(IMAGE, hello, remove=True, network_mode="none")))
    failing = ["/bin/sh", "-c", "echo oh no >&2; exit 3"]
    try:
        client.containers.run(IMAGE, failing, remove=True, network_mode="none")
    except wharfinger.ContainerError as error:
        say(f"a failure is an exception: exit code {error.exit_code}, stderr {error.stderr!r}")


def show_container(container: wharfinger.Container) -> None:
    step("Following the logs: container.logs(stream=True, lines=True)")
    with container.logs(stream=True, lines=True) as lines:
        for line in lines:
            say(f"{line.stream}: {line.data.decode().rstrip()}")
            if line.stream == "stderr":
                break

    step("A command with standard input: container.exec_run('cat', input=...)")
    result = container.exec_run("cat", input=b"sent through standard input")
    say(f"exit code {result.exit_code}, output {result.output!r}")

    step("A file in and out again: put_archive, get_archive")
    container.put_archive("/tmp", tar_of("note.txt", b"written by the demo"))
    stream, stat = container.get_archive("/tmp/note.txt")
    with stream, tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as archive:
        member = archive.extractfile("note.txt")
        say(f"{stat.name}, {stat.size} bytes: {member.read() if member else None!r}")

    step("Typed attributes, which ask nothing of the engine")
    container.reload()
    say(f"name {container.name!r}, status {container.status!r}, labels {container.labels.get('demo')!r}")
    say(f"started at {container.started_at}, image {container.image!r}")


def show_low_level(client: Client, container: wharfinger.Container) -> None:
    step("An operation that the high level lacks: the generated bindings on the same connections")
    if isinstance(client, wharfinger.DockerClient):
        docker_top = container_top.sync(container.id, client=client.api)
        say(f"container_top.sync(...): {docker_top.titles}: {docker_top.processes}")
    else:
        podman_top = container_top_libpod.sync(container.id, client=client.api)
        say(f"container_top_libpod.sync(...): {podman_top.titles}: {podman_top.processes}")


def tar_of(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


if __name__ == "__main__":
    main()
