// What the walks through the console have in common: a house that has an administrator, and what one does on many of its pages.
import { houseWith, manyBrowsers, password, pastOffer, walk } from './house.mjs';

export const administrator = 'ada@example.com';

/** What makes an administrator. */
export const appointing = (email) => [['users', 'create', '--verified', '--administrator', '--name', 'Ada Lovelace', email], `${password}\n`];

/** A house with an administrator and what `furnish` makes, for the tests of a file: with further settings, and a provider that knows these connections. */
export function consoleHouse(furnish, settings = {}, ...slugs) {
  const begin = async (here) => {
    await here.servers.command(...appointing(administrator));
    await furnish(here);
  };
  return houseWith({ settings: { ...manyBrowsers, ...settings }, begin }, ...slugs);
}

/** Signs an administrator in, who stands where the console begins. */
export async function signIn(page, servers, email = administrator) {
  await page.goto(`${servers.issuer}/admin`);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#submit');
  await pastOffer(page, 'body.console');
}

/** A walk of an administrator, who is signed in. `visit` opens a page of this server. */
export function inConsole(here, name, options, steps) {
  return walk(here, name, options, async (page, context) => {
    await signIn(page, here.servers);
    await steps(page, (path) => page.goto(`${here.servers.issuer}${path}`), context);
  });
}

/** Presses what leads to another page, and waits until that has come. */
export async function go(page, selector) {
  const [answer] = await Promise.all([page.waitForNavigation(), page.click(selector)]);
  return answer;
}

/** The same where a dialog asks first, which there is where scripts run. */
export async function goSurely(page, selector, scripts) {
  if (!scripts) return go(page, selector);
  await page.click(selector);
  return go(page, 'dialog.ask .button.danger');
}

/** Makes somebody. */
export function person(servers, email, name) {
  return servers.command(['users', 'create', '--verified', '--name', name, email], `${password}\n`);
}

/** Where the page of the one person is that a text finds. */
export async function pageOf(page, visit, text) {
  await visit(`/admin/people?q=${encodeURIComponent(text)}`);
  return page.getAttribute('#found tbody th a', 'href');
}

/** Loads a page again until something is on it. */
export async function until(page, selector) {
  for (let times = 0; times < 80; times += 1) {
    if (await page.locator(selector).count() > 0) return;
    await page.waitForTimeout(250);
    await page.reload();
  }
  throw new Error(`${selector} does not come at ${page.url()}`);
}
