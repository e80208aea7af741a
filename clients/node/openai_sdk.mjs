// The official OpenAI SDK: its own protocol's provider, and one that the gateway has to translate for.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check, governed, key, models, thrown, url, WRONG_KEY } from './check.mjs';

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'The weather in a city', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};
const askWeather = [{ role: 'user', content: 'How is the weather?' }];

await check('lists the models', async () => {
  const ids = (await client.models.list()).data.map(({ id }) => id);
  for (const model of [models.openai, models.anthropic]) assert.ok(ids.includes(model), ids.join());
});

for (const [route, model] of [['same protocol', models.openai], ['translated', models.anthropic]]) {
  await check(`${route}: answers, with system prompt, image and usage`, async () => {
    const { choices: [choice], usage, _request_id } = await client.chat.completions.create({
      model, messages: [{ role: 'system', content: 'be brief' }, { role: 'user', content: [{ type: 'text', text: 'hello ☃' }, image] }],
    });
    assert.equal(choice.message.content, 'heard: hello ☃; system: be brief; images: 1');
    assert.equal(choice.finish_reason, 'stop');
    assert.deepEqual([usage.prompt_tokens, usage.completion_tokens, usage.total_tokens], [11, 7, 18]);
    assert.ok(_request_id, 'no x-request-id');
  });

  await check(`${route}: takes the usual parameters`, async () => {
    const { choices: [choice] } = await client.chat.completions.create({
      model, temperature: 0.5, top_p: 0.9, max_completion_tokens: 50, stop: ['END'], messages: [{ role: 'user', content: 'hello' }],
    });
    assert.equal(choice.message.content, 'heard: hello; system: none; images: 0');
  });

  await check(`${route}: streams an answer`, async () => {
    const stream = await client.chat.completions.create({
      model, stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'hello' }],
    });
    const chunks = await Array.fromAsync(stream);
    const deltas = chunks.map((chunk) => chunk.choices[0]?.delta.content).filter(Boolean);
    assert.equal(deltas.join(''), 'heard: hello; system: none; images: 0');
    assert.ok(deltas.length > 1, 'the answer came in one piece');
    assert.equal(chunks.findLast(({ choices }) => choices.length).choices[0].finish_reason, 'stop');
    assert.equal(chunks.findLast(({ usage }) => usage)?.usage.total_tokens, 18);
  });

  await check(`${route}: streams no usage that was not asked for`, async () => {
    const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content: 'hello' }] });
    assert.deepEqual((await Array.fromAsync(stream)).filter(({ usage }) => usage), []);
  });

  await check(`${route}: calls a tool and reads its result`, async () => {
    const { choices: [{ message, finish_reason }] } = await client.chat.completions.create({ model, tools: [weather], messages: askWeather });
    assert.equal(finish_reason, 'tool_calls');
    const [call] = message.tool_calls;
    assert.equal(call.function.name, 'weather');
    assert.deepEqual(JSON.parse(call.function.arguments), { city: 'from the model' });
    const { choices: [answer] } = await client.chat.completions.create({
      model, tools: [weather], messages: [...askWeather, message, { role: 'tool', tool_call_id: call.id, content: 'sunny' }],
    });
    assert.equal(answer.message.content, 'the tool said: sunny');
  });

  await check(`${route}: streams a tool call`, async () => {
    const { choices: [{ message, finish_reason }] } = await client.chat.completions
      .stream({ model, tools: [weather], messages: askWeather }).finalChatCompletion();
    assert.equal(finish_reason, 'tool_calls');
    assert.ok(message.tool_calls[0].id);
    assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { city: 'from the model' });
  });
}

await check('an unknown model is a NotFoundError or BadRequestError', async () => {
  const error = await thrown(() => client.chat.completions.create({ model: 'no-such-model', messages: askWeather }));
  assert.ok(error instanceof OpenAI.NotFoundError || error instanceof OpenAI.BadRequestError, error.stack);
  assert.equal(error.code, 'model_not_found');
});

await check('a streamed request for an unknown model fails before the stream', async () => {
  const error = await thrown(() => client.chat.completions.create({ model: 'no-such-model', stream: true, messages: askWeather }));
  assert.ok(error instanceof OpenAI.NotFoundError || error instanceof OpenAI.BadRequestError, error.stack);
});

await check('a wrong key is an AuthenticationError', async () => {
  const stranger = new OpenAI({ baseURL: `${url}/v1`, apiKey: WRONG_KEY, maxRetries: 0 });
  for (const request of [() => stranger.models.list(), () => stranger.chat.completions.create({ model: models.openai, messages: askWeather })]) {
    const error = await thrown(request);
    assert.ok(error instanceof OpenAI.AuthenticationError, error.stack);
  }
});

if (governed) {
  for (const stream of [false, true]) {
    await check(`a 403 of the first provider is never seen${stream ? ', streaming' : ''}`, async () => {
      const { data, response } = await client.chat.completions
        .create({ model: models.failover, stream, messages: [{ role: 'user', content: 'hello' }] }).withResponse();
      const text = stream ? (await Array.fromAsync(data)).map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
        : data.choices[0].message.content;
      assert.equal(text, 'heard: hello; system: none; images: 0');
      assert.equal(response.headers.get('x-gatehouse-attempts'), '2');
      assert.equal(response.headers.get('x-gatehouse-provider'), 'openai-main');
      assert.ok(response.headers.get('x-gatehouse-failover-reason'), 'no x-gatehouse-failover-reason');
    });
  }

  await check('a provider that failed five times in a minute gets no more requests', async () => {
    const attempts = [];
    for (let i = 0; i < 6; i++) {
      const { response } = await client.chat.completions
        .create({ model: models.breaker, messages: [{ role: 'user', content: 'hello' }] }).withResponse();
      attempts.push(response.headers.get('x-gatehouse-attempts'));
    }
    assert.deepEqual(attempts, ['2', '2', '2', '2', '2', '1']);
  });

  await check('a limit of the gateway is a RateLimitError that says when to come again', async () => {
    const request = { model: 'limited-node-openai', messages: [{ role: 'user', content: 'hello' }] };
    const { response } = await client.chat.completions.create(request).withResponse();
    assert.equal(response.headers.get('x-ratelimit-limit-requests'), '1');
    assert.equal(response.headers.get('x-ratelimit-remaining-requests'), '0');
    for (const stream of [false, true]) {
      const error = await thrown(() => client.chat.completions.create({ ...request, stream }));
      assert.ok(error instanceof OpenAI.RateLimitError, error.stack);
      assert.equal(error.code, 'rate_limit_exceeded');
      assert.match(error.message, /once/);
      assert.ok(Number(error.headers.get('retry-after')) > 0, 'no retry-after');
    }
  });
}
