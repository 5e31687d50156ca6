// Makes the pictures of the README and of docs, in both languages, from a fresh server and its demo shop: HAECHI_BINARY=target/debug/haechi node tests/browser/pictures.mjs
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { languages, launch, password, pastOffer, sayWho } from './house.mjs';
import { start, startProvider } from './servers.mjs';

const folder = 'docs/images';
const administrator = 'ada@example.com';
const shop = 'haechi-demo-shop';
/** Who signs up while a picture is taken, in each language: an address has one account. */
const guests = { en: 'gildong@example.com', ko: 'hong@example.com' };
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
const browser = await launch();
try {
  await servers.command(['users', 'create', administrator, '--name', 'Ada Lovelace', '--verified', '--administrator'], `${password}\n`);
  await inEach('light', async (page, picture) => {
    await page.click('#sign-in');
    await page.waitForSelector('#login');
    await page.fill('#email', guests.en);
    await picture('sign-in');
  });
  await inEach('dark', async (page, picture, language) => {
    await page.click('#sign-up');
    await page.fill('#name', '홍길동');
    await page.fill('#email', guests[language]);
    await page.fill('#password', password);
    await page.click('#submit');
    await page.waitForSelector('#allow:not([aria-disabled])');
    await still(page);
    await picture('consent');
  });
  for (const preset of ['kakao', 'naver', 'google', 'github']) await connect(preset, []);
  await inEach('light', async (page, picture) => {
    await page.click('#sign-in');
    await page.waitForSelector('#login');
    await picture('sign-in-with');
  });
  await connect('oidc', ['--slug', 'work', '--label', 'Work', '--set', `issuer=${provider.issuer}`, '--private-network', 'true']);
  await inEach('light', async (page, picture) => {
    await page.goto(`${servers.issuer}/login`);
    await signIn(page, administrator, '#account-heading');
    await page.goto(`${servers.issuer}/admin/connections/work`);
    await page.click('#test');
    await sayWho(page, 'minji');
    await page.waitForSelector('#outcome');
    await picture('connection-test');
  });
  for (const { name, email } of newcomers) {
    await servers.command(['users', 'create', email, '--name', name, '--verified'], `${password}\n`);
    await walk('en', 'light', async (page) => {
      await page.click('#sign-in');
      await signIn(page, email, '#allow:not([aria-disabled])');
      await page.click('#allow:not([aria-disabled])');
      await page.waitForSelector('#id-token');
    });
  }
  await servers.command(['managers', 'add', '--app', shop, newcomers[1].email]);
  // What was counted is written every few seconds.
  await sleep(5000);
  await inEach('light', pagesOfConsole);
  await inEach('dark', async (page, picture) => {
    await page.goto(`${servers.issuer}/admin/apps/${shop}/try`);
    await signIn(page, administrator, '#sign-in');
    await page.click('#sign-in');
    // Who agreed once is not asked again.
    await page.waitForSelector('#worked, #allow:not([aria-disabled])');
    if (await page.locator('#allow').count()) await page.click('#allow');
    await page.waitForSelector('#worked');
    await still(page);
    await picture('console-try');
  });
  await walk('en', 'dark', async (page, picture) => {
    await page.goto(`${servers.issuer}/admin/design`);
    await signIn(page, administrator, '#design-heading');
    await picture('console-design');
  });
} finally {
  await browser.close();
  await provider.stop();
  await servers.stop();
}

/** Pages of the console, of somebody who administers the server. */
async function pagesOfConsole(page, picture) {
  const opened = async (path, what) => {
    await page.goto(`${servers.issuer}${path}`);
    await page.waitForSelector(what);
  };
  await page.goto(`${servers.issuer}/admin`);
  await signIn(page, administrator, '#console-heading');
  await opened('/admin?by=hour', '#use-heading');
  // The charts, below the bar that stays.
  await page.evaluate(() => scrollTo(0, document.querySelector('[aria-labelledby=use-heading]').getBoundingClientRect().top - 96));
  await picture('console-overview');
  await opened('/admin/people', '#found');
  await picture('console-people');
  await opened(`/admin/apps/${shop}/security`, '#object-heading');
  await picture('console-security');
  await opened(`/admin/apps/${shop}/managers`, '#managers');
  await picture('console-managers');
  await opened(`/admin/apps/${shop}/document`, '#json');
  await picture('console-json');
  // Nothing is saved: the preview follows what is typed.
  await opened('/admin/branding', '#branding');
  await page.fill('#product_name', 'Books');
  await page.fill('#product_name-ko', '책방');
  await page.fill('#accent_color', '#123a7a');
  await still(page);
  await page.frameLocator('iframe[name=preview]').locator(':text("Books"), :text("책방")').first().waitFor();
  await sleep(500);
  await picture('console-branding');
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

/** Nothing blinks, and nothing is marked as the next thing to press. */
function still(page) {
  return page.evaluate(() => document.activeElement?.blur());
}

/** The same walk in each language. */
async function inEach(colorScheme, steps) {
  for (const language of Object.keys(languages)) await walk(language, colorScheme, steps);
}

/** Pictures of a walk in English have the names that they are given; those of another language say it before their ending. */
async function walk(language, colorScheme, steps) {
  const options = { viewport: { width: 1200, height: 960 }, colorScheme, locale: languages[language], reducedMotion: 'reduce' };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(servers.shop);
  const suffix = language === 'en' ? '' : `.${language}`;
  await steps(page, (name) => page.screenshot({ path: `${folder}/${name}${suffix}.png` }), language);
  await context.close();
}
