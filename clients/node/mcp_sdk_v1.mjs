// The official SDK, version 1, on which most of today's agents are built: legacy era only.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { url } from './check.mjs';
import { mcpChecks } from './mcp_checks.mjs';

await mcpChecks('legacy', {
  version: /^2025-/,
  async connect(key) {
    const client = new Client({ name: 'mcp-sdk-v1', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', url), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    });
    await client.connect(transport);
    return {
      version: () => transport.protocolVersion,
      listTools: async () => (await client.listTools()).tools,
      callTool: (name, args, onprogress, signal) => client.callTool({ name, arguments: args }, undefined, { onprogress, signal }),
      close: async () => {
        await transport.terminateSession();
        await client.close();
      },
    };
  },
});
