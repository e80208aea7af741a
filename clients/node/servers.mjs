// What the servers behind the gateway say, seen through it: nothing lost, nothing added.
import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { check, key, tool, url } from './check.mjs';

async function connect(base, mode) {
  const client = new Client({ name: 'servers', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', base), { requestInit: { headers: { authorization: `Bearer ${key}` } } }));
  return client;
}

await check('the first list of a gateway that is ready has the tools of all servers', async () => {
  const client = await connect(url, 'legacy');
  const names = (await client.listTools()).tools.map(({ name }) => name);
  for (const connector of ['everything', 'files', 'remote', 'stateless']) {
    assert.ok(names.some((name) => name.startsWith(`${connector}__`)), `no tool of ${connector}`);
  }
  await client.close();
});

const calls = [
  ['get-tiny-image', {}],
  ['get-structured-content', { location: 'New York' }],
  ['get-annotated-message', { messageType: 'error', includeImage: true }],
  ['get-resource-links', { count: 3 }],
  ['get-resource-reference', { resourceType: 'Text', resourceId: 1 }],
  ['get-sum', { a: 1.5, b: 2e10 }],
];

// What this server makes up carries the time of day; and as two connectors offer its URIs, each one's name stands before them.
const comparable = (result, prefix = '') =>
  JSON.parse(JSON.stringify(result).replace(/created at [^"]*/g, 'created').replaceAll('"uri":"demo:', `"uri":"${prefix}demo:`));

const direct = await connect(process.env.REMOTE_URL, 'legacy');
for (const mode of ['legacy', 'auto']) {
  const through = await connect(url, mode);
  const theirs = (await direct.listTools()).tools;
  const ours = (await through.listTools()).tools;

  await check(`${mode}: each tool is described as its server describes it`, () => {
    assert.ok(theirs.length >= 10, `${theirs.length} tools`);
    for (const { name, execution, ...described } of theirs) {
      // Task support is not passed on, so it is not announced.
      const { name: _, execution: __, ...shown } = ours.find((one) => one.name === tool('remote', name)) ?? {};
      assert.deepEqual(shown, described, name);
    }
  });

  for (const [name, args] of calls) {
    await check(`${mode}: ${name} answers as its server does`, async () => {
      const [{ _meta: _, ...expected }, { _meta: __, resultType, ...got }] = await Promise.all([
        direct.callTool({ name, arguments: args }), through.callTool({ name: tool('remote', name), arguments: args }),
      ]);
      assert.deepEqual(comparable(got), comparable(expected, 'remote+'));
    });
  }
  await through.close();
}
await direct.close();
