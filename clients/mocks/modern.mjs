// A server behind the gateway that speaks 2026-07-28 and nothing older, made with the official SDK: it has tools,
// resources, a template and a prompt, asks back, tells of changes and counts what was cancelled.
//   node modern.mjs --port 4000 --key KEY
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { McpServer, ResourceTemplate, completable, createMcpHandler, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { serve } from './serve.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' }, key: { type: 'string' } } });
const NOTE = 'note://modern/today';
const CITIES = ['Lisbon', 'London', 'Lund'];
const text = (text) => ({ content: [{ type: 'text', text }] });

let version = 0;
let cancelled = 0;
const grown = [];

function offer() {
  const server = new McpServer({ name: 'modern', version: '1.0.0' }, {
    capabilities: { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { listChanged: true, subscribe: true } },
  });
  tools(server);
  asking(server);
  context(server);
  return server;
}

function tools(server) {
  server.registerTool('trigger-long-running-operation',
    { inputSchema: z.object({ duration: z.number(), steps: z.number() }) },
    async ({ duration, steps }, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (let progress = 1; progress <= steps; progress++) {
        try {
          await sleep((duration / steps) * 1000, undefined, { signal: mcpReq.signal });
        } catch (error) {
          cancelled++;
          throw error;
        }
        if (progressToken !== undefined) {
          await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: steps } });
        }
      }
      return text('Long running operation completed.');
    });
  server.registerTool('count-cancelled', {}, () => text(`${cancelled}`));
  server.registerTool('touch-note', {}, () => {
    version++;
    mcp.notify.resourceUpdated(NOTE);
    return text(`${version}`);
  });
  server.registerTool('grow', {}, () => {
    grown.push(grown.length + 1);
    mcp.notify.toolsChanged();
    mcp.notify.promptsChanged();
    mcp.notify.resourcesChanged();
    return text(`${grown.length}`);
  });
  for (const number of grown) {
    server.registerTool(`grown-${number}`, {}, () => text(`grown ${number}`));
    server.registerPrompt(`grown-${number}`, {}, () => ({ messages: [] }));
    server.registerResource(`grown-${number}`, `note://modern/grown/${number}`, {}, (uri) => ({ contents: [{ uri: uri.href, text: '' }] }));
  }
}

function asking(server) {
  server.registerTool('trigger-elicitation-request', {}, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'name');
    if (answer.kind !== 'missing') return text(JSON.stringify(answer));
    return inputRequired({ inputRequests: { name: inputRequired.elicit({
      message: 'Who are you?',
      requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    }) } });
  });
  server.registerTool('trigger-sampling-request', { inputSchema: z.object({ prompt: z.string() }) }, ({ prompt }, { mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'sample');
    if (answer.kind !== 'missing') return text(JSON.stringify(answer));
    return inputRequired({ inputRequests: { sample: inputRequired.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 10,
    }) } });
  });
}

function context(server) {
  server.registerResource('today', NOTE, { mimeType: 'text/plain' }, (uri) =>
    ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: `version ${version}` }] }));
  server.registerResource('city', new ResourceTemplate('note://modern/cities/{city}', {
    list: undefined, complete: { city: (value) => CITIES.filter((city) => city.startsWith(value)) },
  }), {}, (uri, { city }) => ({ contents: [{ uri: uri.href, text: `About ${city}` }] }));
  server.registerPrompt('visit', {
    argsSchema: z.object({
      city: completable(z.string(), (value) => CITIES.filter((city) => city.startsWith(value))),
      street: completable(z.string(), (value, given) => [`${value} of ${given?.arguments?.city}`]),
    }),
  }, ({ city, street }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `How do I get to ${street} in ${city}?` } }] }));
}

const mcp = createMcpHandler(offer, { legacy: 'reject' });
serve({ port: values.port, key: values.key, fetch: mcp.fetch });
