import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerProcess, startProcess } from './server-process.ts';

// The reference as a reader meets it. Runs where a Chromium is installed; its path may be given.

const CHROMIUM = process.env.REELAY_TEST_CHROMIUM ?? '/usr/bin/chromium';
const KEY = '0123456789abcdef0123456789abcdef';
const NAME = 'sora-2/text-to-video-pro-official-stable';

describe.skipIf(!existsSync(CHROMIUM))('the reference in a browser (skipped where Chromium is not installed)', () => {
  let dataDir: string;
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'reelay-docs-'));
    server = await startProcess({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY });
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop('SIGTERM');
    await rm(dataDir, { recursive: true });
  });

  /** Opens a page, runs the test, and fails where the page complained. */
  async function withPage(path: string, width: number, read: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ viewport: { width, height: 844 }, locale: 'en-GB' });
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    await page.goto(server.url + path);
    await read(page);
    expect(complaints).toEqual([]);
    await page.close();
  }

  test('an endpoint is found by its name, and has its code in fifteen languages', async () => {
    await withPage('/docs', 1280, async (page) => {
      await page.getByRole('searchbox').fill(NAME);
      await page.locator('.hits a').first().waitFor();
      expect(await page.locator('.hits a').first().innerText()).toContain(NAME);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/docs/rhart-video-s-official/text-to-video-pro');
      expect(await page.locator('h1').innerText()).toBe(NAME);
      expect(await page.locator('.contents [aria-current]').isVisible()).toBe(true);
      const tabs = await page.getByRole('tab').all();
      expect(tabs).toHaveLength(15);
      for (const tab of tabs) {
        await tab.click();
        expect(await page.getByRole('tabpanel').allInnerTexts()).toHaveLength(1);
        expect(await page.getByRole('tabpanel').innerText()).toContain('text-to-video-pro');
      }
    });
  });

  test('trying it runs a task and plays what it made', async () => {
    await withPage('/docs/rhart-video-s-official/text-to-video-pro', 1280, async (page) => {
      await page.locator('.try .key').fill(KEY);
      const body = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };
      await page.locator('.try textarea').fill(JSON.stringify(body));
      await page.locator('.try .price').click();
      await page.getByRole('status').filter({ hasText: '8.4 CNY' }).waitFor();
      await page.locator('.try .run').click();
      const video = page.locator('.results video');
      await video.waitFor({ timeout: 180_000 });
      const seconds = () => page.evaluate<number>("document.querySelector('.results video').duration");
      await expect.poll(seconds).toBeCloseTo(4, 1);
      await page.locator('.try textarea').fill('{"duration": "5"}');
      await page.locator('.try .run').click();
      await page.getByRole('status').filter({ hasText: 'prompt' }).waitFor();
    });
  });

  test('on a phone nothing is wider than the screen, and the contents open', async () => {
    for (const path of [
      '/docs',
      '/docs/kinds/image-to-video',
      '/docs/kling-v3.0-pro/motion-control',
      '/docs/guides/errors',
    ]) {
      await withPage(path, 390, async (page) => {
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
        expect(await page.locator('.contents').isVisible()).toBe(false);
        await page.getByRole('button', { name: 'Contents' }).click();
        expect(await page.locator('.contents').isVisible()).toBe(true);
      });
    }
  });

  test('the other language is one click away, and stays', async () => {
    await withPage('/docs/sora-2/text-to-video-official-stable', 1280, async (page) => {
      const about = page.locator('.about');
      expect(await about.innerText()).toMatch(/^[A-Z]/);
      await page.locator('.language').click();
      expect(await about.innerText()).toMatch(/[\u4e00-\u9fff]/);
      await page.reload();
      expect(await about.innerText()).toMatch(/[\u4e00-\u9fff]/);
    });
  });
});
