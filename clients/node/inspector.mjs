// The MCP Inspector's command line, one process a call, as people use it to look at a server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { check, file, governed, key, tool, url, WRONG_KEY } from './check.mjs';

const cli = new URL('../node_modules/.bin/mcp-inspector', import.meta.url).pathname;
// Its own exit codes: 3 for a refused credential, 5 for a tool that failed or is not there.
const AUTH = 3;
const TOOL = 5;

function inspect(era, bearer, ...args) {
  const process = spawn(cli, ['--cli', `${url}/mcp`, '--transport', 'http', '--protocol-era', era, '--stored-auth-only',
    '--header', `Authorization: Bearer ${bearer}`, '--format', 'json', '-q', ...args], { timeout: 60_000 });
  const out = [];
  const err = [];
  process.stdout.on('data', (data) => out.push(data));
  process.stderr.on('data', (data) => err.push(data));
  return new Promise((resolve, reject) => {
    process.on('error', reject);
    process.on('close', (code) => resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
  });
}

const call = (era, name, args, ...options) =>
  inspect(era, key, '--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args), ...options);

function result({ code, out, err }) {
  assert.equal(code, 0, `exit code ${code}: ${err}`);
  return JSON.parse(out).result;
}

for (const [era, version] of [['legacy', /^2025-/], ['auto', /^2026-07-28$/], ['modern', /^2026-07-28$/]]) {
  await check(`${era}: connects and speaks ${version}`, async () => {
    assert.match(result(await inspect(era, key, '--method', 'initialize')).protocolVersion, version);
  });
  await check(`${era}: lists the granted tools`, async () => {
    const names = result(await inspect(era, key, '--method', 'tools/list')).tools.map(({ name }) => name);
    assert.ok(names.includes(tool('everything', 'echo')), names.join());
    assert.ok(names.includes(tool('files', 'read_text_file')), names.join());
  });
  await check(`${era}: calls a tool`, async () => {
    const { content } = result(await call(era, tool('everything', 'echo'), { message: 'inspected' }));
    assert.deepEqual(content, [{ type: 'text', text: 'Echo: inspected' }]);
  });
  await check(`${era}: reads a file`, async () => {
    const { content } = result(await call(era, tool('files', 'read_text_file'), { path: file }));
    assert.match(content[0].text, /read through the gateway/);
  });
  await check(`${era}: reports bad arguments as the tool's error`, async () => {
    const { code, out, err } = await call(era, tool('everything', 'echo'), { message: 1 });
    assert.equal(code, TOOL, err);
    assert.equal(JSON.parse(out).result.isError, true);
  });
  await check(`${era}: does not find an unknown tool`, async () => {
    const { code, err } = await call(era, tool('everything', 'no-such-tool'), {});
    assert.equal(code, TOOL, err);
    assert.match(err, /tool_not_found/);
  });
  if (governed) {
    await check(`${era}: lists resources and templates, and reads one of each`, async () => {
      const listed = result(await inspect(era, key, '--method', 'resources/list')).resources.map(({ uri }) => uri);
      const templates = result(await inspect(era, key, '--method', 'resources/templates/list')).resourceTemplates.map(({ uriTemplate }) => uriTemplate);
      assert.ok(templates.includes('note://modern/cities/{city}'), templates.join());
      assert.ok(templates.includes('everything+demo://resource/dynamic/text/{resourceId}'), templates.join());
      for (const uri of ['note://modern/today', 'everything+demo://resource/static/document/features.md']) {
        assert.ok(listed.includes(uri), listed.join());
        assert.equal(result(await inspect(era, key, '--method', 'resources/read', '--uri', uri)).contents[0].uri, uri);
      }
      const { contents } = result(await inspect(era, key, '--method', 'resources/read', '--uri', 'note://modern/cities/Lund'));
      assert.equal(contents[0].text, 'About Lund');
    });
    await check(`${era}: lists prompts and gets one of each server`, async () => {
      const names = result(await inspect(era, key, '--method', 'prompts/list')).prompts.map(({ name }) => name);
      for (const [name, args, expected] of [
        [tool('everything', 'args-prompt'), ['city=Lund'], /weather in Lund/],
        [tool('modern', 'visit'), ['city=Lund', 'street=Bytaregatan'], /How do I get to Bytaregatan in Lund/],
      ]) {
        assert.ok(names.includes(name), names.join());
        const { messages } = result(await inspect(era, key, '--method', 'prompts/get', '--prompt-name', name, '--prompt-args', ...args));
        assert.match(messages[0].content.text, expected);
      }
    });
  }
  await check(`${era}: is turned away under a wrong key`, async () => {
    const { code, err } = await inspect(era, WRONG_KEY, '--method', 'tools/list');
    assert.equal(code, AUTH, err);
    assert.match(err, /auth_required/);
  });
}

// The listing's portability report: what a gateway adds or rewrites must not make a schema worse.
await check('modern: the tool schemas are portable', async () => {
  const { code, err } = await inspect('modern', key, '--method', 'tools/list', '--strict');
  assert.equal(code, 0, err);
});

await check('modern: forty calls, four at once, all succeed', async () => {
  const load = result(await call('modern', tool('everything', 'echo'), { message: 'load' },
    '--load', '--load-requests', '40', '--load-concurrency', '4'));
  assert.deepEqual([load.ok, load.toolErrors, load.errors], [40, 0, 0], load.errorMessages.join('\n'));
});
