// OpenAI's own client against the mock server: the wire format, and what its retries need.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI, { APIError } from 'openai';
import { drain, serve } from './served.mjs';

const llm = '{api: openai, ttft: 5ms, gap: 1ms, tokens: 20}';
const route = (path, rest = '', model = llm) =>
  `  - {path: /${path}/chat/completions, llm: ${model}${rest && `, ${rest}`}}\n`;
const fails = (what) => `faults: [{share: 1, first: 1, fault: status, ${what}}]`;
const breaks = (what) => `faults: [{share: 1, ${what}}]`;
const odd = (wire, gap = '1ms') => `{api: openai, ttft: 20ms, gap: ${gap}, tokens: 20, wire: ${wire}}`;

const config = `routes:\n${[
  route('plain'),
  '  - {path: /plain/models, content: openai_models}\n',
  route('limited', fails('status: 429, retry_after: 1s, retry_after_as: seconds')),
  route('limited-ms', fails('status: 429, retry_after: 30ms, retry_after_as: milliseconds')),
  route('limited-date', fails('status: 429, retry_after: 1s, retry_after_as: http_date')),
  route('hopeless', fails('status: 409, headers: {x-should-retry: "false"}')),
  route('shaky', 'faults: [{share: 1, first: 2, fault: status, status: 500, retry_after: 10ms}]'),
  route('down', breaks('fault: status, status: 503, retry_after: 1ms')),
  route('error-event', breaks('fault: error_event')),
  route('cut', breaks('fault: end_early')),
  route('truncated', breaks('fault: truncated_json')),
  route('malformed', breaks('fault: malformed_chunk')),
  route('reset', breaks('fault: reset, after: 50%')),
  route('drip', breaks('fault: drip, pause: 20us')),
  route('comments', '', odd('{keep_alive_comment: 2ms}', '5ms')),
  route('bytes', '', odd('{bytes_per_write: 1}')),
  route('at-once', '', odd('{}', '0ms')),
  route('crlf', '', odd('{line_end: crlf}')),
].join('')}`;

const request = { model: 'mock-1', messages: [{ role: 'user', content: 'What is concurrency?' }] };
const tools = [{ type: 'function', function: { name: 'search', parameters: {} } }];

let server;
before(async () => { server = await serve(config); });
after(() => server?.stop());

const client = (path, options = {}) =>
  new OpenAI({ apiKey: 'none', baseURL: `${server.url}/${path}`, maxRetries: 0, ...options });
const create = (path, more = {}, options = {}) =>
  client(path, options).chat.completions.create({ ...request, ...more });
const stream = (path, more = {}) => create(path, { stream: true, ...more });
const words = (chunks, index = 0) => chunks
  .flatMap((chunk) => chunk.choices).filter((choice) => choice.index === index)
  .map((choice) => choice.delta.content ?? '').join('');

const attemptsWith = async (status) =>
  (await server.truth()).filter((attempt) => attempt.status === status).length;

// The same text as in one piece: texts have letters of two to four bytes in UTF-8.
async function assertIntact(path) {
  const { items, error } = await drain(await stream(path));
  assert.equal(error, null);
  const text = words(items);
  assert.equal(text.split(' ').length, 20);
  assert.ok(!text.includes('\ufffd'), text);
  assert.equal(items.at(-1).choices[0].finish_reason, 'stop');
}

test('a completion in one piece has text, usage and a request id', async () => {
  const answer = await create('plain');
  assert.equal(answer.choices[0].message.role, 'assistant');
  assert.equal(answer.choices[0].message.content.split(' ').length, 20);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.usage.completion_tokens, 20);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + 20);
  assert.match(answer._request_id, /^req_/);
});

test('a streamed completion comes word by word', () => assertIntact('plain'));

test('the stream helper puts a completion together', async () => {
  const helper = client('plain').chat.completions.stream(request);
  const answer = await helper.finalChatCompletion();
  assert.equal(answer.choices[0].message.content.split(' ').length, 20);
});

