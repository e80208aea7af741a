// The official OpenAI SDK on the responses API and embeddings: same protocol, translated, and through a failover.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { check, governed, key, models, thrown, url } from './check.mjs';

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const weather = {
  type: 'function', name: 'weather', description: 'The weather in a city', strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const image = { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,iVBORw0KGgo=' };

for (const [route, model] of [['same protocol', models.openai], ['translated', models.anthropic]]) {
  await check(`${route}: answers, with instructions, image and usage`, async () => {
    const response = await client.responses.create({
      model, instructions: 'be brief', store: false,
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'hello ☃' }, image] }],
    });
    assert.equal(response.output_text, 'heard: hello ☃; system: be brief; images: 1');
    assert.equal(response.status, 'completed');
    assert.deepEqual([response.usage.input_tokens, response.usage.output_tokens, response.usage.total_tokens], [11, 7, 18]);
    assert.ok(response._request_id, 'no x-request-id');
  });

  await check(`${route}: streams an answer`, async () => {
    const stream = client.responses.stream({ model, input: 'hello' });
    const deltas = [];
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    const response = await stream.finalResponse();
    assert.equal(deltas.join(''), 'heard: hello; system: none; images: 0');
    assert.ok(deltas.length > 1, 'the answer came in one piece');
    assert.equal(response.output_text, deltas.join(''));
    assert.equal(response.usage.total_tokens, 18);
  });

  for (const stream of [false, true]) {
    await check(`${route}: calls a tool and reads its result${stream ? ', streaming' : ''}`, async () => {
      const ask = async (input) => stream
        ? client.responses.stream({ model, input, tools: [weather] }).finalResponse()
        : client.responses.create({ model, input, tools: [weather] });
      const input = [{ role: 'user', content: 'How is the weather?' }];
      const first = await ask(input);
      const call = first.output.find(({ type }) => type === 'function_call');
      assert.deepEqual([call.name, JSON.parse(call.arguments)], ['weather', { city: 'from the model' }]);
      const second = await ask([...input, ...first.output, { type: 'function_call_output', call_id: call.call_id, output: 'sunny' }]);
      assert.equal(second.output_text, 'the tool said: sunny');
    });
  }
}

if (governed) {
  for (const stream of [false, true]) {
    await check(`a 403 of the first provider is never seen${stream ? ', streaming' : ''}`, async () => {
      const { data, response } = await client.responses.create({ model: models.responsesFailover, input: 'hello', stream }).withResponse();
      const text = stream ? (await Array.fromAsync(data)).map(({ type, delta }) => type === 'response.output_text.delta' ? delta : '').join('') : data.output_text;
      assert.equal(text, 'heard: hello; system: none; images: 0');
      assert.equal(response.headers.get('x-gatehouse-attempts'), '2');
      assert.equal(response.headers.get('x-gatehouse-provider'), 'openai-main');
    });
  }

  await check('goes on from its own response, and from no other', async () => {
    const first = await client.responses.create({ model: models.openai, input: 'hello' });
    const next = await client.responses.create({ model: models.openai, input: 'and then?', previous_response_id: first.id });
    assert.match(next.output_text, /^heard: and then\?/);
    const error = await thrown(() => client.responses.create({ model: models.openai, input: 'x', previous_response_id: 'resp_other' }));
    assert.ok(error instanceof OpenAI.BadRequestError, error.stack);
    assert.equal(error.param, 'previous_response_id');
  });

  for (const [name, extra] of [['background', { background: true }], ['conversation', { conversation: 'conv_1' }]]) {
    await check(`${name} is a BadRequestError that names it`, async () => {
      const error = await thrown(() => client.responses.create({ model: models.openai, input: 'hello', ...extra }));
      assert.ok(error instanceof OpenAI.BadRequestError, error.stack);
      assert.equal(error.param, name);
    });
  }

  await check('a stored response is not to be had', async () => {
    const error = await thrown(() => client.responses.retrieve('resp_mock'));
    assert.ok(error instanceof OpenAI.NotFoundError, error.stack);
  });

  await check('embeddings come from the model that makes them', async () => {
    const { data, usage } = await client.embeddings.create({ model: models.vectors, input: ['a', 'bcd'], encoding_format: 'float' });
    assert.deepEqual(data.map(({ embedding }) => embedding[0]), [1, 3]);
    assert.equal(usage.total_tokens, 11);
    const error = await thrown(() => client.embeddings.create({ model: models.openai, input: 'a' }));
    assert.ok(error instanceof OpenAI.NotFoundError, error.stack);
  });
}
