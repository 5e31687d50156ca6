// Every mail that the server sends, as a mail program shows it: its part in HTML by itself, in every language, by day and by night. They are those that the console shows who
// decides how pages and mails look, without what keeps them still there.
import { administrator, appointing, inConsole } from './console.mjs';
import { languages, manyBrowsers, openWith } from './house.mjs';

/** How wide a mail is shown: beside a list of others on a desk, and on a narrow phone. */
export const widths = [600, 360];
const schemes = ['light', 'dark'];

/** A house whose mails an administrator looks at. */
export async function openMails() {
  const house = await openWith({ settings: manyBrowsers });
  await house.servers.command(...appointing(administrator));
  return house;
}

/**
 * Shows each, in all languages at a time. `look(mail, name, language, scheme)` is called at each, with the page on which there is nothing else. Answers with what was asked of
 * anybody to show them.
 */
export async function mails(house, look) {
  const asked = [];
  await Promise.all(Object.entries(languages).map(([language, locale]) =>
    inConsole(house, `mails-${language}`, { locale }, async (page, visit, context) => {
      const preview = async (name, scheme) => {
        const query = new URLSearchParams({ page: name, language, scheme });
        const answer = await page.request.get(`${house.servers.issuer}/admin/branding/preview?${query}`);
        // A page of ours is shown as of our own origin, and a mail as of none.
        const isMail = answer.headers()['content-security-policy'].endsWith('sandbox');
        return isMail ? (await answer.text()).replace('<body inert', '<body') : undefined;
      };
      await visit('/admin/branding');
      const names = await page.locator('select#page option').evaluateAll((options) => options.map((option) => option.value));
      const mail = await context.newPage();
      mail.on('request', (request) => asked.push(request.url()));
      for (const name of names) {
        for (const scheme of schemes) {
          const html = await preview(name, scheme);
          if (html === undefined) break;
          await mail.emulateMedia({ colorScheme: scheme });
          await mail.setContent(html);
          await look(mail, name, language, scheme);
        }
      }
    })));
  return asked;
}
