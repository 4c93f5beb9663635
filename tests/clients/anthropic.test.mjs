// Anthropic's own client against the mock server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { drain, serve } from './served.mjs';

const llm = '{api: anthropic, ttft: 5ms, gap: 1ms, tokens: 20}';
const route = (path, faults = '') =>
  `  - {path: /${path}/v1/messages, llm: ${llm}${faults && `, faults: [{share: 1, ${faults}}]`}}\n`;

const config = `routes:\n${[
  route('plain'),
  route('overloaded', 'first: 1, fault: status, status: 529, retry_after: 20ms'),
  route('error-event', 'fault: error_event'),
  route('cut', 'fault: end_early'),
  '  - {path: /crlf/v1/messages, llm: {api: anthropic, tokens: 20, ' +
    'wire: {line_end: crlf, bytes_per_write: 3}}}\n',
].join('')}`;

const request = {
  model: 'mock-1', max_tokens: 100, messages: [{ role: 'user', content: 'What is concurrency?' }],
};
const forced = {
  tools: [{ name: 'search', input_schema: { type: 'object' } }],
  tool_choice: { type: 'any' },
};

let server;
before(async () => { server = await serve(config); });
after(() => server?.stop());

const client = (path, options = {}) =>
  new Anthropic({ apiKey: 'none', baseURL: `${server.url}/${path}`, maxRetries: 0, ...options });
const create = (path, more = {}, options = {}) =>
  client(path, options).messages.create({ ...request, ...more });
const final = (path, more = {}) =>
  client(path).messages.stream({ ...request, ...more }).finalMessage();

test('a message in one piece has text, usage and a request id', async () => {
  const message = await create('plain');
  assert.equal(message.content[0].text.split(' ').length, 20);
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(message.usage.output_tokens, 20);
  assert.match(message._request_id, /^req_/);
});

test('a stream has its events in their order', async () => {
  const { items, error } = await drain(await create('plain', { stream: true }));
  assert.equal(error, null);
  const types = items.map((event) => event.type);
  assert.deepEqual(types.slice(0, 2), ['message_start', 'content_block_start']);
  assert.deepEqual(types.slice(-3), ['content_block_stop', 'message_delta', 'message_stop']);
  assert.ok(types.slice(2, -3).every((type) => type === 'content_block_delta'));
  assert.equal(types.length, 25);
});

test('the stream helper puts a message together', async () => {
  const message = await final('plain');
  assert.equal(message.content[0].text.split(' ').length, 20);
  assert.equal(message.usage.output_tokens, 20);
});

test('CR LF and writes of three bytes change nothing', async () => {
  const text = (await final('crlf')).content[0].text;
  assert.equal(text.split(' ').length, 20);
  assert.ok(!text.includes('\ufffd'), text);
});

test('max_tokens ends the message', async () => {
  const message = await final('plain', { max_tokens: 3 });
  assert.equal(message.stop_reason, 'max_tokens');
  assert.equal(message.usage.output_tokens, 3);
});

test('a tool is used, in one piece and streamed', async () => {
  for (const message of [await create('plain', forced), await final('plain', forced)]) {
    assert.equal(message.stop_reason, 'tool_use');
    assert.equal(message.content[0].name, 'search');
    assert.ok(message.content[0].input.query);
  }
});

test('a request without max_tokens is a BadRequestError', async () => {
  await assert.rejects(create('plain', { max_tokens: undefined }), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    return error.error.error.type === 'invalid_request_error';
  });
});

test('overloaded is an error of its own, and tried again', async () => {
  await assert.rejects(create('overloaded'), (error) => {
    assert.equal(error.status, 529);
    return error.error.error.type === 'overloaded_error';
  });
  const message = await create('overloaded', {}, { maxRetries: 1 });
  assert.equal(message.stop_reason, 'end_turn');
});

test('an error event ends the stream with an APIError', async () => {
  const { items, error } = await drain(await create('error-event', { stream: true }));
  assert.ok(error instanceof APIError, String(error));
  assert.equal(items.filter((event) => event.type === 'content_block_delta').length, 10);
});

test('a stream without message_stop is an error to who looks at the whole of it', async () => {
  await assert.rejects(final('cut'));
});
