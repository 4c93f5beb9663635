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
  assert.ok(Math.abs(actual - expected) <= relativeError * expected + 1,
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

// First value and width of a bucket: docs/result_format.md.
function rangeOf(index) {
  if (index < 1024) return [index, 1];
  const width = 2 ** (Math.floor((index - 1024) / 512) + 1);
  return [(512 + (index - 1024) % 512) * width, width];
}

// Each bucket of ours covers whole buckets of theirs.
function assertCounts(buckets, histogram) {
  for (let i = 0, index = 0; i < buckets.length; i += 2) {
    index += buckets[i];
    const [low, width] = rangeOf(index);
    let count = 0;
    for (let at = histogram.countsArrayIndex(low); at <= histogram.countsArrayIndex(low + width - 1); ++at)
      count += histogram.getCountAtIndex(at);
    assert.equal(count, buckets[i + 1], `count of ${low} ns`);
  }
}

test('the log of all trials holds each whole histogram under its tag', () => {
  const histograms = histogramsOf('all.hlog');
  assert.equal(histograms.length, trials.length);
  trials.forEach((trial, i) => {
    assert.match(histograms[i].tag, new RegExp(`^${trial.runner}.*-cap20-rep0$`));
    assertFiguresOf(trial, histograms[i]);
    assertCounts(trial.metrics.response_time.ok.buckets, histograms[i]);
    assert.equal(histograms[i].maxValue,
      histograms[i].highestEquivalentValue(trial.metrics.response_time.ok.max_ns));
  });
});

test("a trial's log has a line per interval, and their sum is the whole", () => {
  trials.forEach((trial, i) => {
    const intervals = histogramsOf(fileOf(i, '.hlog'));
    assert.ok(intervals.length > 1);
    const sum = hdr.build({
      numberOfSignificantValueDigits: 3, highestTrackableValue: intervals[0].highestTrackableValue,
    });
    let last = -1;
    for (const interval of intervals) {
      assert.ok(interval.startTimeStampMsec > last, 'intervals follow each other');
      last = interval.startTimeStampMsec;
      sum.add(interval);
    }
    assert.equal(intervals[0].endTimeStampMsec, intervals[1].startTimeStampMsec);
    assertFiguresOf(trial, sum);
  });
});

test('the percentile text is what the reader would write, to the byte', () => {
  trials.forEach((trial, i) => assert.equal(read(fileOf(i, '.hgrm')),
    histogramsOf('all.hlog')[i].outputPercentileDistribution(5, 1e6)));
});
