// A stand-in for the gateway, to try the client scripts themselves: an MCP server of both eras made with the
// official SDK, and the mock provider, on one port behind one key. It governs nothing and records nothing.
// With --bare its tools carry no connector's name, and it serves as a server behind the gateway.
//   node stand_in.mjs --port 4000 --key KEY [--models a,b] [--bare]
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { provider } from './provider.mjs';
import { serve } from './serve.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string' }, key: { type: 'string' }, models: { type: 'string', default: '' }, bare: { type: 'boolean' } },
});
const tool = (connector, name) => values.bare ? name : `${connector}__${name}`;
const text = (text) => ({ content: [{ type: 'text', text }] });

function tools() {
  const server = new McpServer({ name: 'stand-in', version: '1.0.0' });
  server.registerTool(tool('everything', 'echo'), { inputSchema: z.object({ message: z.string() }) },
    ({ message }) => text(`Echo: ${message}`));
  server.registerTool(tool('everything', 'trigger-long-running-operation'),
    { inputSchema: z.object({ duration: z.number(), steps: z.number() }) },
    async ({ duration, steps }, context) => {
      const progressToken = context.mcpReq._meta?.progressToken;
      for (let progress = 1; progress <= steps; progress++) {
        await sleep((duration / steps) * 1000);
        if (progressToken !== undefined) {
          await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: steps } });
        }
      }
      return text('Long running operation completed.');
    });
  server.registerTool(tool('files', 'read_text_file'), { inputSchema: z.object({ path: z.string() }) },
    async ({ path }) => text(await readFile(path, 'utf8')));
  return server;
}

const mcp = createMcpHandler(tools);
const models = provider({ key: values.key, models: values.models.split(',') });

serve({
  port: values.port,
  key: values.key,
  fetch: mcp.fetch,
  otherwise: (request, response) => request.url === '/readyz' ? response.end('ok') : models(request, response),
});
