// One line per check on standard output, `ok …` or `not ok …`, which `run` counts.
import { basename } from 'node:path';

const script = `node/${basename(process.argv[1], '.mjs')}`;
const limitMillis = 60_000;

export const url = process.env.GATEHOUSE_URL;
export const key = process.env.GATEHOUSE_KEY;
export const file = process.env.GATEHOUSE_FILE;
export const WRONG_KEY = 'not-a-key';

/** The models to ask, by what the gateway does with them: see the config in `run`. */
export const models = {
  openai: 'gpt-mock', anthropic: 'claude-mock', failover: 'failover-mock', pythonFailover: 'failover-mock-python', breaker: 'breaker-mock',
  responsesFailover: 'responses-mock', agentsFailover: 'agents-mock', vectors: 'vectors-mock',
};

/** The gateway's name for a connector's tool; CONNECTOR_PREFIX=off when a server is tried directly. */
export const tool = (connector, name) => process.env.CONNECTOR_PREFIX === 'off' ? name : `${connector}__${name}`;

/** Whether what only the gateway does (failover, its response headers) is to be checked. */
export const governed = process.env.GATEHOUSE_STAND_IN !== '1';

export async function check(name, body) {
  const started = performance.now();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMillis} ms`)), limitMillis);
  });
  try {
    await Promise.race([body(), late]);
    console.log(`ok ${script}: ${name} (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${script}: ${name}`);
    console.log(String(error.stack ?? error).replace(/^/gm, '    '));
  } finally {
    clearTimeout(timer);
  }
}

/** Runs the body, which must throw, and returns what it threw. */
export async function thrown(body) {
  try {
    await body();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
