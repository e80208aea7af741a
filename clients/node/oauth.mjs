// The official SDK gets a short-lived token of the gateway's own issuer for its key, and more scope when a call needs it.
import assert from 'node:assert/strict';
import { Client, ClientCredentialsProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { check, key, thrown, tool, url } from './check.mjs';

const issuer = new URL(url).origin;
const echo = tool('everything', 'echo');

function provider(scope, clientSecret = key) {
  return new ClientCredentialsProvider({ clientId: 'demo-agent', clientSecret, expectedIssuer: issuer, scope });
}

async function connect(mode, authProvider) {
  const client = new Client({ name: 'oauth', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { authProvider }));
  return client;
}

for (const mode of ['legacy', { pin: '2026-07-28' }]) {
  const label = mode.pin ?? mode;
  await check(`${label}: finds the issuer, gets a token and calls a tool with it`, async () => {
    const auth = provider();
    const client = await connect(mode, auth);
    const result = await client.callTool({ name: echo, arguments: { message: 'by token' } });
    assert.equal(result.content[0].text, 'Echo: by token');
    const { access_token: token, scope } = auth.tokens();
    assert.equal(token.split('.').length, 3);
    assert.ok(!token.includes(key));
    assert.equal(scope, 'mcp:read mcp:tools');
    await client.close();
  });
}

await check('a token of the issuer is taken for models too', async () => {
  const auth = provider();
  await (await connect('legacy', auth)).close();
  const reply = await fetch(new URL('/v1/models', url), { headers: { authorization: `Bearer ${auth.tokens().access_token}` } });
  assert.equal(reply.status, 200);
});

await check('a wrong secret gets no token', async () => {
  const error = await thrown(() => connect('legacy', provider(undefined, 'gh_wrong')));
  assert.match(`${error.name} ${error.code} ${error.message}`, /client/i);
});
