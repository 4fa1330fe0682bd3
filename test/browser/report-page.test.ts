import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { renderReport } from '../../src/cli/report/page.ts';
import { launchChromium } from '../servers/chromium.ts';
import { demoStorages } from '../support/report/demo-storages.ts';
import { fleetStorages } from '../support/report/fleet-storages.ts';
import { hostileStorages } from '../support/report/hostile-storages.ts';
import { reportOf } from '../support/report/report-of.ts';

const PAGES: Readonly<Record<string, string>> = {
  '/demo': renderReport(reportOf(demoStorages())),
  '/empty': renderReport(reportOf([])),
  '/fleet': renderReport(reportOf(fleetStorages(1000))),
  '/hostile': renderReport(reportOf(hostileStorages())),
};

let browser: Browser;
let server: Server;
let origin = '';
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = PAGES[request.url ?? ''];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' }).end(page ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

interface Opened {
  readonly page: Page;
  /** Everything that the browser complained about. */
  readonly complaints: readonly string[];
  /** Every request but that for the page. */
  readonly requests: readonly string[];
}

async function open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => void requests.push(request.url()));
  asked = [];
  await page.goto(`${origin}${path}`);
  return { page, complaints, requests };
}

/** Runs a function in the page. As text, because the types of a browser would hold for the whole project. */
function inPage<T>(page: Page, body: string): Promise<T> {
  return page.evaluate<T>(`(async () => { ${body} })()`);
}

async function openAll(page: Page): Promise<void> {
  await inPage(page, "for (const one of document.querySelectorAll('details')) one.open = true;");
}

/** Violations of any rule of axe-core. */
async function violationsOf(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe.source);
  return inPage(
    page,
    `const { violations } = await axe.run({ rules: { 'target-size': { enabled: true } } });
    return violations.map(({ id, nodes }) => [id, nodes.slice(0, 5).map((one) => [one.html.slice(0, 200), one.failureSummary])]);`,
  );
}

