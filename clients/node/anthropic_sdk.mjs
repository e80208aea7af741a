// The official Anthropic SDK: its own protocol's provider, and one that the gateway has to translate for.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { check, governed, key, models, thrown, url, WRONG_KEY } from './check.mjs';

const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
const weather = {
  name: 'weather', description: 'The weather in a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const max_tokens = 100;
const askWeather = [{ role: 'user', content: 'How is the weather?' }];

await check('lists the models', async () => {
  const ids = (await Array.fromAsync(client.models.list())).map(({ id }) => id);
  for (const model of [models.openai, models.anthropic]) assert.ok(ids.includes(model), ids.join());
});

for (const [route, model] of [['same protocol', models.anthropic], ['translated', models.openai]]) {
  await check(`${route}: answers, with system prompt, image and usage`, async () => {
    const message = await client.messages.create({
      model, max_tokens, system: 'be brief', messages: [{ role: 'user', content: [{ type: 'text', text: 'hello ☃' }, image] }],
    });
    assert.deepEqual(message.content.map(({ type, text }) => [type, text]), [['text', 'heard: hello ☃; system: be brief; images: 1']]);
    assert.equal(message.stop_reason, 'end_turn');
    assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [11, 7]);
    assert.ok(message._request_id, 'no request-id');
  });

  await check(`${route}: streams an answer`, async () => {
    const events = await Array.fromAsync(await client.messages.create({ model, max_tokens, stream: true, messages: [{ role: 'user', content: 'hello' }] }));
    const deltas = events.filter(({ type }) => type === 'content_block_delta').map(({ delta }) => delta.text);
    assert.equal(deltas.join(''), 'heard: hello; system: none; images: 0');
    assert.ok(deltas.length > 1, 'the answer came in one piece');
    assert.equal(events[0].type, 'message_start');
    assert.equal(events.at(-1).type, 'message_stop');
  });

  await check(`${route}: the stream adds up to the message`, async () => {
    const message = await client.messages.stream({ model, max_tokens, messages: [{ role: 'user', content: 'hello' }] }).finalMessage();
    assert.equal(message.content[0].text, 'heard: hello; system: none; images: 0');
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.usage.output_tokens, 7);
  });

  await check(`${route}: calls a tool and reads its result`, async () => {
    const { content, stop_reason } = await client.messages.create({ model, max_tokens, tools: [weather], messages: askWeather });
    assert.equal(stop_reason, 'tool_use');
    const call = content.find(({ type }) => type === 'tool_use');
    assert.equal(call.name, 'weather');
    assert.deepEqual(call.input, { city: 'from the model' });
    const answer = await client.messages.create({
      model, max_tokens, tools: [weather], messages: [...askWeather, { role: 'assistant', content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'sunny' }] }],
    });
    assert.equal(answer.content[0].text, 'the tool said: sunny');
  });

  await check(`${route}: streams a tool call`, async () => {
    const { content, stop_reason } = await client.messages.stream({ model, max_tokens, tools: [weather], messages: askWeather }).finalMessage();
    assert.equal(stop_reason, 'tool_use');
    assert.deepEqual(content.find(({ type }) => type === 'tool_use').input, { city: 'from the model' });
  });
}

await check('the key is taken as x-api-key too', async () => {
  const older = new Anthropic({ baseURL: url, apiKey: null, authToken: null, maxRetries: 0, defaultHeaders: { 'x-api-key': key } });
  const message = await older.messages.create({ model: models.anthropic, max_tokens, messages: [{ role: 'user', content: 'hello' }] });
  assert.match(message.content[0].text, /^heard: hello/);
});

await check('the API version that the client speaks reaches the provider', async () => {
  // 2026-10-21 refuses sampling parameters, 2023-06-01 takes them.
  const body = { model: models.anthropic, max_tokens, temperature: 0.5, messages: [{ role: 'user', content: 'hello' }] };
  const error = await thrown(() => client.messages.create(body));
  assert.ok(error instanceof Anthropic.BadRequestError, error.stack);
  assert.match(error.message, /temperature/);
  const message = await client.messages.create(body, { headers: { 'anthropic-version': '2023-06-01' } });
  assert.match(message.content[0].text, /^heard: hello/);
});

await check('an unknown model is a NotFoundError or BadRequestError', async () => {
  const error = await thrown(() => client.messages.create({ model: 'no-such-model', max_tokens, messages: askWeather }));
  assert.ok(error instanceof Anthropic.NotFoundError || error instanceof Anthropic.BadRequestError, error.stack);
  assert.equal(error.error?.type, 'error', 'the body is not in Anthropic\'s form');
});

await check('a wrong key is an AuthenticationError', async () => {
  const stranger = new Anthropic({ baseURL: url, apiKey: WRONG_KEY, maxRetries: 0 });
  const error = await thrown(() => stranger.messages.create({ model: models.anthropic, max_tokens, messages: askWeather }));
  assert.ok(error instanceof Anthropic.AuthenticationError, error.stack);
  assert.equal(error.error?.error?.type, 'authentication_error');
});

if (governed) {
  await check('counts tokens where the provider can, and guesses nowhere', async () => {
    assert.equal((await client.messages.countTokens({ model: models.anthropic, messages: askWeather })).input_tokens, 11);
    const error = await thrown(() => client.messages.countTokens({ model: models.openai, messages: askWeather }));
    assert.ok(error instanceof Anthropic.BadRequestError, error.stack);
    assert.equal(error.error?.type, 'error', 'the body is not in Anthropic\'s form');
  });

  for (const stream of [false, true]) {
    await check(`a 403 of the first provider is never seen${stream ? ', streaming' : ''}`, async () => {
      const { data, response } = await client.messages
        .create({ model: models.failover, max_tokens, stream, messages: [{ role: 'user', content: 'hello' }] }).withResponse();
      const text = stream ? (await Array.fromAsync(data)).map(({ delta }) => delta?.text ?? '').join('') : data.content[0].text;
      assert.equal(text, 'heard: hello; system: none; images: 0');
      assert.equal(response.headers.get('x-gatehouse-attempts'), '2');
      assert.equal(response.headers.get('x-gatehouse-provider'), 'openai-main');
    });
  }

  await check('a limit of the gateway is a RateLimitError that says when to come again', async () => {
    const request = { model: 'limited-node-anthropic', max_tokens, messages: [{ role: 'user', content: 'hello' }] };
    const { response } = await client.messages.create(request).withResponse();
    assert.equal(response.headers.get('anthropic-ratelimit-requests-limit'), '1');
    assert.equal(response.headers.get('anthropic-ratelimit-requests-remaining'), '0');
    for (const stream of [false, true]) {
      const error = await thrown(() => client.messages.create({ ...request, stream }));
      assert.ok(error instanceof Anthropic.RateLimitError, error.stack);
      assert.equal(error.error?.error?.type, 'rate_limit_error');
      assert.match(error.message, /once/);
      assert.ok(Number(error.headers.get('retry-after')) > 0, 'no retry-after');
    }
  });
}
