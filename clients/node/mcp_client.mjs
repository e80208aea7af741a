// The official SDK, version 2: both eras.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { url } from './check.mjs';
import { mcpChecks } from './mcp_checks.mjs';

const modern = /^2026-07-28$/;
const legacy = /^2025-/;
const serverIsLegacy = process.env.CONNECTOR_PREFIX === 'off';

for (const [mode, version] of [['legacy', legacy], ['auto', serverIsLegacy ? legacy : modern], [{ pin: '2026-07-28' }, modern]]) {
  if (serverIsLegacy && mode.pin) continue;
  await mcpChecks(mode.pin ?? mode, {
    version,
    async connect(key) {
      const client = new Client({ name: 'mcp-client', version: '1.0.0' }, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), {
        requestInit: { headers: { authorization: `Bearer ${key}` } },
      }));
      return {
        version: () => client.getNegotiatedProtocolVersion(),
        listTools: async () => (await client.listTools()).tools,
        callTool: (name, args, onprogress, signal) => client.callTool({ name, arguments: args }, { onprogress, signal }),
        close: () => client.close(),
      };
    },
  });
}
