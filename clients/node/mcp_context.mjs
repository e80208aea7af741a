// Resources, prompts, completions, questions and news: the official SDK in both eras before servers of both eras.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Client, ResourceNotFoundError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { check, key, thrown, tool, url } from './check.mjs';

const newsMillis = 30_000;

// Two connectors here are server-everything, so the connector's name stands before the URIs that both offer.
const servers = {
  everything: {
    resource: 'everything+demo://resource/static/document/features.md',
    contents: /# Everything Server - Features/,
    template: 'everything+demo://resource/dynamic/text/{resourceId}',
    fromTemplate: ['everything+demo://resource/dynamic/text/7', /Resource 7: This is a plaintext resource/],
    prompt: ['args-prompt', { city: 'Lisbon', state: 'Estremadura' }, /weather in Lisbon, Estremadura/],
    completePrompt: ['completable-prompt', 'name', 'A', { department: 'Engineering' }, ['Alice']],
    completeTemplate: ['resourceId', '12', ['12']],
    // The server tells of its watched resources every 5 s while this is on; the second call turns it off.
    touch: 'toggle-subscriber-updates', touchEnds: true,
    grow: ['gzip-file-as-resource', (name) => ({ name, data: 'data:text/plain,grown' })],
    news: ['resources'],
    sample: { prompt: 'Say hello', maxTokens: 10 },
  },
  modern: {
    resource: 'note://modern/today',
    contents: /^version \d+$/,
    template: 'note://modern/cities/{city}',
    fromTemplate: ['note://modern/cities/Lund', /^About Lund$/],
    prompt: ['visit', { city: 'Lund', street: 'Bytaregatan' }, /^How do I get to Bytaregatan in Lund\?$/],
    completePrompt: ['visit', 'street', 'Main', { city: 'Lund' }, ['Main of Lund']],
    completeTemplate: ['city', 'L', ['Lisbon', 'London', 'Lund']],
    touch: 'touch-note', touchEnds: false,
    grow: ['grow', () => ({})],
    news: ['tools', 'prompts', 'resources'],
    sample: { prompt: 'Say hello' },
  },
};

async function connect(mode, capabilities, options = {}) {
  const client = new Client({ name: 'mcp-context', version: '1.0.0' }, { versionNegotiation: { mode }, capabilities, ...options });
  const asked = [];
  if (capabilities.elicitation) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params);
      return asked.length % 2 ? { action: 'accept', content: { name: 'Ada' } } : { action: 'decline' };
    });
  }
  if (capabilities.sampling) {
    client.setRequestHandler('sampling/createMessage', ({ params }) => {
      asked.push(params);
      return { role: 'assistant', content: { type: 'text', text: 'Hello from the client' }, model: 'the-client-s-own', stopReason: 'endTurn' };
    });
  }
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers: { authorization: `Bearer ${key}` } } }));
  return { client, asked };
}

/** Whatever becomes of the body, no connection of it keeps this process alive. */
async function connected(mode, capabilities, body, options) {
  const { client, asked } = await connect(mode, capabilities, options);
  try {
    await body(client, asked);
  } finally {
    await client.close();
  }
}

