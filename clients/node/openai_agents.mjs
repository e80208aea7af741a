// An agent of the OpenAI Agents SDK whose model and whose tools both come through the gateway.
import assert from 'node:assert/strict';
import { Agent, MCPServerStreamableHttp, OpenAIChatCompletionsModel, OpenAIResponsesModel, run, setTracingDisabled } from '@openai/agents';
import OpenAI from 'openai';
import { check, governed, key, models, tool, url } from './check.mjs';

// Tracing would send every run to the vendor.
setTracingDisabled(true);

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const echo = tool('everything', 'echo');

const routes = [['same protocol', models.openai], ['translated', models.anthropic]].flatMap(([route, model]) => [
  [`chat, ${route}`, new OpenAIChatCompletionsModel(client, model)],
  [`responses, ${route}`, new OpenAIResponsesModel(client, model)],
]);
if (governed) routes.push(['responses, through a failover', new OpenAIResponsesModel(client, models.agentsFailover)]);

for (const [route, model] of routes) {
  for (const stream of [false, true]) {
    await check(`${route}: an agent calls a tool and answers${stream ? ', streaming' : ''}`, async () => {
      const server = new MCPServerStreamableHttp({
        url: `${url}/mcp`, name: 'gatehouse', requestInit: { headers: { authorization: `Bearer ${key}` } },
      });
      await server.connect();
      try {
        const agent = new Agent({
          name: 'tester', instructions: 'Use the tools.', mcpServers: [server], model,
        });
        const result = await run(agent, `Call ${echo}`, { stream, maxTurns: 4 });
        if (stream) await result.completed;
        assert.match(result.finalOutput, /the tool said: .*Echo: from the model/);
      } finally {
        await server.close();
      }
    });
  }
}
