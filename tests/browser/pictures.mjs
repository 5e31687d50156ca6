// Makes the pictures of the README and of docs from a fresh server and its demo shop: HAECHI_BINARY=target/debug/haechi node tests/browser/pictures.mjs
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { pastOffer } from './house.mjs';
import { start, startProvider } from './servers.mjs';

const folder = 'docs/images';
const password = 'seven quiet herons at dawn';
const administrator = 'ada@example.com';
const shop = 'haechi-demo-shop';
const newcomers = [
  { name: '김민지', email: 'minji@example.com' }, { name: 'Grace Hopper', email: 'grace@example.com' },
  { name: '이서준', email: 'seojun@example.com' }, { name: 'Alan Turing', email: 'alan@example.com' },
  { name: '박하늘', email: 'haneul@example.com' }, { name: 'Barbara Liskov', email: 'barbara@example.com' },
];
await mkdir(folder, { recursive: true });
// The shop's usual port, because the consent page names it.
const servers = await start(3000, {
  HAECHI_NETWORK__OUTGOING_HTTP: 'true', HAECHI_NETWORK__OUTGOING_ALLOWED: '["127.0.0.1/32", "::1/128"]',
  // The administrator signs in more than once, and no picture is of a second factor.
  HAECHI_ACCOUNTS__ADMINISTRATORS_SECOND_FACTOR: 'offered',
});
const provider = await startProvider({ id: 'haechi', secret: 'a-secret' }, [`${servers.issuer}/upstream/work/callback`]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  await servers.command(['users', 'create', administrator, '--name', 'Ada Lovelace', '--verified', '--administrator'], `${password}\n`);
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
    await page.fill('#password', password);
    await page.click('#submit');
    await page.waitForSelector('#allow:not([aria-disabled])');
    await page.evaluate(() => document.activeElement?.blur());
    await picture('consent');
  });
  for (const preset of ['kakao', 'naver', 'google', 'github']) await connect(preset, []);
  await walk('light', async (page, picture) => {
    await page.click('#sign-in');
    await page.waitForSelector('#login');
    await picture('sign-in-with');
  });
  await connect('oidc', ['--slug', 'work', '--label', 'Work', '--set', `issuer=${provider.issuer}`, '--private-network', 'true']);
  await walk('light', async (page, picture) => {
    await page.goto(`${servers.issuer}/login`);
    await signIn(page, administrator, '#account-heading');
    await page.goto(`${servers.issuer}/admin/connections/work`);
    await page.click('#test');
    await page.fill('input[name=login]', 'minji');
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.click('button[type=submit]:has-text("Continue")');
    await page.waitForSelector('#outcome');
    await picture('connection-test');
  });
  for (const { name, email } of newcomers) {
    await servers.command(['users', 'create', email, '--name', name, '--verified'], `${password}\n`);
    await walk('light', async (page) => {
      await page.click('#sign-in');
      await signIn(page, email, '#allow:not([aria-disabled])');
      await page.click('#allow:not([aria-disabled])');
      await page.waitForSelector('#id-token');
    });
  }
  await walk('light', async (page, picture) => {
    await page.goto(`${servers.issuer}/admin`);
    await signIn(page, administrator, '#console-heading');
    await page.goto(`${servers.issuer}/admin/people`);
    await picture('console-people');
    await page.goto(`${servers.issuer}/admin/apps/${shop}/security`);
    await picture('console-security');
  });
  await walk('dark', async (page, picture) => {
    await page.goto(`${servers.issuer}/admin/apps/${shop}/try`);
    await signIn(page, administrator, '#sign-in');
    await page.click('#sign-in');
    await page.click('#allow:not([aria-disabled])');
    await page.waitForSelector('#worked');
    await page.evaluate(() => document.activeElement?.blur());
    await picture('console-try');
  });
} finally {
  await browser.close();
  await provider.stop();
  await servers.stop();
}

async function connect(preset, further) {
  const slug = further.includes('--slug') ? further[further.indexOf('--slug') + 1] : preset;
  await servers.command(['connections', 'create', '--preset', preset, '--client-id', 'haechi', ...further], 'a-secret\n');
  await servers.command(['connections', 'enable', slug]);
}

/** Signs somebody in, who wants no passkey, and waits for what that leads to. */
async function signIn(page, email, next) {
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#submit');
  await pastOffer(page, next);
}

async function walk(colorScheme, steps) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 960 }, colorScheme, locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(servers.shop);
  await steps(page, (name) => page.screenshot({ path: `${folder}/${name}.png` }));
  await context.close();
}