/** Waits for what a notification says, and fails loudly when it does not come. */
function news(what) {
  let told;
  const heard = new Promise((resolve) => { told = resolve; });
  const wait = () => {
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} not heard within ${newsMillis} ms`)), newsMillis); });
    return Promise.race([heard, late]).finally(() => clearTimeout(timer));
  };
  return { told, wait };
}

const textOf = ({ content }) => content.filter(({ type }) => type === 'text').map(({ text }) => text).join('\n');

async function reads(label, client, connector, server) {
  await check(`${label}: lists resources and templates`, async () => {
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    assert.ok(uris.includes(server.resource), uris.join());
    const templates = (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate);
    assert.ok(templates.includes(server.template), templates.join());
  });
  await check(`${label}: reads a resource, under the URI that it asked for`, async () => {
    const { contents } = await client.readResource({ uri: server.resource });
    assert.match(contents[0].text, server.contents);
    assert.equal(contents[0].uri, server.resource);
  });
  await check(`${label}: reads a resource of a template`, async () => {
    const [uri, expected] = server.fromTemplate;
    const { contents } = await client.readResource({ uri });
    assert.match(contents[0].text, expected);
    assert.equal(contents[0].uri, uri);
  });
  await check(`${label}: lists prompts and gets one`, async () => {
    const [name, args, expected] = server.prompt;
    const prompts = (await client.listPrompts()).prompts;
    assert.ok(prompts.some((prompt) => prompt.name === tool(connector, name) && prompt.arguments.length === 2), inspect(prompts));
    const { messages } = await client.getPrompt({ name: tool(connector, name), arguments: args });
    assert.match(messages[0].content.text, expected);
  });
  await check(`${label}: completes an argument of a prompt, in the light of another`, async () => {
    const [name, argument, value, given, expected] = server.completePrompt;
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: tool(connector, name) }, argument: { name: argument, value }, context: { arguments: given },
    });
    assert.deepEqual(completion.values, expected);
  });
  await check(`${label}: completes a variable of a template`, async () => {
    const [argument, value, expected] = server.completeTemplate;
    const { completion } = await client.complete({ ref: { type: 'ref/resource', uri: server.template }, argument: { name: argument, value } });
    assert.deepEqual(completion.values, expected);
  });
  await check(`${label}: is told that a resource and a prompt are not there`, async () => {
    const error = await thrown(() => client.readResource({ uri: 'nowhere://at/all' }));
    assert.ok(error instanceof ResourceNotFoundError, inspect(error));
    assert.equal((await thrown(() => client.getPrompt({ name: tool(connector, 'no-such-prompt') }))).code, -32602);
  });
}

async function hears(label, mode, connector, server, modern) {
  await check(`${label}: subscribes to a resource and hears that it changed`, () => connected(mode, {}, async (client) => {
    const updated = news('notifications/resources/updated');
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => updated.told(params.uri));
    const subscription = modern && await client.listen({ resourceSubscriptions: [server.resource] });
    if (!modern) await client.subscribeResource({ uri: server.resource });
    const touch = () => client.callTool({ name: tool(connector, server.touch), arguments: {} });
    await touch();
    assert.equal(await updated.wait(), server.resource);
    if (server.touchEnds) await touch();
    await (subscription ? subscription.close() : client.unsubscribeResource({ uri: server.resource }));
  }));
  const grown = Object.fromEntries(server.news.map((kind) => [kind, news(`${kind}/list_changed`)]));
  const listChanged = Object.fromEntries(server.news.map((kind) => [kind, { onChanged: (error, items) => grown[kind].told(error ?? items) }]));
  await check(`${label}: hears that the lists of ${server.news.join(', ')} changed`, () => connected(mode, {}, async (client) => {
    const [name, args] = server.grow;
    await client.callTool({ name: tool(connector, name), arguments: args(`grown-${label.replace(/\W/g, '-')}`) });
    for (const kind of server.news) {
      const items = await grown[kind].wait();
      assert.ok(Array.isArray(items) && JSON.stringify(items).includes('grown-'), `${kind}: ${inspect(items)}`);
    }
  }, { listChanged }));
}

async function answers(label, mode, connector, server) {
  const elicit = (client) => client.callTool({ name: tool(connector, 'trigger-elicitation-request'), arguments: {} });
  const sample = (client) => client.callTool({ name: tool(connector, 'trigger-sampling-request'), arguments: server.sample });
  await check(`${label}: fills in a form that the server asks for, and declines the next`, () => connected(mode, { elicitation: { form: {} } },
    async (client, asked) => {
      const accepted = await elicit(client);
      assert.ok(!accepted.isError, textOf(accepted));
      assert.match(textOf(accepted), /"action":\s*"accept"/);
      assert.match(textOf(accepted), /"name":\s*"Ada"/);
      assert.match(textOf(await elicit(client)), /"action":\s*"decline"/);
      assert.deepEqual(asked.map(({ requestedSchema }) => requestedSchema.required), [['name'], ['name']]);
    }));
  await check(`${label}: samples for the server`, () => connected(mode, { sampling: {} }, async (client, asked) => {
    const result = await sample(client);
    assert.ok(!result.isError, textOf(result));
    assert.match(textOf(result), /Hello from the client/);
    assert.equal(asked.length, 1);
    assert.match(asked[0].messages[0].content.text, /Say hello/);
  }));
  await check(`${label}: is not asked for what it cannot do`, () => connected(mode, {}, async (client) => {
    const result = await elicit(client).catch((error) => error);
    assert.ok(result instanceof Error || result.isError, inspect(result));
  }));
}

async function long(label, client, connector) {
  const longRunning = (args, options) => client.callTool({ name: tool(connector, 'trigger-long-running-operation'), arguments: args }, options);
  await check(`${label}: sees the progress of a long call and cancels another`, async () => {
    const seen = [];
    const result = await longRunning({ duration: 1, steps: 4 }, { onprogress: ({ progress, total }) => seen.push(`${progress}/${total}`) });
    assert.match(textOf(result), /completed/);
    assert.deepEqual(seen.slice(0, 3), ['1/4', '2/4', '3/4']);
    const count = async () => Number(textOf(await client.callTool({ name: tool(connector, 'count-cancelled'), arguments: {} })));
    const before = await count();
    const abort = new AbortController();
    const begun = news('progress');
    const call = longRunning({ duration: 60, steps: 600 }, { signal: abort.signal, onprogress: begun.told });
    await Promise.race([begun.wait(), call]);
    abort.abort(new Error('enough'));
    assert.match((await thrown(() => call)).message, /enough/);
    // The server itself has to notice.
    while (await count() === before) await new Promise((resolve) => { setTimeout(resolve, 100); });
  });
}

for (const [mode, modern] of [['legacy', false], ['auto', true]]) {
  for (const [connector, server] of Object.entries(servers)) {
    const label = `${modern ? 'modern' : 'legacy'} client, ${connector}`;
    await connected(mode, {}, (client) => reads(label, client, connector, server));
    await hears(label, mode, connector, server, modern);
    await answers(label, mode, connector, server);
    // What server-everything does with long calls is in mcp_checks.
    if (connector === 'modern') await connected(mode, {}, (client) => long(label, client, connector));
  }
}
