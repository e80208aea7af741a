"""The official Anthropic SDK: its own protocol's provider, and one that the gateway has to translate for."""

from functools import partial

import anthropic
from check import ANTHROPIC, FAILOVER, GOVERNED, KEY, OPENAI, URL, WRONG_KEY, check, run

client = anthropic.AsyncAnthropic(base_url=URL, api_key=KEY, max_retries=0)

HELLO = {"role": "user", "content": "hello"}
ASK_WEATHER = {"role": "user", "content": "How is the weather?"}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "weather", "description": "The weather in a city", "input_schema": CITY}


async def lists_models():
    ids = [model.id async for model in client.models.list()]
    assert {OPENAI, ANTHROPIC} <= set(ids), ids


async def answers(model):
    message = await client.messages.create(model=model, max_tokens=100, system="be brief", messages=[HELLO])
    assert message.content[0].text == "heard: hello; system: be brief; images: 0", message
    assert message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (11, 7), message.usage
    assert message._request_id, "no request-id"


async def streams(model):
    async with client.messages.stream(model=model, max_tokens=100, messages=[HELLO]) as stream:
        texts = [text async for text in stream.text_stream]
        message = await stream.get_final_message()
    assert "".join(texts) == "heard: hello; system: none; images: 0", texts
    assert len(texts) > 1, "the answer came in one piece"
    assert message.stop_reason == "end_turn"
    assert message.usage.output_tokens == 7, message.usage


async def calls_tool(model):
    first = await client.messages.create(model=model, max_tokens=100, messages=[ASK_WEATHER], tools=[WEATHER])
    assert first.stop_reason == "tool_use", first
    call = next(block for block in first.content if block.type == "tool_use")
    assert (call.name, call.input) == ("weather", {"city": "from the model"})
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "sunny"}
    messages = [ASK_WEATHER, {"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
    second = await client.messages.create(model=model, max_tokens=100, messages=messages, tools=[WEATHER])
    assert second.content[0].text == "the tool said: sunny", second


async def streams_tool_call(model):
    async with client.messages.stream(model=model, max_tokens=100, messages=[ASK_WEATHER], tools=[WEATHER]) as stream:
        message = await stream.get_final_message()
    assert message.stop_reason == "tool_use", message
    assert [block.input for block in message.content if block.type == "tool_use"] == [{"city": "from the model"}]


async def unknown_model():
    try:
        await client.messages.create(model="no-such-model", max_tokens=100, messages=[HELLO])
    except (anthropic.NotFoundError, anthropic.BadRequestError) as error:
        assert error.body["type"] == "error", error.body
    else:
        raise AssertionError("an unknown model answered")


async def wrong_key():
    try:
        await client.with_options(api_key=WRONG_KEY).messages.create(model=ANTHROPIC, max_tokens=100, messages=[HELLO])
    except anthropic.AuthenticationError as error:
        assert error.body["error"]["type"] == "authentication_error", error.body
    else:
        raise AssertionError("a wrong key was answered")


async def fails_over():
    raw = await client.messages.with_raw_response.create(model=FAILOVER, max_tokens=100, messages=[HELLO])
    assert (await raw.parse()).content[0].text == "heard: hello; system: none; images: 0"
    assert raw.headers["x-gatehouse-attempts"] == "2", raw.headers
    assert raw.headers["x-gatehouse-provider"] == "openai-main", raw.headers


async def counts_tokens():
    count = await client.messages.count_tokens(model=ANTHROPIC, messages=[ASK_WEATHER])
    assert count.input_tokens == 11, count
    try:
        await client.messages.count_tokens(model=OPENAI, messages=[ASK_WEATHER])
    except anthropic.BadRequestError as error:
        assert error.body["type"] == "error", error.body
    else:
        raise AssertionError("tokens were guessed")


async def meets_a_limit():
    request = {"model": "limited-python-anthropic", "max_tokens": 100, "messages": [HELLO]}
    raw = await client.messages.with_raw_response.create(**request)
    assert raw.headers["anthropic-ratelimit-requests-remaining"] == "0", raw.headers
    for stream in (False, True):
        try:
            await client.messages.create(**request, stream=stream)
        except anthropic.RateLimitError as error:
            assert error.body["error"]["type"] == "rate_limit_error", error.body
            assert "once" in error.message, error.message
            assert int(error.response.headers["retry-after"]) > 0, error.response.headers
        else:
            raise AssertionError("a call over the limit was answered")


async def main():
    await check("lists the models", lists_models)
    for route, model in [("same protocol", ANTHROPIC), ("translated", OPENAI)]:
        await check(f"{route}: answers, with system prompt and usage", partial(answers, model))
        await check(f"{route}: streams an answer", partial(streams, model))
        await check(f"{route}: calls a tool and reads its result", partial(calls_tool, model))
        await check(f"{route}: streams a tool call", partial(streams_tool_call, model))
    await check("an unknown model is a NotFoundError or BadRequestError", unknown_model)
    await check("a wrong key is an AuthenticationError", wrong_key)
    if GOVERNED:
        await check("counts tokens where the provider can, and guesses nowhere", counts_tokens)
        await check("a 403 of the first provider is never seen", fails_over)
        await check("a limit of the gateway is a RateLimitError that says when to come again", meets_a_limit)


run(main)
