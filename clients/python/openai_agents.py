"""An agent of the OpenAI Agents SDK whose model and whose tools both come through the gateway."""

from functools import partial

from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, set_tracing_disabled
from agents.mcp import MCPServerStreamableHttp
from check import AGENTS_FAILOVER, ANTHROPIC, GOVERNED, KEY, OPENAI, URL, check, run, tool
from openai import AsyncOpenAI

# Tracing would send every run to the vendor.
set_tracing_disabled(True)

client = AsyncOpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
ECHO = tool("everything", "echo")


async def calls_tool(api, model):
    params = {"url": f"{URL}/mcp", "headers": {"Authorization": f"Bearer {KEY}"}}
    async with MCPServerStreamableHttp(params, name="gatehouse") as server:
        agent = Agent(name="tester", instructions="Use the tools.", mcp_servers=[server], model=api(model, client))
        result = await Runner.run(agent, f"Call {ECHO}", max_turns=4)
    assert "the tool said:" in result.final_output, result.final_output
    assert "Echo: from the model" in result.final_output, result.final_output


async def main():
    for route, model in [("same protocol", OPENAI), ("translated", ANTHROPIC)]:
        for name, api in [("chat", OpenAIChatCompletionsModel), ("responses", OpenAIResponsesModel)]:
            await check(f"{name}, {route}: an agent calls a tool and answers", partial(calls_tool, api, model))
    if GOVERNED:
        await check("responses, through a failover", partial(calls_tool, OpenAIResponsesModel, AGENTS_FAILOVER))


run(main)
