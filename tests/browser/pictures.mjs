// Makes the pictures of the README from a fresh server and its demo shop: HAECHI_BINARY=target/debug/haechi node tests/browser/pictures.mjs
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { start } from './servers.mjs';

const folder = 'docs/images';
await mkdir(folder, { recursive: true });
// The shop's usual port, because the consent page names it.
const servers = await start(3000);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  await walk('light', async (page, picture) => {
    await page.click('#sign-in');
    await page.waitForSelector('#login');
    await page.fill('#email', 'gildong@example.com');
    await picture('sign-in');
  });
  await walk('dark', async (page, picture) => {
    await page.click('#sign-up');
    await page.fill('#name', '홍길동');
    await page.fill('#email', 'gildong@example.com');
    await page.fill('#password', 'seven quiet herons at dawn');
    await page.click('#submit');
    await page.waitForSelector('#allow:enabled');
    await page.evaluate(() => document.activeElement?.blur());
    await picture('consent');
  });
} finally {
  await browser.close();
  await servers.stop();
}

async function walk(colorScheme, steps) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 960 }, colorScheme, locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(servers.shop);
  await steps(page, (name) => page.screenshot({ path: `${folder}/${name}.png` }));
  await context.close();
}
