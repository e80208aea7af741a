// A mock LLM provider: OpenAI chat completions, responses and embeddings, Anthropic messages and count_tokens.
//   node provider.mjs --port 5001 --key KEY --models a,b [--refuse]
// It answers a tool call when the request has tools and the last message is the user's, text otherwise.
// The text repeats what arrived (system prompt, user text, images, tool result), so that a client can
// tell whether a translation on the way lost something. --refuse answers every call with 403.
import http from 'node:http';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

export const TOKENS_IN = 11;
export const TOKENS_OUT = 7;

/** One mock answer, in neither protocol's words: text, or a call of one tool. */
function answer({ system, turns, tools }) {
  const last = turns.at(-1) ?? { role: 'user', text: '' };
  if (tools.length > 0 && last.role === 'user') {
    const tool = tools.find(({ name }) => last.text.includes(name)) ?? tools[0];
    return { tool: tool.name, input: sample(tool.schema) };
  }
  if (last.role === 'tool') return { text: `the tool said: ${last.text}` };
  return { text: `heard: ${last.text}; system: ${system || 'none'}; images: ${last.images}` };
}

/** The smallest value that a JSON schema's required properties allow. */
function sample(schema = {}) {
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'string': return 'from the model';
    case 'number': case 'integer': return 1;
    case 'boolean': return true;
    case 'array': return [];
    default: return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name])]));
  }
}

const textOf = (content) => typeof content === 'string' ? content
  : (content ?? []).filter((part) => part.type === 'text').map((part) => part.text).join('');
const imagesOf = (content) => Array.isArray(content)
  ? content.filter((part) => part.type === 'image' || part.type === 'image_url').length : 0;

const openai = {
  read: (body) => ({
    system: body.messages.filter(({ role }) => role === 'system' || role === 'developer').map(({ content }) => textOf(content)).join('\n'),
    turns: body.messages.map(({ role, content }) => ({ role, text: textOf(content), images: imagesOf(content) })),
    tools: (body.tools ?? []).map(({ function: f }) => ({ name: f.name, schema: f.parameters })),
  }),

  /** What the real provider would answer with 400. */
  fault({ messages }) {
    const called = new Set(messages.flatMap(({ tool_calls }) => tool_calls ?? []).map(({ id }) => id));
    const loose = messages.find(({ role, tool_call_id }) => role === 'tool' && !called.has(tool_call_id));
    return loose && `a tool message answers no tool call: '${loose.tool_call_id}'`;
  },

  write(model, { text, tool, input }) {
    const message = tool
      ? { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: tool, arguments: JSON.stringify(input) } }] }
      : { role: 'assistant', content: text, refusal: null };
    return {
      id: 'chatcmpl-mock', object: 'chat.completion', created: 1, model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: tool ? 'tool_calls' : 'stop' }],
      usage: openai.usage,
    };
  },

  * stream(model, { text, tool, input }, body) {
    const chunk = (choices, usage) => ['', {
      id: 'chatcmpl-mock', object: 'chat.completion.chunk', created: 1, model, choices,
      ...(body.stream_options?.include_usage && { usage: usage ?? null }),
    }];
    const delta = (delta, finish_reason = null) => chunk([{ index: 0, delta, finish_reason }]);
    if (tool) {
      const call = (fields, f) => ({ tool_calls: [{ index: 0, ...fields, function: f }] });
      yield delta({ role: 'assistant', content: null, ...call({ id: 'call_1', type: 'function' }, { name: tool, arguments: '' }) });
      for (const part of pieces(JSON.stringify(input))) yield delta(call({}, { arguments: part }));
    } else {
      yield delta({ role: 'assistant', content: '' });
      for (const part of pieces(text)) yield delta({ content: part });
    }
    yield delta({}, tool ? 'tool_calls' : 'stop');
    if (body.stream_options?.include_usage) yield chunk([], openai.usage);
    yield ['', '[DONE]'];
  },

  error: (status, code, message) => ({
    error: { message, type: status === 403 ? 'permission_error' : 'invalid_request_error', param: null, code },
  }),
  usage: { prompt_tokens: TOKENS_IN, completion_tokens: TOKENS_OUT, total_tokens: TOKENS_IN + TOKENS_OUT },
  wrongKey: 'invalid_api_key',
  unknownModel: 'model_not_found',
  refused: 'unsupported_country_region_territory',
};

