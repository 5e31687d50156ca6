// Takes a picture of every page, in every language, by day and by night, on a phone and on a desk, for people to look at: with nothing in it, with a few rows, and with those of a
// server that ten thousand people use; and of every mail.
// HAECHI_BINARY=target/debug/haechi node tests/browser/look.mjs FOLDER
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crowd, openCrowd } from './crowd.mjs';
import { mails, openMails, widths } from './mails.mjs';
import { tour } from './tour.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('which folder?');
await mkdir(folder, { recursive: true });
const numbers = { en: 0, ko: 0 };

await tour(look);
const house = await openCrowd();
try {
  await crowd(house, look);
} finally {
  await house.close();
}
const post = await openMails();
try {
  await mails(post, lookAtMail);
} finally {
  await post.close();
}

async function look(page, name, language) {
  numbers[language] += 1;
  const number = String(numbers[language]).padStart(2, '0');
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const file = `${number}-${name.replace(/\W+/g, '-')}-${language}-${colorScheme}-${width}.png`;
      await page.screenshot({ path: join(folder, file), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 844 });
}

async function lookAtMail(mail, name, language, scheme) {
  for (const width of widths) {
    await mail.setViewportSize({ width, height: 844 });
    await mail.screenshot({ path: join(folder, `mail-${name}-${language}-${scheme}-${width}.png`), fullPage: true });
  }
}
