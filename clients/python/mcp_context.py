"""Resources, prompts, completions, questions and news with the official Python SDK, in both eras, before servers of both."""

from functools import partial

import anyio
import httpx2
from check import KEY, URL, check, run, tool
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp_types import (
    CreateMessageResult,
    ElicitResult,
    PromptReference,
    ResourceTemplateReference,
    ResourceUpdatedNotification,
    TextContent,
    ToolListChangedNotification,
)

NEWS_SECONDS = 30

# Two connectors here are server-everything, so the connector's name stands before the URIs that both offer.
SERVERS = {
    "everything": {
        "resource": ("everything+demo://resource/static/document/features.md", "# Everything Server - Features"),
        "template": "everything+demo://resource/dynamic/text/{resourceId}",
        "from_template": ("everything+demo://resource/dynamic/text/7", "Resource 7: This is a plaintext resource"),
        "prompt": ("args-prompt", {"city": "Lisbon", "state": "Estremadura"}, "weather in Lisbon, Estremadura"),
        "complete_prompt": ("completable-prompt", "name", "A", {"department": "Engineering"}, ["Alice"]),
        "complete_template": ("resourceId", "12", ["12"]),
        # The server tells of its watched resources every 5 s while this is on; the second call turns it off.
        "touch": ("toggle-subscriber-updates", True),
        "sample": {"prompt": "Say hello", "maxTokens": 10},
    },
    "modern": {
        "resource": ("note://modern/today", "version "),
        "template": "note://modern/cities/{city}",
        "from_template": ("note://modern/cities/Lund", "About Lund"),
        "prompt": ("visit", {"city": "Lund", "street": "Bytaregatan"}, "How do I get to Bytaregatan in Lund?"),
        "complete_prompt": ("visit", "street", "Main", {"city": "Lund"}, ["Main of Lund"]),
        "complete_template": ("city", "L", ["Lisbon", "London", "Lund"]),
        "touch": ("touch-note", False),
        "sample": {"prompt": "Say hello"},
    },
}


def http_client():
    return httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, timeout=httpx2.Timeout(30, read=300))


def connect(mode, http, **callbacks):
    return Client(streamable_http_client(f"{URL}/mcp", http_client=http), mode=mode, **callbacks)


def text(result):
    return "\n".join(part.text for part in result.content if part.type == "text")


async def raised(call):
    try:
        result = await call
    except MCPError as error:
        return error
    raise AssertionError(f"answered {result}")


async def lists_and_reads(client, server):
    uri, contents = server["resource"]
    uris = [str(resource.uri) for resource in (await client.list_resources()).resources]
    assert uri in uris, uris
    templates = [template.uri_template for template in (await client.list_resource_templates()).resource_templates]
    assert server["template"] in templates, templates
    for asked, expected in [(uri, contents), server["from_template"]]:
        result = await client.read_resource(asked)
        assert expected in result.contents[0].text, result
        assert str(result.contents[0].uri) == asked, result


async def gets_prompts(client, connector, server):
    name, arguments, expected = server["prompt"]
    names = [prompt.name for prompt in (await client.list_prompts()).prompts]
    assert tool(connector, name) in names, names
    result = await client.get_prompt(tool(connector, name), arguments)
    assert expected in result.messages[0].content.text, result


async def completes(client, connector, server):
    name, argument, value, given, expected = server["complete_prompt"]
    reference = PromptReference(type="ref/prompt", name=tool(connector, name))
    result = await client.complete(reference, {"name": argument, "value": value}, given)
    assert result.completion.values == expected, result
    argument, value, expected = server["complete_template"]
    reference = ResourceTemplateReference(type="ref/resource", uri=server["template"])
    result = await client.complete(reference, {"name": argument, "value": value})
    assert result.completion.values == expected, result


async def misses(client, code):
    error = await raised(client.read_resource("nowhere://at/all"))
    assert error.code == code, error


async def hears(mode, modern, connector, server):
    uri, _ = server["resource"]
    name, ends = server["touch"]
    heard = anyio.Event()

    async def on_message(message):
        if isinstance(message, ResourceUpdatedNotification) and str(message.params.uri) == uri:
            heard.set()

    async with http_client() as http, connect(mode, http, message_handler=on_message) as client:
        if modern:
            async with client.listen(resource_subscriptions=[uri]) as subscription:
                await client.call_tool(tool(connector, name), {})
                with anyio.fail_after(NEWS_SECONDS):
                    async for event in subscription:
                        assert str(event.uri) == uri, event
                        break
        else:
            await client.subscribe_resource(uri)
            await client.call_tool(tool(connector, name), {})
            with anyio.fail_after(NEWS_SECONDS):
                await heard.wait()
            await client.unsubscribe_resource(uri)
        if ends:
            await client.call_tool(tool(connector, name), {})


async def hears_of_lists(mode, modern):
    heard = anyio.Event()

    async def on_message(message):
        if isinstance(message, ToolListChangedNotification):
            heard.set()

    async with http_client() as http, connect(mode, http, message_handler=on_message) as client:
        before = {entry.name for entry in (await client.list_tools()).tools}
        with anyio.fail_after(NEWS_SECONDS):
            if modern:
                async with client.listen(tools_list_changed=True) as subscription:
                    await client.call_tool(tool("modern", "grow"), {})
                    async for _ in subscription:
                        break
            else:
                await client.call_tool(tool("modern", "grow"), {})
                await heard.wait()
        after = {entry.name for entry in (await client.list_tools(cache_mode="refresh")).tools}
        assert len(after - before) == 1, after - before


async def answers(mode, connector, server):
    asked = []

    async def elicit(_context, params):
        asked.append(params)
        return ElicitResult(action="accept", content={"name": "Ada"})

    async def sample(_context, params):
        asked.append(params)
        content = TextContent(type="text", text="Hello from the client")
        return CreateMessageResult(role="assistant", content=content, model="the-client-s-own", stop_reason="endTurn")

    callbacks = {"elicitation_callback": elicit, "sampling_callback": sample}
    async with http_client() as http, connect(mode, http, **callbacks) as client:
        result = await client.call_tool(tool(connector, "trigger-elicitation-request"), {})
        assert not result.is_error and "Ada" in text(result), text(result)
        result = await client.call_tool(tool(connector, "trigger-sampling-request"), server["sample"])
        assert not result.is_error and "Hello from the client" in text(result), text(result)
        assert len(asked) == 2, asked
        assert "Say hello" in asked[1].messages[0].content.text, asked[1]


async def session(mode, modern, connector, server):
    label = f"{'modern' if modern else 'legacy'} client, {connector}"
    async with http_client() as http, connect(mode, http) as client:
        await check(f"{label}: lists and reads resources", partial(lists_and_reads, client, server))
        await check(f"{label}: lists and gets prompts", partial(gets_prompts, client, connector, server))
        await check(f"{label}: completes arguments", partial(completes, client, connector, server))
        await check(f"{label}: is told that a resource is not there", partial(misses, client, -32602 if modern else -32002))
    await check(f"{label}: hears that a resource changed", partial(hears, mode, modern, connector, server))
    if connector == "modern":
        await check(f"{label}: hears that the list of tools changed", partial(hears_of_lists, mode, modern))
    await check(f"{label}: fills in a form and samples for the server", partial(answers, mode, connector, server))


async def main():
    for mode, modern in [("legacy", False), ("auto", True)]:
        for connector, server in SERVERS.items():
            await check(
                f"{mode}, {connector}: opens and closes", partial(session, mode, modern, connector, server), limit_seconds=180
            )


run(main)
