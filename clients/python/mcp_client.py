"""The official Python SDK: both eras."""

from functools import partial

import httpx2
from check import FILE, GOVERNED, KEY, URL, WRONG_KEY, check, leaves, run, tool
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

ECHO = tool("everything", "echo")
READ_FILE = tool("files", "read_text_file")
LONG_RUNNING = tool("everything", "trigger-long-running-operation")
DIRECT = ECHO == "echo"


def connect(mode, http):
    return Client(streamable_http_client(f"{URL}/mcp", http_client=http), mode=mode)


def http_client(key, **options):
    # The SDK's own time-outs: it lets a server hold a stream open for five minutes.
    timeout = httpx2.Timeout(30, read=300)
    return httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=timeout, **options)


def text(result):
    return "\n".join(part.text for part in result.content if part.type == "text")


async def speaks(client, version):
    assert client.protocol_version.startswith(version), client.protocol_version


async def lists(client):
    tools = {entry.name: entry for entry in (await client.list_tools()).tools}
    expected = {ECHO} if DIRECT else {ECHO, READ_FILE, LONG_RUNNING}
    assert expected <= tools.keys(), tools.keys()
    assert not [name for name in tools if name.startswith("memory__")], "memory is not granted"
    assert tools[ECHO].input_schema["required"] == ["message"]


async def calls(client):
    result = await client.call_tool(ECHO, {"message": "naïve ☃ 😀"})
    assert not result.is_error, text(result)
    assert text(result) == "Echo: naïve ☃ 😀", text(result)


async def reads(client):
    result = await client.call_tool(READ_FILE, {"path": FILE})
    assert "read through the gateway" in text(result), text(result)


async def sees_progress(client):
    seen = []

    async def on_progress(progress, total, _message):
        seen.append((progress, total))

    result = await client.call_tool(LONG_RUNNING, {"duration": 1, "steps": 4}, progress_callback=on_progress)
    assert "completed" in text(result), text(result)
    # The last step comes together with the result, and the SDK may drop it then.
    assert seen[:3] == [(1, 4), (2, 4), (3, 4)], seen


async def bad_arguments(client):
    result = await client.call_tool(ECHO, {"message": 1})
    assert result.is_error, text(result)


async def unknown_tool(client, name):
    try:
        result = await client.call_tool(name, {})
    except MCPError as error:
        assert error.code == -32602, f"{error.code}: {error}"
    else:
        raise AssertionError(f"{name} answered {result}")


async def refused(client):
    # Unknown to this agent, or a refusal that the model can read: both are the gateway's to choose.
    try:
        result = await client.call_tool("memory__read_graph", {})
    except MCPError as error:
        assert error.code == -32602, f"{error.code}: {error}"
    else:
        assert result.is_error, result


async def wrong_key(mode):
    statuses = []

    async def note(response):
        statuses.append(response.status_code)

    try:
        async with http_client(WRONG_KEY, event_hooks={"response": [note]}) as http, connect(mode, http) as client:
            await client.list_tools()
    except Exception as error:
        assert any(isinstance(leaf, MCPError) for leaf in leaves(error)), repr(error)
    else:
        raise AssertionError("connected under a wrong key")
    # The SDK keeps the status to itself.
    assert 401 in statuses, statuses


async def session(mode, version):
    async with http_client(KEY) as http, connect(mode, http) as client:
        await check(f"{mode}: connects and speaks {version}", partial(speaks, client, version))
        await check(f"{mode}: lists the granted tools, with their schemas", partial(lists, client))
        await check(f"{mode}: calls a tool", partial(calls, client))
        await check(f"{mode}: sees the progress of a long call", partial(sees_progress, client))
        await check(f"{mode}: gets bad arguments back as a result with is_error", partial(bad_arguments, client))
        if DIRECT:
            return
        await check(f"{mode}: reads a file", partial(reads, client))
        for name in [tool("everything", "no-such-tool"), "no-such-connector__tool"]:
            await check(f"{mode}: gets -32602 for {name}", partial(unknown_tool, client, name))
        if GOVERNED:
            await check(f"{mode}: is refused a tool that is not granted", partial(refused, client))


async def main():
    legacy, modern = "2025-", "2026-07-28"
    modes = [("legacy", legacy), ("auto", legacy)] if DIRECT else [("legacy", legacy), ("auto", modern), (modern, modern)]
    for mode, version in modes:
        await check(f"{mode}: opens and closes", partial(session, mode, version), limit_seconds=180)
        if not DIRECT:
            await check(f"{mode}: is turned away with 401 under a wrong key", partial(wrong_key, mode))


run(main)
