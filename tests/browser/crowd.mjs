// A server that ten thousand people use, with a thousand apps: what of its console is long, in one language after the other, handed to a visitor who looks at it.
import { administrator, appointing, signIn } from './console.mjs';
import { languages, manyBrowsers, openWith, password, walk } from './house.mjs';

export const people = 10_000;
export const apps = 1000;
const drawn = ['bench', 'seed', '--people', String(people), '--apps', String(apps), '--grants', '5000', '--audit', '10000', '--password-stdin'];

/** A house on a database that is filled with them. */
export const openCrowd = () => openWith({ settings: manyBrowsers, filled: [appointing(administrator), [drawn, `${password}\n`]] });

/** Where the console is long, what each is called, and what is there once it has come. */
const long = [
  ['overview', '/admin', '#console-heading'],
  ['overview by the hour', '/admin?by=hour', '#console-heading'],
  ['people', '/admin/people', '#next-page'],
  ['people by address', '/admin/people?sort=email', '#next-page'],
  ['people who are found', '/admin/people?q=kim', '#found tbody tr'],
  ['nobody', '/admin/people?q=nobody-at-all', '#nothing'],
  ['apps', '/admin/apps', '#next-page'],
  ['audit', '/admin/audit', '#next-page'],
  ['search', '/admin/search?q=a', '#results h2'],
  ['app', '/admin/apps/app-0', '#settings'],
  ['people of an app', '/admin/apps/app-0/consents', '#consents-heading'],
  ['history of an app', '/admin/apps/app-0/history', '#history-heading'],
];

/** Goes through them, in all languages at a time. `look(page, name, language)` is called at each. */
export async function crowd(house, look) {
  await Promise.all(Object.entries(languages).map(([language, locale]) =>
    walk(house, `crowd-${language}`, { locale, colorScheme: 'light' }, async (page) => {
      const visit = (path) => page.goto(`${house.servers.issuer}${path}`);
      const at = async (name, selector) => {
        await page.waitForSelector(selector);
        await look(page, `ten thousand people, ${name}`, language);
      };
      await signIn(page, house.servers);
      for (const [name, path, selector] of long) {
        await visit(path);
        await at(name, selector);
      }
      for (const list of ['people', 'apps', 'audit']) {
        await visit(`/admin/${list}`);
        await page.click('#next-page');
        await page.waitForURL(/after=/);
        await at(`${list}, next page`, '#first-page');
      }
      await visit('/admin/people');
      const person = await page.getAttribute('#found tbody th a', 'href');
      for (const [tab, selector] of [['', '#profile-form'], ['/apps', 'h2'], ['/preview', '#preview'], ['/history', '#history-heading']]) {
        await visit(`${person}${tab}`);
        await at(`person${tab.replace('/', ', ')}`, selector);
      }
    })));
}