const anthropic = {
  read: (body) => ({
    system: [body.system, ...body.messages.filter(({ role }) => role === 'system').map(({ content }) => content)].map(textOf).filter(Boolean).join('\n'),
    turns: body.messages.filter(({ role }) => role !== 'system').map(({ role, content }) => {
      const result = Array.isArray(content) && content.find(({ type }) => type === 'tool_result');
      return result ? { role: 'tool', text: textOf(result.content), images: 0 }
        : { role, text: textOf(content), images: imagesOf(content) };
    }),
    tools: (body.tools ?? []).map(({ name, input_schema }) => ({ name, schema: input_schema })),
  }),

  /** What the real provider would answer with 400. */
  fault(body, headers) {
    const version = headers['anthropic-version'];
    if (version !== '2023-06-01' && version !== '2026-10-21') return `anthropic-version: '${version}' is not a valid version`;
    const removed = ['temperature', 'top_p', 'top_k'].find((name) => name in body);
    if (removed && version === '2026-10-21') return `${removed}: removed in this API version`;
    const { max_tokens, messages } = body;
    if (!Number.isInteger(max_tokens)) return 'max_tokens: field required';
    const stranger = messages.find(({ role }) => !['user', 'assistant', 'system'].includes(role));
    if (stranger) return `messages: unexpected role '${stranger.role}'`;
    const blocks = messages.flatMap(({ content }) => Array.isArray(content) ? content : []);
    const called = new Set(blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => id));
    const loose = blocks.find(({ type, tool_use_id }) => type === 'tool_result' && !called.has(tool_use_id));
    return loose && `messages: unexpected tool_use_id '${loose.tool_use_id}' in a tool_result block`;
  },

  write(model, { text, tool, input }) {
    return {
      ...anthropic.head(model),
      content: [tool ? { type: 'tool_use', id: 'toolu_1', name: tool, input } : { type: 'text', text, citations: null }],
      stop_reason: tool ? 'tool_use' : 'end_turn',
      usage: { input_tokens: TOKENS_IN, output_tokens: TOKENS_OUT },
    };
  },

  * stream(model, { text, tool, input }) {
    const event = (type, fields) => [type, { type, ...fields }];
    yield event('message_start', { message: { ...anthropic.head(model), usage: { input_tokens: TOKENS_IN, output_tokens: 1 } } });
    yield event('content_block_start', {
      index: 0,
      content_block: tool ? { type: 'tool_use', id: 'toolu_1', name: tool, input: {} } : { type: 'text', text: '', citations: null },
    });
    yield event('ping', {});
    for (const part of pieces(tool ? JSON.stringify(input) : text)) {
      yield event('content_block_delta', {
        index: 0, delta: tool ? { type: 'input_json_delta', partial_json: part } : { type: 'text_delta', text: part },
      });
    }
    yield event('content_block_stop', { index: 0 });
    yield event('message_delta', {
      delta: { stop_reason: tool ? 'tool_use' : 'end_turn', stop_sequence: null }, usage: { output_tokens: TOKENS_OUT },
    });
    yield event('message_stop', {});
  },

  head: (model) => ({
    id: 'msg_mock', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null,
  }),
  error: (status, type, message) => ({ type: 'error', error: { type, message }, request_id: 'req_mock' }),
  wrongKey: 'authentication_error',
  unknownModel: 'not_found_error',
  refused: 'permission_error',
};

