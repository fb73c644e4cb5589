"""Networks on real engines: made, found, joined, left, removed, cleared up."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._async._live import client_of, old_client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    ContainerNotFound,
    NetworkNotFound,
    NotFound,
    NotSupported,
)
from wharfinger.types import IPAMConfig, IPAMPool


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """A network as the engine's own program shows it."""
    found: list[dict[str, Any]] = json.loads(engine.cli("network", "inspect", name).stdout)
    return found[0]


def there(engine: Engine, name: str) -> bool:
    """Whether the engine's own program knows the network."""
    return engine.cli("network", "inspect", name, check=False).returncode == 0


def subnet(scope: Scope, part: str) -> str:
    """The start of addresses that no other test uses: those of Scope's token."""
    number = int(scope.token.removeprefix("whl-")[:4], 16)
    return f"10.{128 + number % 64}.{number // 64 % 256}.{part}"


async def test_made_and_found(engine: Engine, scope: Scope) -> None:
    name = scope.network()
    before = datetime.now(UTC) - timedelta(seconds=2)
    mtu = of_engine(engine, "com.docker.network.driver.mtu", "mtu")
    async with client_of(engine) as client:
        made = await client.networks.create(
            name,
            driver="bridge",
            internal=True,
            labels=["a=b", "c"],
            options={mtu: "1400"},
            check_duplicate=True,
        )
        found = await client.networks.get(name)
        again = await client.networks.get(made.id)
        (listed,) = await client.networks.list(names=[name])
        (by_id,) = await client.networks.list(ids=[made.id])
        assert await client.networks.exists(name)
        assert not await client.networks.exists(name[:-1])
        assert await found.inspect() is found.attrs
    told = shown(engine, name)
    for one in (made, found, again, listed, by_id):
        assert one.id == of_engine(engine, told.get("Id"), told.get("id"))
        assert (one.name, one.short_id, one.driver, one.scope) == (name, one.id[:12], "bridge", "local")
        assert one.labels == {"a": "b", "c": ""}
        assert one.options == {mtu: "1400"}
        assert (one.internal, one.enable_ipv6, one.containers) == (True, False, [])
        assert one.created
        assert before < one.created < datetime.now(UTC) + timedelta(seconds=2)
        assert repr(one).endswith(f"Network {one.id[:12]} {name}>")
        assert len(one.ipam.pool_configs) == 1
    assert len({made, found, again, listed, by_id}) == 1
    assert made != made.id


async def test_a_name_that_is_taken(engine: Engine, scope: Scope) -> None:
    name = scope.network()
    async with client_of(engine) as client:
        first = await client.networks.create(name)
        with pytest.raises(Conflict, match=name):
            await client.networks.create(name)
        assert await client.networks.list(name) == [first]


async def test_addresses(engine: Engine, scope: Scope) -> None:
    net, part, gateway = subnet(scope, "0/24"), subnet(scope, "128/25"), subnet(scope, "7")
    forms: list[Any] = [
        IPAMConfig(pool_configs=[IPAMPool(net, part, gateway)]),
        [IPAMPool(subnet=net, iprange=part, gateway=gateway)],
        {"Driver": "default", "Config": [{"Subnet": net, "IPRange": part, "Gateway": gateway}]},
    ]
    async with client_of(engine) as client:
        for number, form in enumerate(forms):
            name = scope.network(str(number))
            network = await client.networks.create(name, ipam=form)
            assert network.ipam.pool_configs == (IPAMPool(net, part, gateway),)
            told = shown(engine, name)
            if engine.name == "docker":
                assert told["IPAM"]["Config"] == [{"Subnet": net, "IPRange": part, "Gateway": gateway}]
            else:
                lease = {"start_ip": subnet(scope, "129"), "end_ip": subnet(scope, "255")}
                assert told["subnets"] == [{"subnet": net, "gateway": gateway, "lease_range": lease}]
            container = await started(client, scope, network=name)
            assert (
                subnet(scope, "").encode() in (await container.exec_run("ip -4 addr show eth0")).output[:400]
            )
            await container.remove(force=True)
            await network.remove()
        plain = await client.networks.create(scope.network("plain"), ipam=[net])
        assert plain.ipam.pool_configs[0].subnet == net
        with pytest.raises(Conflict):
            await client.networks.create(scope.network("same"), ipam=net)
        assert not there(engine, scope.name("same"))


