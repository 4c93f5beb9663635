// Opens reports of made-up results in a real browser, without network.
// ATONCE_REPORT_FIXTURE names the program that writes them, ATONCE_CHROMIUM another browser.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const fixture = process.env.ATONCE_REPORT_FIXTURE;
const executablePath = process.env.ATONCE_CHROMIUM ?? '/usr/bin/chromium';
const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const wide = { width: 1280, height: 900 };
const narrow = { width: 400, height: 800 };
const batchCharts = [
  'makespan', 'percentiles', 'in_flight', 'send_lag', 'client_overhead', 'cpu_per_call',
  'memory_per_call',
];

let folder, browser;

before(async () => {
  assert.ok(fixture, 'ATONCE_REPORT_FIXTURE must name the built report_fixture');
  folder = mkdtempSync(join(tmpdir(), 'atonce-report-'));
  execFileSync(fixture, [folder], { stdio: ['ignore', 'ignore', 'inherit'], timeout: 60_000 });
  browser = await chromium.launch({ executablePath, args: flags, timeout: 60_000 });
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
});

// Opens a page, runs `check`, and asserts that nothing was complained about or asked of a network.
async function withReport(name, options, check) {
  const page = await browser.newPage({ viewport: wide, ...options });
  page.setDefaultTimeout(20_000);
  const complaints = [], requests = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => { complaints.push('dialog'); dialog.dismiss(); });
  page.on('request', (request) => requests.push(request.url()));
  const url = `file://${join(folder, name, 'report.html')}`;
  await page.goto(url);
  await check(page);
  assert.deepEqual(complaints, []);
  assert.deepEqual(requests.filter((one) => one !== url && !one.startsWith('data:')), []);
  await page.close();
}

const chart = (page, name) => page.locator(`.chart[data-chart="${name}"]`);
const colourOf = (page, selector) =>
  page.locator(selector).first().evaluate((element) => getComputedStyle(element).backgroundColor);

// Marks in this colour in the first chart.
const filled = (page, colour) => chart(page, 'makespan').locator(`svg path[fill="${colour}"]`).count();

// A legend entry reacts on its area, which an invisible path above the text covers.
async function clickText(page, name, text) {
  const label = chart(page, name).locator('svg text', { hasText: new RegExp(`^${text}$`) }).first();
  await label.scrollIntoViewIfNeeded();
  const box = await label.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

// The page forbids eval, which the driver's own waiting for a condition would need.
async function eventually(condition, what) {
  for (let i = 0; i < 100; ++i) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`not within 5 s: ${what}`);
}

async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

const chartCounts = {
  plain: 7, open: 8, hostile: 9, sessions: 9, streams: 10, steps: 8, limits: 8, pool: 8, aborts: 7,
  course: 12,
};

for (const [name, count] of Object.entries(chartCounts))
  for (const colorScheme of ['light', 'dark'])
    for (const viewport of [wide, narrow])
      test(`${name} report draws every chart, ${colorScheme}, ${viewport.width} px`, async () => {
        await withReport(name, { colorScheme, viewport }, async (page) => {
          const charts = page.locator('.chart[data-live="true"]');
          assert.equal(await charts.count(), count);
          for (const one of await charts.all()) {
            assert.ok(await one.locator('svg path').count() > 4);
            const box = await one.locator('svg').boundingBox();
            assert.ok(box.width > 250 && box.height > 100, JSON.stringify(box));
          }
          assert.ok(await overflow(page) <= 0, 'the page is wider than the window');
        });
      });

test('the charts of a batch are those that the reader expects', async () => {
  await withReport('plain', {}, async (page) => {
    const names = await page.locator('.chart').evaluateAll((all) => all.map((one) => one.dataset.chart));
    assert.deepEqual(names, batchCharts);
  });
});

test('each chart has a name for those who cannot see it, and its figures as a table', async () => {
  await withReport('plain', {}, async (page) => {
    for (const name of batchCharts) {
      assert.match(await chart(page, name).getAttribute('aria-label'), /\?/);
      const details = page.locator(`#${name} details`);
      await details.locator('summary').click();
      assert.ok(await details.locator('tbody tr').first().isVisible());
    }
  });
});

test('a tooltip tells the figure under the mouse', async () => {
  await withReport('plain', {}, async (page) => {
    const mark = chart(page, 'makespan').locator('svg path[fill="#0072b2"]').first();
    await mark.scrollIntoViewIfNeeded();
    const box = await mark.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    const tip = chart(page, 'makespan').locator('div', { hasText: 'asio_coroutines cap 1: ' }).last();
    await tip.waitFor({ state: 'visible' });
    assert.match(await tip.textContent(), /of the ideal/);
  });
});

test('a tooltip tells the call and the wait under the mouse', async () => {
  await withReport('sessions', {}, async (page) => {
    // The third look-up of sync_serial: half a light bar of waiting, then the call itself.
    const waits = chart(page, 'session_lanes').locator('svg path[fill="#d55e00"][fill-opacity]');
    await waits.first().scrollIntoViewIfNeeded();
    const boxes = await Promise.all((await waits.all()).map((one) => one.boundingBox()));
    const longest = boxes.reduce((a, b) => (b.width > a.width ? b : a));
    const told = async (x, pattern) => {
      await page.mouse.move(x, longest.y + longest.height / 2, { steps: 4 });
      const tip = chart(page, 'session_lanes').locator('div', { hasText: pattern }).last();
      await tip.waitFor({ state: 'visible' });
    };
    await told(longest.x + longest.width / 2, /research research: GET \/kb waits for \d/);
    await told(longest.x + longest.width + 4, /research research: GET \/kb from .* to .*s/);
  });
});