describe('the page of byob report in Chromium', () => {
  it.each(Object.keys(PAGES))('%s asks for nothing else, and the browser complains of nothing', async (path) => {
    const { page, complaints, requests } = await open(path);
    await openAll(page);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([`${origin}${path}`]);
    expect(asked).toEqual([path]);
    await page.context().close();
  });

  it('its policy keeps whatever would get into it from running and from loading', async () => {
    const { page } = await open('/demo');
    await inPage(
      page,
      `const script = document.createElement('script');
      script.textContent = 'document.title = "run"';
      document.body.append(script);
      const image = document.createElement('img');
      const refused = new Promise((resolve) => image.addEventListener('error', resolve));
      image.src = '/leak';
      document.body.append(image);
      document.body.setAttribute('style', 'color: red');
      await refused;`,
    );
    expect(await page.title()).toContain('Storage report');
    expect(asked).toEqual(['/demo']);
    expect(await inPage(page, 'return getComputedStyle(document.body).color;')).not.toBe('rgb(255, 0, 0)');
    await page.context().close();
  });

  it('markup in names and messages is text', async () => {
    const { page } = await open('/hostile');
    await openAll(page);
    expect(await inPage(page, "return 'pwned' in globalThis;")).toBe(false);
    expect(await page.locator('img, iframe, object, form:not(#filter), b[onclick]').count()).toBe(0);
    expect(await page.locator('style, script').count()).toBe(2);
    expect(await page.locator('main').innerText()).toContain('<img src=x onerror=');
    expect(await page.content()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    await page.context().close();
  });

  it.each([
    ['/demo', 'light'],
    ['/demo', 'dark'],
    ['/hostile', 'light'],
    ['/empty', 'dark'],
  ] as const)('%s in %s has no accessibility violation, contrast included', async (path, colorScheme) => {
    const { page } = await open(path, { colorScheme });
    await openAll(page);
    expect(await violationsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('a phone of 360 pixels shows it without scrolling sideways', async () => {
    for (const path of ['/demo', '/hostile']) {
      const { page } = await open(path, { viewport: { width: 360, height: 780 } });
      await openAll(page);
      expect([path, await inPage(page, 'return document.documentElement.scrollWidth;')]).toEqual([path, 360]);
      expect(await violationsOf(page)).toEqual([]);
      await page.context().close();
    }
  });

  it('the keyboard reaches everything that can be used, in order, and the focus is visible', async () => {
    const { page } = await open('/demo');
    const wanted = await inPage<number>(
      page,
      `return [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
        .filter((one) => one.checkVisibility({ contentVisibilityAuto: false })).length;`,
    );
    const reached: string[] = [];
    for (let step = 0; step < wanted; step += 1) {
      await page.keyboard.press('Tab');
      const { text, outline } = await inPage<{ text: string; outline: string }>(
        page,
        `const { activeElement: one } = document;
        const text = one.tagName + ' ' + one.textContent.slice(0, 30) + [...document.querySelectorAll('*')].indexOf(one);
        return { text, outline: getComputedStyle(one).outlineStyle };`,
      );
      expect([text, outline]).toEqual([text, 'solid']);
      reached.push(text);
    }
    expect(new Set(reached).size).toBe(wanted);
    expect(reached[0]).toContain('Skip to the report');
    await page.context().close();
  });

  it('the skip link leads to the report, and a link of the summary opens the storage', async () => {
    const { page } = await open('/demo');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await inPage(page, 'return document.activeElement.id;')).toBe('main');
    await inPage(page, "for (const one of document.querySelectorAll('details')) one.open = false;");
    await page.locator('#summary a', { hasText: 'sigma' }).first().click();
    expect(await page.locator('details.card', { hasText: 'TeamStorage sigma' }).first().getAttribute('open')).toBe('');
    await page.context().close();
  });

  it('a button copies the remedy, and selects it where there is no clipboard', async () => {
    const { page } = await open('/demo', { permissions: ['clipboard-read', 'clipboard-write'] });
    const box = page.locator('#summary .remedy').first();
    await box.locator('button').click();
    await page.locator('#copied', { hasText: 'Copied' }).waitFor({ state: 'attached' });
    expect(await inPage(page, 'return navigator.clipboard.readText();')).toBe(await box.locator('pre').innerText());
    await inPage(page, "Object.defineProperty(navigator, 'clipboard', { value: undefined });");
    await box.locator('button').click();
    await page.locator('#copied', { hasText: 'selected' }).waitFor({ state: 'attached' });
    expect(await inPage(page, 'return String(getSelection());')).toBe(await box.locator('pre').innerText());
    await page.context().close();
  });

  it('the filter leaves the storages with a text, and those that are not Ready', async () => {
    const { page } = await open('/fleet');
    const cards = page.locator('#buckets .card:visible');
    await page.getByLabel('Show only storages with this text').fill('team-0042');
    expect(await cards.count()).toBe(1);
    expect(await page.locator('#filter-count').innerText()).toBe('1 of 1001 storages');
    await page.getByLabel('Show only storages with this text').fill('');
    await page.getByLabel('only those that are not Ready').check();
    expect(await cards.count()).toBe(20);
    await page.context().close();
  });

  it('without scripts everything is there, and no button that would do nothing', async () => {
    const { page } = await open('/demo', { javaScriptEnabled: false });
    expect(await page.locator('button:visible, form:visible').count()).toBe(0);
    expect(await page.locator('#summary .remedy pre:visible').count()).toBe(3);
    await page.locator('.rest > summary').first().click();
    expect(await page.locator('.rest li:visible').count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('on paper everything is unfolded, without buttons, with and without scripts', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await open('/demo', { javaScriptEnabled });
      await page.emulateMedia({ media: 'print' });
      const folded = await page.locator('details:not([open]) li').count();
      expect(folded).toBeGreaterThan(10);
      expect(await page.locator('details:not([open]) li:visible').count()).toBe(folded);
      expect(await page.locator('button:visible, nav:visible, form:visible').count()).toBe(0);
      expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
      await page.context().close();
    }
  });

  it('headings, landmarks, tables and drawings say what they are', async () => {
    const { page } = await open('/demo');
    await openAll(page);
    const levels = await inPage<readonly number[]>(
      page,
      "return [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName.slice(1)));",
    );
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.slice(1).entries()) expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1);
    expect(await page.locator('main, header, footer, nav').count()).toBe(4);
    expect(await page.locator('th:not([scope])').count()).toBe(0);
    expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
    expect(await page.locator('svg:not(:has(> title)):not(:has(> desc))').count()).toBe(0);
    const drawing = page.getByRole('img', { name: '1 credential and bucket theta-data' });
    expect(await drawing.count()).toBe(1);
    await page.context().close();
  });
});
