// Serves a fetch handler of the official SDK on loopback, behind a key.
import http from 'node:http';
import { Readable } from 'node:stream';

export function serve({ port, key, fetch, otherwise }) {
  http.createServer(async (request, response) => {
    if (!request.url.startsWith('/mcp')) return otherwise ? otherwise(request, response) : response.writeHead(404).end();
    if (request.headers.authorization !== `Bearer ${key}`) {
      return response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    }
    const body = ['GET', 'HEAD'].includes(request.method) ? undefined : Readable.toWeb(request);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const answer = await fetch(new Request(`http://127.0.0.1${request.url}`, {
      method: request.method, headers: request.headers, body, duplex: 'half', signal: gone.signal,
    }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) Readable.fromWeb(answer.body).on('error', () => response.destroy()).pipe(response);
    else response.end();
  }).listen(Number(port), '127.0.0.1');
}
