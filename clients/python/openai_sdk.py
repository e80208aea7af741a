"""The official OpenAI SDK: its own protocol's provider, and one that the gateway has to translate for."""

import json
from functools import partial

import openai
from check import ANTHROPIC, FAILOVER, GOVERNED, KEY, OPENAI, URL, WRONG_KEY, check, run

client = openai.AsyncOpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)

SYSTEM = {"role": "system", "content": "be brief"}
HELLO = {"role": "user", "content": "hello"}
ASK_WEATHER = {"role": "user", "content": "How is the weather?"}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"type": "function", "function": {"name": "weather", "description": "The weather in a city", "parameters": CITY}}


async def lists_models():
    ids = [model.id async for model in client.models.list()]
    assert {OPENAI, ANTHROPIC} <= set(ids), ids


async def answers(model):
    completion = await client.chat.completions.create(model=model, messages=[SYSTEM, HELLO])
    assert completion.choices[0].message.content == "heard: hello; system: be brief; images: 0", completion
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == 18, completion.usage
    assert completion._request_id, "no x-request-id"


async def streams(model):
    options = {"include_usage": True}
    stream = await client.chat.completions.create(model=model, messages=[HELLO], stream=True, stream_options=options)
    chunks = [chunk async for chunk in stream]
    deltas = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert "".join(deltas) == "heard: hello; system: none; images: 0", deltas
    assert len(deltas) > 1, "the answer came in one piece"
    assert [chunk.usage.total_tokens for chunk in chunks if chunk.usage][-1:] == [18], chunks[-1]


async def calls_tool(model):
    first = await client.chat.completions.create(model=model, messages=[ASK_WEATHER], tools=[WEATHER])
    assert first.choices[0].finish_reason == "tool_calls", first
    call = first.choices[0].message.tool_calls[0]
    assert call.function.name == "weather"
    assert json.loads(call.function.arguments) == {"city": "from the model"}
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    messages = [ASK_WEATHER, first.choices[0].message.to_dict(), result]
    second = await client.chat.completions.create(model=model, messages=messages, tools=[WEATHER])
    assert second.choices[0].message.content == "the tool said: sunny", second


async def streams_tool_call(model):
    async with client.chat.completions.stream(model=model, messages=[ASK_WEATHER], tools=[WEATHER]) as stream:
        completion = await stream.get_final_completion()
    assert completion.choices[0].finish_reason == "tool_calls", completion
    assert json.loads(completion.choices[0].message.tool_calls[0].function.arguments) == {"city": "from the model"}


async def unknown_model():
    try:
        await client.chat.completions.create(model="no-such-model", messages=[HELLO])
    except (openai.NotFoundError, openai.BadRequestError) as error:
        assert error.code == "model_not_found", error.body
    else:
        raise AssertionError("an unknown model answered")


async def wrong_key():
    try:
        await client.with_options(api_key=WRONG_KEY).chat.completions.create(model=OPENAI, messages=[HELLO])
    except openai.AuthenticationError as error:
        assert error.status_code == 401
    else:
        raise AssertionError("a wrong key was answered")


async def fails_over():
    raw = await client.chat.completions.with_raw_response.create(model=FAILOVER, messages=[HELLO])
    assert raw.parse().choices[0].message.content == "heard: hello; system: none; images: 0"
    assert raw.headers["x-gatehouse-attempts"] == "2", raw.headers
    assert raw.headers["x-gatehouse-provider"] == "openai-main", raw.headers


async def meets_a_limit():
    request = {"model": "limited-python-openai", "messages": [HELLO]}
    raw = await client.chat.completions.with_raw_response.create(**request)
    assert raw.headers["x-ratelimit-remaining-requests"] == "0", raw.headers
    for stream in (False, True):
        try:
            await client.chat.completions.create(**request, stream=stream)
        except openai.RateLimitError as error:
            assert error.code == "rate_limit_exceeded", error.body
            assert "once" in error.message, error.message
            assert int(error.response.headers["retry-after"]) > 0, error.response.headers
        else:
            raise AssertionError("a call over the limit was answered")


async def main():
    await check("lists the models", lists_models)
    for route, model in [("same protocol", OPENAI), ("translated", ANTHROPIC)]:
        await check(f"{route}: answers, with system prompt and usage", partial(answers, model))
        await check(f"{route}: streams an answer", partial(streams, model))
        await check(f"{route}: calls a tool and reads its result", partial(calls_tool, model))
        await check(f"{route}: streams a tool call", partial(streams_tool_call, model))
    await check("an unknown model is a NotFoundError or BadRequestError", unknown_model)
    await check("a wrong key is an AuthenticationError", wrong_key)
    if GOVERNED:
        await check("a 403 of the first provider is never seen", fails_over)
        await check("a limit of the gateway is a RateLimitError that says when to come again", meets_a_limit)


run(main)