test('the legend hides a stage, waits and all', async () => {
  await withReport('sessions', {}, async (page) => {
    const bars = () => chart(page, 'session_lanes').locator('svg path[fill="#d55e00"]').count();
    assert.ok(await bars() > 10);
    await clickText(page, 'session_lanes', 'research');
    await eventually(async () => await bars() <= 1, 'the stage is hidden');
  });
});

test('a tooltip of a curve tells all contenders at that point', async () => {
  await withReport('plain', {}, async (page) => {
    await chart(page, 'percentiles').scrollIntoViewIfNeeded();
    const box = await chart(page, 'percentiles').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3, { steps: 4 });
    const tip = chart(page, 'percentiles').locator('div', { hasText: 'curl_multi' }).last();
    await tip.waitFor({ state: 'visible' });
    assert.match(await tip.textContent(), /asio_coroutines .* % within .*sync_serial/s);
  });
});

test('the legend hides a series and shows it again', async () => {
  await withReport('plain', {}, async (page) => {
    const before = await filled(page, '#d55e00');
    assert.ok(before >= 4);
    await clickText(page, 'makespan', 'curl_multi');
    await eventually(async () => await filled(page, '#d55e00') === 0, 'curl_multi is hidden');
    await clickText(page, 'makespan', 'curl_multi');
    await eventually(async () => await filled(page, '#d55e00') === before, 'curl_multi is back');
  });
});

test('a change between light and dark repaints page and charts and keeps what is hidden', async () => {
  await withReport('plain', { colorScheme: 'light' }, async (page) => {
    const paper = await colourOf(page, 'body');
    await clickText(page, 'makespan', 'curl_multi');
    await page.emulateMedia({ colorScheme: 'dark' });
    await eventually(async () => await filled(page, '#4aa8e8') > 0, 'dark colours');
    assert.notEqual(await colourOf(page, 'body'), paper);
    assert.equal(await filled(page, '#ff8a3d'), 0);
  });
});

test('a change of width redraws the charts', async () => {
  await withReport('plain', {}, async (page) => {
    await page.setViewportSize(narrow);
    const width = async () => (await chart(page, 'makespan').locator('svg').boundingBox()).width;
    await eventually(async () => await width() < 400, 'a narrow chart');
    assert.ok(await overflow(page) <= 0);
  });
});

test('a heat map draws each shade as one path and tells of a column under the mouse', async () => {
  await withReport('course', {}, async (page) => {
    const tiles = chart(page, 'latency_over_time').locator('svg path[fill-opacity]');
    const count = await tiles.count();
    assert.ok(count > 5 && count < 60, `${count} paths`);
    await chart(page, 'latency_over_time').scrollIntoViewIfNeeded();
    const box = await chart(page, 'latency_over_time').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 });
    const tip = chart(page, 'latency_over_time').locator('div', { hasText: 'asio_coroutines' }).last();
    await tip.waitFor({ state: 'visible' });
    assert.match(await tip.textContent(), /at \d.* calls, p50 .*, p99 .*, max /);
  });
});

test('an interval stands below its figure, and a percentile of too few calls says so', async () => {
  await withReport('plain', {}, async (page) => {
    const small = page.locator('tr.winner td small').first();
    assert.match(await small.textContent(), /^\[[\d.]+, [\d.]+\]$/);
    const thin = page.locator('tr.winner td.faint').first();
    assert.match(await thin.textContent(), /ms†$/);
    assert.equal(await thin.getAttribute('title'), 'p99 needs 459 calls, there are 100');
    assert.ok(await page.locator('.footnote', { hasText: 'Student' }).isVisible());
  });
});

test('hostile names stay text', async () => {
  await withReport('hostile', {}, async (page) => {
    assert.match(await page.title(), /^<script>/);
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.locator('script').count(), 3);
    const text = await page.locator('body').innerText();
    for (const hostile of ['<script>document.title', '"><img src=x', "</script><b>&\"'", '{{data}}'])
      assert.ok(text.includes(hostile), hostile);
  });
});

test('a tooltip of a hostile name stays text', async () => {
  await withReport('hostile', {}, async (page) => {
    await chart(page, 'percentiles').scrollIntoViewIfNeeded();
    const box = await chart(page, 'percentiles').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3, { steps: 4 });
    const tip = chart(page, 'percentiles').locator('div', { hasText: '</script><b>' }).last();
    await tip.waitFor({ state: 'visible' });
  });
});

test('without scripts every chart is there as a picture', async () => {
  await withReport('plain', { javaScriptEnabled: false }, async (page) => {
    assert.equal(await page.locator('.chart svg.atonce-chart').count(), batchCharts.length);
    assert.ok(await page.locator('.chart svg').first().isVisible());
  });
});
