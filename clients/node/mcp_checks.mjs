// What every MCP client in JavaScript must be able to do through the gateway.
//   connect(key) → {version, listTools(), callTool(name, args, onprogress, signal), close()}
// SDK 1 and SDK 2 differ in their names only; the scripts that import this adapt them.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { check, file, governed, key, thrown, tool, WRONG_KEY } from './check.mjs';

const echo = tool('everything', 'echo');
const readFile = tool('files', 'read_text_file');
const longRunning = tool('everything', 'trigger-long-running-operation');
const direct = process.env.CONNECTOR_PREFIX === 'off';

export async function mcpChecks(label, { connect, version }) {
  let client;
  await check(`${label}: connects and speaks ${version}`, async () => {
    client = await connect(key);
    assert.match(client.version(), version);
  });
  if (!client) return;

  await check(`${label}: lists the granted tools, with their schemas`, async () => {
    const tools = await client.listTools();
    const names = tools.map(({ name }) => name);
    for (const name of direct ? [echo] : [echo, readFile, longRunning]) assert.ok(names.includes(name), `${name} is not in ${names}`);
    assert.deepEqual(names.filter((name) => name.startsWith('memory__')), [], 'memory is not granted');
    assert.deepEqual(tools.find(({ name }) => name === echo).inputSchema.required, ['message']);
  });

  await check(`${label}: calls a tool`, async () => {
    const result = await client.callTool(echo, { message: 'naïve ☃ 😀' });
    assert.ok(!result.isError, textOf(result));
    assert.equal(textOf(result), 'Echo: naïve ☃ 😀');
  });

  if (!direct) {
    await check(`${label}: reads a file`, async () => {
      assert.match(textOf(await client.callTool(readFile, { path: file })), /read through the gateway/);
    });
  }

  await check(`${label}: runs ten calls at once, each with its own answer`, async () => {
    const words = Array.from({ length: 10 }, (_, i) => `word ${i}`);
    const results = await Promise.all(words.map((message) => client.callTool(echo, { message })));
    assert.deepEqual(results.map(textOf), words.map((word) => `Echo: ${word}`));
  });

  await check(`${label}: sees the progress of a long call`, async () => {
    const seen = [];
    const result = await client.callTool(longRunning, { duration: 1, steps: 4 }, ({ progress, total }) => seen.push(`${progress}/${total}`));
    assert.match(textOf(result), /completed/);
    // The last step comes together with the result, and an SDK may drop it then.
    assert.deepEqual(seen.slice(0, 3), ['1/4', '2/4', '3/4']);
  });

  await check(`${label}: cancels a long call`, async () => {
    const abort = new AbortController();
    const call = client.callTool(longRunning, { duration: 600, steps: 600 }, undefined, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 300);
    assert.match((await thrown(() => call)).message, /enough/);
    assert.equal(textOf(await client.callTool(echo, { message: 'still here' })), 'Echo: still here');
  });

  await check(`${label}: gets bad arguments back as a result with isError`, async () => {
    const result = await client.callTool(echo, { message: 1 });
    assert.equal(result.isError, true);
    assert.match(textOf(result), /message|string/i);
  });

  if (!direct) {
    await check(`${label}: gets what a tool failed at as a result with isError`, async () => {
      const result = await client.callTool(readFile, { path: `${file}.not-there` });
      assert.equal(result.isError, true, textOf(result));
      assert.match(textOf(result), /ENOENT|not-there/);
    });
  }

  // Called directly, SDK 1 servers answer an unknown tool with a result; the gateway must not.
  if (!direct) {
    for (const name of [tool('everything', 'no-such-tool'), 'no-such-connector__tool']) {
      await check(`${label}: gets -32602 for ${name}`, async () => {
        assert.equal((await thrown(() => client.callTool(name, {}))).code, -32602);
      });
    }
  }
  if (governed) {
    for (const connector of ['remote', 'stateless']) {
      await check(`${label}: calls a tool of ${connector}, a server on HTTP`, async () => {
        assert.equal(textOf(await client.callTool(tool(connector, 'echo'), { message: 'far' })), 'Echo: far');
      });
    }
    await check(`${label}: is refused a tool that is not granted`, async () => {
      // Unknown to this agent, or a refusal that the model can read: both are the gateway's to choose.
      const result = await client.callTool('memory__read_graph', {}).catch((error) => ({ error }));
      assert.ok(result.isError || result.error?.code === -32602, inspect(result));
    });
  }
  await check(`${label}: closes`, () => client.close());

  if (!direct) {
    await check(`${label}: is turned away with 401 under a wrong key`, async () => {
      const error = await thrown(() => connect(WRONG_KEY));
      assert.match(`${error.name} ${error.code} ${error.status} ${error.message}`, /401|Unauthorized/);
    });
  }
}

const textOf = ({ content }) => content.filter(({ type }) => type === 'text').map(({ text }) => text).join('\n');
