// hdr-histogram-js reads what the report writer `hdr` wrote, and finds the figures of result.json.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as hdr from 'hdr-histogram-js';

const relativeError = 1 / 1024;
let dir, trials;

before(() => {
  assert.ok(process.env.ATONCE, 'ATONCE must name the built program');
  dir = mkdtempSync(join(tmpdir(), 'atonce-hdr-'));
  execFileSync(process.env.ATONCE, ['run', 'steady-rate', '--time-scale', '0.25', '--quiet',
    '--runner', 'asio_coroutines', '--runner', 'thread_pool', '--format', 'json,hdr', '--out', dir],
  { timeout: 60_000 });
  trials = JSON.parse(readFileSync(join(dir, 'result.json'))).trials;
});
after(() => rmSync(dir, { recursive: true, force: true }));

const read = (file) => readFileSync(join(dir, 'hdr', file), 'utf8');
const fileOf = (number, extension) => readdirSync(join(dir, 'hdr'))
  .find((name) => name.startsWith(String(number + 1).padStart(3, '0')) && name.endsWith(extension));

function histogramsOf(file) {
  const reader = new hdr.HistogramLogReader(read(file));
  const found = [];
  for (let next = reader.nextIntervalHistogram(); next; next = reader.nextIntervalHistogram())
    found.push(next);
  return found;
}

function assertNear(actual, expected, what) {
  assert.ok(Math.abs(actual - expected) <= 2 * relativeError * expected + 1,
    `${what}: ${actual} instead of ${expected}`);
}

function assertFiguresOf(trial, histogram) {
  const ours = trial.metrics.response_time.ok;
  assert.equal(histogram.totalCount, ours.count);
  for (const [percentile, key] of [[50, 'p50_ns'], [90, 'p90_ns'], [99, 'p99_ns'], [99.9, 'p999_ns']])
    assertNear(histogram.getValueAtPercentile(percentile), ours[key], key);
  assertNear(histogram.maxValue, ours.max_ns, 'max');
  assertNear(histogram.mean, ours.sum_ns / ours.count, 'mean');
}

test('the log of all trials holds each whole histogram under its tag', () => {
  const histograms = histogramsOf('all.hlog');
  assert.equal(histograms.length, trials.length);
  trials.forEach((trial, i) => {
    assert.match(histograms[i].tag, new RegExp(`^${trial.runner}.*-cap20-rep0$`));
    assertFiguresOf(trial, histograms[i]);
  });
});

test("a trial's log has a line per interval, and their sum is the whole", () => {
  trials.forEach((trial, i) => {
    const intervals = histogramsOf(fileOf(i, '.hlog'));
    assert.ok(intervals.length > 1);
    const sum = hdr.build({ numberOfSignificantValueDigits: 3 });
    let last = -1;
    for (const interval of intervals) {
      assert.ok(interval.startTimeStampMsec > last, 'intervals follow each other');
      last = interval.startTimeStampMsec;
      sum.add(interval);
    }
    assertFiguresOf(trial, sum);
  });
});

test('the percentile text is what the reader would write', () => {
  const rows = (text) => text.split('\n').filter((line) => /^\s+\d/.test(line))
    .map((line) => line.trim().split(/\s+/).map(Number));
  trials.forEach((trial, i) => {
    const ours = rows(read(fileOf(i, '.hgrm')));
    const theirs = rows(histogramsOf('all.hlog')[i].outputPercentileDistribution(5, 1e6));
    assert.equal(ours.length, theirs.length);
    ours.forEach(([value, percentile, count], row) => {
      assert.ok(Math.abs(value - theirs[row][0]) < 0.0011, `value in row ${row}`);
      assert.ok(Math.abs(percentile - theirs[row][1]) < 1e-9, `percentile in row ${row}`);
      assert.equal(count, theirs[row][2], `count in row ${row}`);
    });
  });
});
