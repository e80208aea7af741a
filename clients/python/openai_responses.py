"""The official OpenAI SDK on the responses API and embeddings: same protocol, translated, and through a failover."""

import json
from functools import partial

import openai
from check import ANTHROPIC, GOVERNED, KEY, OPENAI, RESPONSES_FAILOVER, URL, VECTORS, check, run

client = openai.AsyncOpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"type": "function", "name": "weather", "description": "The weather in a city", "parameters": CITY, "strict": False}


async def answers(model):
    response = await client.responses.create(model=model, instructions="be brief", input="hello")
    assert response.output_text == "heard: hello; system: be brief; images: 0", response
    assert response.status == "completed", response
    assert response.usage.total_tokens == 18, response.usage
    assert response._request_id, "no x-request-id"


async def streams(model):
    async with client.responses.stream(model=model, input="hello") as stream:
        deltas = [event.delta async for event in stream if event.type == "response.output_text.delta"]
        response = await stream.get_final_response()
    assert "".join(deltas) == "heard: hello; system: none; images: 0", deltas
    assert len(deltas) > 1, "the answer came in one piece"
    assert response.output_text == "".join(deltas)
    assert response.usage.total_tokens == 18, response.usage


async def calls_tool(model):
    question = {"role": "user", "content": "How is the weather?"}
    first = await client.responses.create(model=model, input=[question], tools=[WEATHER])
    call = next(item for item in first.output if item.type == "function_call")
    assert (call.name, json.loads(call.arguments)) == ("weather", {"city": "from the model"})
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    history = [question, *(item.to_dict() for item in first.output), result]
    second = await client.responses.create(model=model, input=history, tools=[WEATHER])
    assert second.output_text == "the tool said: sunny", second


async def fails_over():
    raw = await client.responses.with_raw_response.create(model=RESPONSES_FAILOVER, input="hello")
    assert (raw.parse()).output_text == "heard: hello; system: none; images: 0"
    assert raw.headers["x-gatehouse-attempts"] == "2", raw.headers
    assert raw.headers["x-gatehouse-provider"] == "openai-main", raw.headers


async def names_what_it_refuses():
    try:
        await client.responses.create(model=OPENAI, input="hello", background=True)
    except openai.BadRequestError as error:
        assert error.param == "background", error.body
    else:
        raise AssertionError("background was taken")


async def embeds():
    reply = await client.embeddings.create(model=VECTORS, input=["a", "bcd"], encoding_format="float")
    assert [item.embedding[0] for item in reply.data] == [1, 3], reply
    assert reply.usage.total_tokens == 11, reply.usage


async def main():
    for route, model in [("same protocol", OPENAI), ("translated", ANTHROPIC)]:
        await check(f"{route}: answers, with instructions and usage", partial(answers, model))
        await check(f"{route}: streams an answer", partial(streams, model))
        await check(f"{route}: calls a tool and reads its result", partial(calls_tool, model))
    if GOVERNED:
        await check("a 403 of the first provider is never seen", fails_over)
        await check("background is a BadRequestError that names it", names_what_it_refuses)
        await check("embeddings come from the model that makes them", embeds)


run(main)
