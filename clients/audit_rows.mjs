// Checks the audit rows (NDJSON, the file of the first argument) that the other scripts' calls must have left.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { check, models, tool } from './node/check.mjs';

const rows = (await readFile(process.argv[2], 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
const calls = Object.values(Object.groupBy(rows.filter(({ call_id }) => call_id), ({ call_id }) => call_id))
  .map((of) => ({ intents: of.filter(({ type }) => type === 'intent'), outcomes: of.filter(({ type }) => type === 'outcome') }))
  .map((call) => ({ ...call, intent: call.intents[0] ?? {}, outcome: call.outcomes[0] ?? {} }));

await check('every call has one intent, and one outcome if it was allowed', () => {
  assert.ok(calls.length > 0, `no row of ${rows.length} has a call_id`);
  const odd = calls.filter(({ intents, outcomes, intent }) => intents.length !== 1 || outcomes.length !== (intent.verdict === 'allow' ? 1 : 0));
  assert.deepEqual(odd, [], `${odd.length} of ${calls.length} calls`);
});

await check('every call is the agent\'s', () => {
  assert.deepEqual([...new Set(calls.flatMap(({ intent, outcome }) => [intent.agent, outcome.agent ?? intent.agent]))], ['demo-agent']);
});

const misfits = calls.filter(({ intent }) => intent.rule === 'arguments.schema');

for (const [name, least] of [[tool('everything', 'echo'), 100], [tool('files', 'read_text_file'), 7]]) {
  await check(`${name} is on record, ${least} times or more, with its risk and its outcome`, () => {
    const of = calls.filter((call) => call.intent.tool === name && !misfits.includes(call));
    assert.ok(of.length >= least, `${of.length} times`);
    assert.deepEqual(of.filter(({ outcome }) => outcome.outcome !== 'completed'), []);
    assert.ok(of.every(({ intent }) => Number.isInteger(intent.risk?.total)), inspect(of[0]));
  });
}

for (const [connector, ...expected] of [['everything', 7, 4], ['modern', 2, 2]]) {
  await check(`long calls of ${connector} are on record, and the cancelled ones not as completed`, () => {
    const outcomes = calls.filter(({ intent }) => intent.tool === tool(connector, 'trigger-long-running-operation')).map(({ outcome }) => outcome);
    const completed = outcomes.filter(({ outcome }) => outcome === 'completed');
    assert.deepEqual([completed.length, outcomes.length - completed.length], expected, inspect(outcomes));
  });
}

await check('what a tool failed at is on record; arguments that do not fit its schema are denied and never came so far', () => {
  assert.ok(calls.some(({ intent, outcome }) => intent.tool === tool('files', 'read_text_file') && outcome.is_error === true));
  assert.ok(misfits.some(({ intent }) => intent.tool === tool('everything', 'echo')));
  assert.deepEqual(misfits.filter(({ intent, outcomes }) => intent.verdict !== 'deny' || outcomes.length), []);
  assert.deepEqual(calls.filter((call) => call.intent.tool === tool('everything', 'echo') && !misfits.includes(call) && call.outcome.is_error !== false), []);
});

for (const [connector, uri, prompt] of [
  ['everything', 'everything+demo://resource/static/document/features.md', 'args-prompt'],
  ['modern', 'note://modern/today', 'visit'],
]) {
  for (const [operation, name, least] of [
    ['resources/read', uri, 5], ['resources/subscribe', uri, 3], ['prompts/get', tool(connector, prompt), 5], ['completion/complete', undefined, 6],
  ]) {
    await check(`${operation} of ${connector} is on record, ${least} times or more, with its risk and its outcome`, () => {
      const of = calls.filter(({ intent }) => intent.action_type === operation.replace('/', '.') && intent.connector === connector
        && (name === undefined || intent.name === name));
      assert.ok(of.length >= least, `${of.length} times`);
      assert.deepEqual(of.filter(({ intent, outcome }) => intent.operation !== operation || intent.operation_type !== 'read'
        || !Number.isInteger(intent.risk?.total) || outcome.outcome !== 'completed' || outcome.is_error !== false), []);
    });
  }
  for (const [name, times] of [['trigger-elicitation-request', 6], ['trigger-sampling-request', 4]]) {
    await check(`${name} of ${connector} had its questions answered ${times} times, each in one call`, () => {
      const answered = calls.filter(({ intent, outcome }) => intent.tool === tool(connector, name)
        && outcome.outcome === 'completed' && outcome.is_error === false);
      assert.equal(answered.length, times);
    });
  }
}

await check('what was not granted did not run', () => {
  const ran = calls.filter(({ intent }) => intent.tool?.startsWith('memory__')).filter(({ intent, outcomes }) => intent.verdict === 'allow' || outcomes.length);
  assert.deepEqual(ran, []);
});

for (const [model, provider] of [[models.openai, 'openai-main'], [models.anthropic, 'anthropic-main']]) {
  await check(`${model} is on record with its provider and usage`, () => {
    const of = calls.filter(({ intent, outcome }) => intent.model === model && outcome.outcome === 'completed');
    assert.ok(of.length >= 20, `${of.length} times`);
    assert.deepEqual(of.filter(({ outcome }) => outcome.provider_used !== provider || outcome.failover_hops !== 0), []);
    assert.deepEqual(of.filter(({ intent, outcome }) => intent.action_type === 'llm.chat' && outcome.usage?.total_tokens !== 18), []);
  });
}

await check('each failed over call is on record with both attempts', () => {
  const of = calls.filter(({ intent }) => [models.failover, models.pythonFailover].includes(intent.model));
  assert.ok(of.length >= 6, `${of.length} times`);
  for (const { intent, outcome } of of) {
    assert.equal(intent.action_type, 'llm.chat');
    assert.equal(outcome.provider_used, 'openai-main', inspect(outcome));
    assert.equal(outcome.failover_hops, 1, inspect(outcome));
    const [first, second, ...more] = outcome.attempts;
    assert.match(first.provider, /^refusing-/);
    assert.deepEqual([first.ok, first.status_code, second.provider, second.ok, more], [false, 403, 'openai-main', true, []]);
  }
});

await check('the benched provider is on record as excluded', () => {
  const { outcome } = calls.filter(({ intent }) => intent.model === models.breaker).at(-1);
  assert.deepEqual(outcome.candidates_excluded?.map(({ provider }) => provider), ['refusing-3'], inspect(outcome));
});

await check('calls over a limit are on record as throttled, by its name, and went nowhere', () => {
  const of = calls.filter(({ intent }) => intent.model?.startsWith('limited-'));
  assert.equal(of.length, 12, inspect(of));
  const throttled = of.filter(({ intent }) => intent.verdict === 'throttle');
  assert.equal(throttled.length, 8, inspect(throttled));
  assert.deepEqual(throttled.filter(({ intent, outcomes }) => intent.rule !== 'llm.limits.once' || outcomes.length), []);
});