async def test_both_kinds_of_addresses(engine: Engine, scope: Scope) -> None:
    name, net = scope.network(), subnet(scope, "0/24")
    async with client_of(engine) as client:
        network = await client.networks.create(name, enable_ipv6=True, ipam=[net, "fd00:77::/64"])
        assert network.enable_ipv6
        assert [pool.subnet for pool in network.ipam.pool_configs] == [net, "fd00:77::/64"]
        taken = IPAMPool(subnet(scope, "0/25"), aux_addresses={"router": subnet(scope, "2")})
        await network.remove()
        if engine.name == "docker":
            other = await client.networks.create(name, ipam=taken)
            assert other.ipam.pool_configs == (taken,)
        else:
            with pytest.raises(NotSupported, match="aux_addresses"):
                await client.networks.create(name, ipam=taken)
            some = IPAMPool(net, f"{subnet(scope, '10')}-{subnet(scope, '19')}")
            other = await client.networks.create(name, ipam=some)
            assert other.ipam.pool_configs[0].iprange == some.iprange


@pytest.mark.bad_input("Network.connect", "Network.disconnect")
async def test_joined_and_left(engine: Engine, scope: Scope) -> None:
    name, address = scope.network(), subnet(scope, "77")
    async with client_of(engine) as client:
        first, second = scope.network("first"), name
        await client.networks.create(first)
        network = await client.networks.create(second, ipam=subnet(scope, "0/24"))
        container = await started(client, scope, network=first, name=scope.name())
        other = await started(client, scope, network=second)
        await network.connect(container, aliases=["db"], ipv4_address=address)
        joined = scope.inspect(container.id)["NetworkSettings"]["Networks"]
        assert set(joined) == {first, second}
        assert joined[second]["IPAddress"] == address
        assert "db" in joined[second]["Aliases"]
        # It tells the address that it has found, and then has not the rights to go on (Podman 5).
        found = await other.exec_run(shell("ping -c 1 -W 5 db 2>&1"))
        assert address.encode() in found.output, found.output
        with pytest.raises(Conflict):
            await network.connect(container.id)
        await network.reload()
        assert {one.id for one in network.containers} == {container.id, other.id}
        (told,) = [one for one in network.containers if one.id == container.id]
        assert (told.name, told.is_summary) == (scope.name(), True)
        await told.reload()
        assert told.status == "running"
        remove: Any = client.networks.remove
        for which in (network, network.name, network.id, network.short_id):
            with pytest.raises(Conflict):
                await remove(which)
        assert there(engine, second)
        await network.disconnect(container)
        assert set(scope.inspect(container.id)["NetworkSettings"]["Networks"]) == {first}
        with pytest.raises(Conflict):
            await network.disconnect(container, force=False)
        (listed,) = await client.networks.list([second], greedy=True)
        assert listed.containers == [other]
        (listed,) = await client.networks.list([second])
        assert listed.containers == []
        with pytest.raises(ContainerNotFound):
            await network.connect(scope.name("nobody"))
        with pytest.raises(ContainerNotFound):
            await network.disconnect(scope.name("nobody"))