test('the usage comes in a last chunk when it is asked for', async () => {
  const { items } = await drain(await stream('plain', { stream_options: { include_usage: true } }));
  assert.deepEqual(items.at(-1).choices, []);
  assert.equal(items.at(-1).usage.completion_tokens, 20);
  assert.ok(items.slice(0, -1).every((chunk) => chunk.usage === null));
});

test('a limit on tokens ends the completion', async () => {
  const answer = await create('plain', { max_completion_tokens: 3 });
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.equal(answer.usage.completion_tokens, 3);
});

test('a required tool is called, in one piece and streamed', async () => {
  const forced = { tools, tool_choice: 'required' };
  const answer = await create('plain', forced);
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(call.function.name, 'search');
  assert.ok(JSON.parse(call.function.arguments).query);
  const helper = client('plain').chat.completions.stream({ ...request, ...forced });
  const [streamed] = (await helper.finalChatCompletion()).choices[0].message.tool_calls;
  assert.ok(JSON.parse(streamed.function.arguments).query);
});

test('two choices are two texts', async () => {
  const answer = await create('plain', { n: 2 });
  assert.equal(answer.choices.length, 2);
  assert.notEqual(answer.choices[0].message.content, answer.choices[1].message.content);
  const { items } = await drain(await stream('plain', { n: 2 }));
  assert.equal(words(items, 0).split(' ').length, 20);
  assert.equal(words(items, 1).split(' ').length, 20);
});

test('the models can be listed', async () => {
  const models = (await client('plain').models.list()).data.map((model) => model.id);
  assert.ok(models.includes('mock-1'));
});

test('a wrong request is a BadRequestError with a message', async () => {
  await assert.rejects(create('plain', { messages: undefined }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.type, 'invalid_request_error');
    return /messages/.test(error.message);
  });
});

for (const [path, least] of [['limited', 1000], ['limited-ms', 30], ['limited-date', 1000]]) {
  test(`a 429 is tried again after the time it says: ${path}`, async () => {
    const begun = performance.now();
    const answer = await create(path, {}, { maxRetries: 1 });
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.ok(performance.now() - begun >= least - 5);
  });
}

test('a 429 without a retry left is a RateLimitError', async () => {
  await assert.rejects(create('limited'), (error) => {
    assert.ok(error instanceof OpenAI.RateLimitError);
    return error.code === 'rate_limit_exceeded';
  });
});

test('x-should-retry: false ends a call that would be tried again otherwise', async () => {
  await assert.rejects(create('hopeless', {}, { maxRetries: 2 }), OpenAI.ConflictError);
  assert.equal(await attemptsWith(409), 1);
});

test('two 500 and then an answer is an answer', async () => {
  const answer = await create('shaky', {}, { maxRetries: 2 });
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(await attemptsWith(500), 2);
});

test('a server that stays down is an error after all retries', async () => {
  await assert.rejects(create('down', {}, { maxRetries: 2 }), OpenAI.InternalServerError);
  assert.equal(await attemptsWith(503), 3);
});

test('an error event ends the stream with an APIError', async () => {
  const { items, error } = await drain(await stream('error-event'));
  assert.ok(error instanceof APIError, String(error));
  assert.equal(words(items).split(' ').length, 10);
});

test('a stream cut before [DONE] is an error to who looks at the whole of it', async () => {
  const { items, error } = await drain(await stream('cut'));
  assert.equal(error, null);
  assert.equal(words(items).split(' ').length, 10);
  const helper = client('cut').chat.completions.stream(request);
  await assert.rejects(helper.finalChatCompletion(), /finish_reason/);
});

test('a truncated event is a SyntaxError', async () => {
  const { error } = await drain(await stream('truncated'));
  assert.ok(error instanceof SyntaxError, String(error));
});

for (const path of ['malformed', 'reset']) {
  test(`a stream whose HTTP breaks is an error: ${path}`, async () => {
    const { items, error } = await drain(await stream(path));
    assert.ok(error);
    assert.ok(items.length > 0);
  });
}

for (const path of ['comments', 'bytes', 'at-once', 'crlf', 'drip']) {
  test(`an odd but intact stream is read to its end: ${path}`, () => assertIntact(path));
}