const responses = {
  ...openai,
  read: ({ instructions, input, tools }) => {
    const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
    const said = (content) => typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('');
    const system = items.filter(({ role }) => role === 'system' || role === 'developer');
    return {
      system: [instructions, ...system.map(({ content }) => said(content))].filter(Boolean).join('\n'),
      turns: items.filter((item) => !system.includes(item) && item.type !== 'reasoning').map((item) => item.type === 'function_call_output'
        ? { role: 'tool', text: said(item.output), images: 0 }
        : { role: item.role ?? 'assistant', text: said(item.content ?? ''), images: Array.isArray(item.content) ? item.content.filter(({ type }) => type === 'input_image').length : 0 }),
      tools: (tools ?? []).map(({ name, parameters }) => ({ name, schema: parameters })),
    };
  },

  /** What the real provider would answer with 400. */
  fault({ input }) {
    const items = Array.isArray(input) ? input : [];
    const called = new Set(items.filter(({ type }) => type === 'function_call').map(({ call_id }) => call_id));
    const loose = items.find(({ type, call_id }) => type === 'function_call_output' && !called.has(call_id));
    return loose && `No tool call found for function call output with call_id ${loose.call_id}.`;
  },

  item: ({ text, tool, input }) => tool
    ? { id: 'fc_mock', type: 'function_call', status: 'completed', call_id: 'call_1', name: tool, arguments: JSON.stringify(input) }
    : { id: 'msg_mock', type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [], logprobs: [] }] },

  write(model, reply) {
    return {
      id: 'resp_mock', object: 'response', created_at: 1, status: 'completed', error: null, incomplete_details: null, instructions: null,
      metadata: {}, model, output: [responses.item(reply)], parallel_tool_calls: true, temperature: 1, tool_choice: 'auto', tools: [], top_p: 1,
      usage: {
        input_tokens: TOKENS_IN, input_tokens_details: { cached_tokens: 0 }, output_tokens: TOKENS_OUT,
        output_tokens_details: { reasoning_tokens: 0 }, total_tokens: TOKENS_IN + TOKENS_OUT,
      },
    };
  },

  * stream(model, reply) {
    let sequence_number = 0;
    const event = (type, fields) => [type, { type, sequence_number: sequence_number++, ...fields }];
    const whole = responses.write(model, reply);
    const begun = { ...whole, status: 'in_progress', output: [], usage: null };
    const [item] = whole.output;
    const at = { item_id: item.id, output_index: 0, content_index: 0 };
    yield event('response.created', { response: begun });
    yield event('response.in_progress', { response: begun });
    yield event('response.output_item.added', {
      output_index: 0, item: { ...item, status: 'in_progress', ...(reply.tool ? { arguments: '' } : { content: [] }) },
    });
    if (reply.tool) {
      for (const delta of pieces(item.arguments)) yield event('response.function_call_arguments.delta', { item_id: item.id, output_index: 0, delta });
      yield event('response.function_call_arguments.done', { item_id: item.id, output_index: 0, name: item.name, arguments: item.arguments });
    } else {
      const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
      yield event('response.content_part.added', { ...at, part });
      for (const delta of pieces(reply.text)) yield event('response.output_text.delta', { ...at, delta, logprobs: [] });
      yield event('response.output_text.done', { ...at, text: reply.text, logprobs: [] });
      yield event('response.content_part.done', { ...at, part: item.content[0] });
    }
    yield event('response.output_item.done', { output_index: 0, item });
    yield event('response.completed', { response: whole });
  },
};

const wires = { '/v1/chat/completions': openai, '/v1/responses': responses, '/v1/messages': anthropic };

/** Two or three pieces, so that a reader who takes the first for the whole is found out. */
function pieces(text) {
  const size = Math.max(1, Math.ceil(text.length / 3));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}

/** A request listener that speaks both wires for the given models to holders of the key. */
export function provider({ key, models, refuse = false }) {
  return async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const wire = wires[path] ?? (path.startsWith('/v1/messages') || request.headers['anthropic-version'] ? anthropic : openai);
    const send = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_mock', 'request-id': 'req_mock' });
      response.end(JSON.stringify(body));
    };

    // Each credential that arrives must be the provider's own: a caller's that was passed on is refused.
    const given = [request.headers['x-api-key'], request.headers.authorization?.replace(/^Bearer /, '')].filter(Boolean);
    if (given.length === 0 || given.some((credential) => credential !== key)) return send(401, wire.error(401, wire.wrongKey, 'the API key is wrong'));
    if (refuse) return send(403, wire.error(403, wire.refused, 'this provider refuses everything'));
    if (path === '/v1/models') {
      const data = models.map((id) => ({ id, object: 'model', type: 'model', display_name: id, created: 1, created_at: '2026-01-01T00:00:00Z', owned_by: 'mock' }));
      return send(200, { object: 'list', data, has_more: false, first_id: models[0], last_id: models.at(-1) });
    }

    const body = await bodyOf(request);
    if (!models.includes(body.model)) return send(404, wire.error(404, wire.unknownModel, `no model '${body.model}' here`));
    if (path === '/v1/messages/count_tokens') return send(200, { input_tokens: TOKENS_IN });
    if (path === '/v1/embeddings') {
      const data = [body.input].flat().map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 0.5] }));
      return send(200, { object: 'list', data, model: body.model, usage: { prompt_tokens: TOKENS_IN, total_tokens: TOKENS_IN } });
    }
    if (!wires[path]) return send(404, wire.error(404, 'not_found_error', `no path ${path} here`));

    const fault = wire.fault(body, request.headers);
    if (fault) return send(400, wire.error(400, 'invalid_request_error', fault));

    const reply = answer(wire.read(body));
    if (!body.stream) return send(200, wire.write(body.model, reply));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_mock', 'request-id': 'req_mock' });
    for (const [event, data] of wire.stream(body.model, reply, body)) {
      response.write(`${event && `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    }
    response.end();
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, key: { type: 'string' }, models: { type: 'string' }, refuse: { type: 'boolean' } },
  });
  http.createServer(provider({ ...values, models: values.models.split(',') })).listen(Number(values.port), '127.0.0.1');
}
