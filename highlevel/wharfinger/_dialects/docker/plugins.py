"""Plugins of a Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.docker.images import auth_header
from wharfinger._dialects.encoding import body_content, filter_lists
from wharfinger_api.docker.api.plugin import (
    get_plugin_privileges,
    plugin_create,
    plugin_delete,
    plugin_disable,
    plugin_enable,
    plugin_inspect,
    plugin_list,
    plugin_pull,
    plugin_push,
    plugin_set,
    plugin_upgrade,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.credentials import Credentials
    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters


@attrs.frozen
class DockerPlugins:
    """See PluginOperations."""

    api: EngineAPI

    def privileges(self, remote: str, auth: Credentials | None) -> Operation[AttrsList]:
        request = get_plugin_privileges.request_kwargs(remote=remote, x_registry_auth=auth_header(auth))
        op = self.api.operation(get_plugin_privileges.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def pull(
        self, remote: str, name: str | None, privileges: AttrsList, auth: Credentials | None
    ) -> Operation[Any]:
        request = plugin_pull.request_kwargs(
            remote=remote, name=name, body=cast("Any", privileges), x_registry_auth=auth_header(auth)
        )
        return self.api.operation(plugin_pull.OPERATION, request)

    def upgrade(
        self, name: str, remote: str, privileges: AttrsList, auth: Credentials | None
    ) -> Operation[Any]:
        request = plugin_upgrade.request_kwargs(
            name, remote=remote, body=cast("Any", privileges), x_registry_auth=auth_header(auth)
        )
        return self.api.operation(plugin_upgrade.OPERATION, request, kind="plugin")

    def push(self, name: str, auth: Credentials | None) -> Operation[Any]:
        # The engine refuses a push without the header.
        request = plugin_push.request_kwargs(name, x_registry_auth=auth_header(auth) or {})
        return self.api.operation(plugin_push.OPERATION, request, kind="plugin")

    def create(self, name: str, content: Content) -> Operation[None]:
        request = plugin_create.request_kwargs(name=name, body=body_content(content))
        return self.api.operation(plugin_create.OPERATION, request)

    def inspect(self, name: str) -> Operation[Attrs]:
        op = self.api.operation(plugin_inspect.OPERATION, plugin_inspect.request_kwargs(name), kind="plugin")
        return converted(op, lambda found: found.to_dict())

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        op = self.api.operation(
            plugin_list.OPERATION, plugin_list.request_kwargs(filters=filter_lists(filters))
        )
        return converted(op, lambda found: [one.to_dict() for one in found])

    def enable(self, name: str, timeout: int) -> Operation[None]:
        request = plugin_enable.request_kwargs(name, timeout=timeout)
        return self.api.operation(plugin_enable.OPERATION, request, kind="plugin")

    def disable(self, name: str, *, force: bool) -> Operation[None]:
        request = plugin_disable.request_kwargs(name, force=force or None)
        return self.api.operation(plugin_disable.OPERATION, request, kind="plugin")

    def configure(self, name: str, settings: Sequence[str]) -> Operation[None]:
        request = plugin_set.request_kwargs(name, body=settings)
        return self.api.operation(plugin_set.OPERATION, request, kind="plugin")

    def remove(self, name: str, *, force: bool) -> Operation[None]:
        request = plugin_delete.request_kwargs(name, force=force or None)
        op = self.api.operation(plugin_delete.OPERATION, request, kind="plugin")
        return converted(op, lambda _: None)
