// Every mail, in every language, by day and by night, on a desk and on a narrow phone: as axe reads it, what it owes its reader besides, whether it fits, and that nobody is
// asked for any of it (`mails.mjs`).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture } from './house.mjs';
import { mails, openMails, widths } from './mails.mjs';
import { broken, colors, everyRule } from './reading.mjs';

/** What a mail cannot have: the program that shows it has landmarks of its own, and a mail stands in one of them. */
const notOfMails = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };

const here = {};
before(async () => { Object.assign(here, await openMails()); });
after(() => here.close?.());

test('every mail can be read by everybody', { timeout: 120_000 }, async () => {
  const found = [];
  const read = new Set();
  const asked = await mails(here, async (mail, name, language, scheme) => {
    read.add(`${name}, ${language}`);
    for (const width of widths) {
      await mail.setViewportSize({ width, height: 800 });
      // By night nothing is another but the colours.
      const rules = scheme === 'light' ? everyRule : colors;
      const wrong = [...await owed(mail, language), ...await broken(mail, rules, notOfMails)];
      if (wrong.length) await picture(mail, `mail-${name}-${language}-${scheme}-${width}`);
      for (const what of wrong) found.push(`${name}, ${language}, ${scheme}, ${width} px: ${what}`);
    }
  });
  assert.deepEqual(found, []);
  assert.deepEqual(asked, [], 'what a mail needs is in it');
  assert.ok(read.size > 60, `only ${read.size} mails`);
});

/** What a mail owes its reader: a language, a title, one heading, tables that are no data; and that all of it fits. */
function owed(mail, language) {
  return mail.evaluate((locale) => {
    const wrong = [];
    const owe = (is, what) => { if (!is) wrong.push(what); };
    owe(document.documentElement.lang === locale, `is in ${document.documentElement.lang}`);
    owe(document.title.length > 3, 'has no title');
    owe(document.querySelectorAll('h1').length === 1, 'has not one heading');
    owe(!document.querySelector('table:not([role=presentation])'), 'has a table that is read as one');
    owe(!document.querySelector('img, video, link, script, iframe, form'), 'has what mail programs take out, or what is fetched');
    const sideways = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    owe(sideways <= 0, `scrolls sideways by ${sideways}`);
    for (const element of document.body.querySelectorAll('*')) {
      const { left, right } = element.getBoundingClientRect();
      const called = `${element.tagName.toLowerCase()}.${element.className} ${element.textContent.trim().slice(0, 40)}`;
      owe(left >= -1 && right <= document.documentElement.clientWidth + 1, `sticks out: ${called}`);
      // What is in the line is as wide as what it says.
      owe(!element.clientWidth || element.scrollWidth <= element.clientWidth + 1, `is wider than its place: ${called}`);
    }
    return wrong;
  }, language);
}
