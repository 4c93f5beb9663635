// A mock server of a test file's own. ATONCE names the program.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const patience = 10_000;

// Starts `atonce serve` with these routes; to be stopped with stop().
export async function serve(config) {
  assert.ok(process.env.ATONCE, 'ATONCE must name the built program');
  const child = spawn(process.env.ATONCE, ['serve', '-', '--exit-with-parent'],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(config);
  const timeout = AbortSignal.timeout(patience);
  let said = '';
  while (!said.includes('\n')) said += (await once(child.stdout, 'data', { signal: timeout }))[0];
  const url = said.match(/http:\/\/\S+/)[0];
  return {
    url,
    truth: async () => (await (await fetch(`${url}/_atonce/truth`)).text())
      .split('\n').filter(Boolean).map((line) => JSON.parse(line)),
    stop: async () => {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit', { signal: AbortSignal.timeout(patience) });
    },
  };
}

// All that an asynchronous iterable yields before it ends or throws.
export async function drain(stream) {
  const items = [];
  try {
    for await (const item of stream) items.push(item);
    return { items, error: null };
  } catch (error) {
    return { items, error };
  }
}