async def test_hardware_addresses_and_drivers_options(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        first = await client.networks.create(scope.network("first"))
        network = await client.networks.create(scope.network())
        container = await started(client, scope, network=first.name)
        if engine.name == "docker":
            async with old_client_of(engine) as old:
                with pytest.raises(NotSupported, match=r"mac_address.*1\.44"):
                    await (await old.networks.get(network.id)).connect(
                        container.id, mac_address="02:42:00:00:77:01"
                    )
            await network.connect(
                container, links={scope.name("db"): "database"}, link_local_ips=["169.254.7.7"]
            )
            joined = scope.inspect(container.id)["NetworkSettings"]["Networks"][network.name]
            assert joined["IPAMConfig"] == {"LinkLocalIPs": ["169.254.7.7"]}
        else:
            await network.connect(container.name, mac_address="02:42:00:00:77:01")
            joined = scope.inspect(container.id)["NetworkSettings"]["Networks"][network.name]
            assert joined["MacAddress"] == "02:42:00:00:77:01"
            await network.disconnect(container.name, force=True)
            await network.connect(container, interface_name="wharf0")
            assert b"wharf0" in (await container.exec_run("ip link")).output
            with pytest.raises(NotSupported, match="links"):
                await network.connect(container, links={"a": "b"})


@pytest.mark.bad_input(
    "Network.connect",
    "Network.disconnect",
    "Network.inspect",
    "Network.reload",
    "Network.remove",
    "NetworksManager.get",
    "NetworksManager.remove",
)
async def test_removed(engine: Engine, scope: Scope) -> None:
    name = scope.network()
    async with client_of(engine) as client:
        network = await client.networks.create(name)
        await started(client, scope, network=name)
        if engine.name == "podman":
            await client.networks.remove(network, force=True)
            assert scope.containers() == []
        else:
            with pytest.raises(NotSupported, match="force=True"):
                await network.remove(force=True)
            scope.discard(scope.containers()[0])
            await client.networks.remove(name)
        assert not there(engine, name)
        with pytest.raises(NetworkNotFound):
            await network.remove()
        with pytest.raises(NetworkNotFound):
            await network.reload()
        with pytest.raises(NetworkNotFound):
            await network.inspect()
        with pytest.raises(NetworkNotFound):
            await client.networks.get(name)
        with pytest.raises(NetworkNotFound):
            await client.networks.remove(name)
        with pytest.raises(NotFound):
            await network.connect(name)
        with pytest.raises(NotFound):
            await network.disconnect(name)


async def test_pruned(engine: Engine, scope: Scope) -> None:
    name, used, other = scope.network("unused"), scope.network("used"), scope.network("other")
    wanted = {"label": [f"{key}={value}" for key, value in scope.labels.items()]}
    async with client_of(engine) as client:
        for one in (name, used):
            await client.networks.create(one, labels=scope.labels)
        await client.networks.create(other)
        await started(client, scope, network=used)
        assert {one.name for one in await client.networks.list(filters=wanted)} == {name, used}
        assert await client.networks.prune(wanted) == {"NetworksDeleted": [name]}
        assert [there(engine, one) for one in (name, used, other)] == [False, True, True]
        assert await client.networks.prune(wanted) == {"NetworksDeleted": []}


async def test_one_that_goes_while_a_greedy_list_is_made(engine: Engine, scope: Scope) -> None:
    name, other = scope.network("going"), scope.network("staying")
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            going = await client.networks.create(name)
            staying = await client.networks.create(other)

            def remove() -> None:
                engine.cli("network", "rm", name)

            relay.before(f"networks/{going.id}", remove)
            assert await client.networks.list([name, other], greedy=True) == [staying]


@pytest.mark.bad_input(
    "Network.connect",
    "Network.update",
    "NetworksManager.create",
    "NetworksManager.get",
    "NetworksManager.list",
    "NetworksManager.prune",
)
async def test_what_is_wrong_is_told(engine: Engine, scope: Scope) -> None:
    name = scope.network()
    with Relay(engine) as relay:
        async with old_client_of(engine, relay.url) as client:
            network = await client.networks.create(name)
            before = len(relay.requests)
            create: Any = client.networks.create
            connect: Any = network.connect
            wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
                ({"atachable": True}, TypeError, "unknown option 'atachable'.*did you mean 'attachable'"),
                ({"internal": 1}, TypeError, "internal is 1"),
                ({"labels": 1}, TypeError, "labels is a int"),
                ({"ipam": 1}, TypeError, "ipam is 1"),
                ({"ipam": "10.1"}, ValueError, r"subnet of ipam is '10\.1'"),
                ({"ipam": [{"Subnett": "10.1.0.0/16"}]}, TypeError, "Subnett"),
                ({"ipam": {"Config": [{"Gateway": "10.1.0.1"}]}}, ValueError, "a subnet in each pool"),
                ({"ipam": IPAMPool("10.1.0.0/16", "10.1")}, ValueError, r"iprange.*'10\.1'"),
                ({"ipam": IPAMPool("10.1.0.0/16", gateway="x")}, ValueError, "gateway of ipam is 'x'"),
                ({"check_duplicate": False}, NotSupported, "1.43")
                if engine.name == "podman"
                else ({"routes": [{}]}, NotSupported, "Podman"),
                (
                    of_engine(engine, {"dns_enabled": True}, {"attachable": True}),
                    NotSupported,
                    of_engine(engine, "Podman", "Docker"),
                ),
                (
                    of_engine(engine, {"enable_ipv4": False}, {"network_dns_servers": ["10.1.0.1"]}),
                    NotSupported,
                    of_engine(engine, r"1\.47", r"4\.9\.5"),
                ),
            ]
            for options, fault, words in wrong:
                with pytest.raises(fault, match=words):
                    await create(scope.name("wrong"), **options)
            wrong = [
                ({"alias": ["a"]}, TypeError, "unknown option 'alias'.*did you mean 'aliases'"),
                ({"aliases": 1}, TypeError, "aliases"),
                ({"ipv4_address": 1}, TypeError, "ipv4_address"),
                ({"gw_priority": 1}, NotSupported, "gw_priority"),
                (
                    of_engine(engine, {"interface_name": "a"}, {"driver_opt": {"a": "b"}}),
                    NotSupported,
                    "interface_name|options.*5.4.2",
                ),
            ]
            for options, fault, words in wrong:
                with pytest.raises(fault, match=words):
                    await connect("a", **options)
            with pytest.raises(ValueError, match="nothing to change"):
                await network.update()
            with pytest.raises(NotSupported, match=r"4\.9\.5"):
                await network.update(add_dns_servers=["10.1.0.1"])
            with pytest.raises(ValueError, match="name is ''"):
                await client.networks.create("")
            with pytest.raises(ValueError, match="empty"):
                await client.networks.get("")
            if engine.name == "podman":
                with pytest.raises(NotSupported, match="verbose"):
                    await client.networks.get(name, verbose=True)
            assert len(relay.requests) == before
            with pytest.raises(NotFound, match="nobody"):
                await client.networks.create(scope.network("nobody"), driver="nobody")
            with pytest.raises(APIError):
                await client.networks.create(
                    scope.network("gateway"), ipam=IPAMPool(subnet(scope, "0/24"), gateway="192.0.2.1")
                )
            with pytest.raises(BadRequest, match="nothing"):
                await client.networks.list(filters={"nothing": "1"})
            labels = [f"{key}={value}" for key, value in scope.labels.items()]
            with pytest.raises(BadRequest, match="nothing"):
                await client.networks.prune({"label": labels, "nothing": "1"})
            private = await started(client, scope, network_mode="none")
            with pytest.raises(BadRequest):
                await network.connect(private)


async def test_no_property_asks_the_engine(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            network = await client.networks.create(scope.network())
            before = len(relay.requests)
            for name in dir(type(network)):
                if isinstance(getattr(type(network), name), property):
                    getattr(network, name)
            assert len(relay.requests) == before
