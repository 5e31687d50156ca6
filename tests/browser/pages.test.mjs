// Every page, in every language, by day and by night, on a narrow phone and on a desk: as axe reads it, which knows the rules of the Web Content
// Accessibility Guidelines 2.2, levels A and AA, and what we owe a reader besides.
//
// A page is opened once a language. Day, night and width are what a browser says of itself, so they change under the open page: what neither
// colours nor places have a part in is not loaded, and not read, twice.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tour } from './tour.mjs';

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const guidelines = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const colors = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

test('every page can be read and used by everybody', { timeout: 900_000 }, async () => {
  const found = [];
  const names = new Set();
  await tour(async (page, name, language) => {
    names.add(name);
    for (const what of [...await read(page), ...await owed(page, language)]) found.push(`${name}, ${language}: ${what}`);
  });
  assert.deepEqual(found, []);
  assert.ok(names.size > 90, `only ${names.size} pages`);
});

/** What the guidelines forbid, at each width and by day and night. */
async function read(page) {
  const found = [];
  await page.evaluate(axe);
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [colorScheme, runOnly] of [['light', guidelines], ['dark', colors]]) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), { runOnly, resultTypes: ['violations'] });
      for (const rule of violations) for (const node of rule.nodes) if (!isPrescribed(rule, node)) found.push(`${colorScheme}, ${width}: ${rule.id}: ${node.target} ${node.failureSummary}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

/** LINE's guide prescribes white on its green, which is less than WCAG asks: no other colours may be used for its button. */
function isPrescribed(rule, node) {
  return rule.id === 'color-contrast' && node.target.join(' ').includes('#upstream-line');
}

/** What a page owes its reader: a language, a title, one heading, labels; no sideways scrolling, targets that a thumb can hit, no broken buttons. */
async function owed(page, language) {
  const found = [];
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    found.push(...await page.evaluate(([locale, screen]) => {
      const wrong = [];
      const owe = (is, what) => { if (!is) wrong.push(`${screen} px: ${what}`); };
      const shown = (selector) => [...document.querySelectorAll(selector)].map((element) => [element, element.getBoundingClientRect()]).filter(([, box]) => box.height);
      owe(document.documentElement.lang === locale, `is in ${document.documentElement.lang}`);
      owe(document.title.length > 3, 'has no title');
      owe(document.querySelectorAll('h1').length === 1, 'has not one heading');
      const sideways = document.documentElement.scrollWidth - innerWidth;
      owe(sideways <= 1, `scrolls sideways by ${sideways}`);
      for (const [field] of shown('input:not([type=hidden]), select, textarea')) {
        owe(field.labels?.length || field.getAttribute('aria-labelledby') || field.getAttribute('aria-label'), `${field.name} has no label`);
      }
      for (const [field, box] of shown('input:not([type=hidden], [type=checkbox]), select')) owe(box.height >= 44, `${field.name} is ${box.height} px high`);
      for (const [text, box] of shown('h1, h2, p')) {
        const edge = box.left + parseFloat(getComputedStyle(text).paddingLeft);
        owe(edge >= 16, `${text.textContent} begins ${edge} px from the edge`);
      }
      for (const [command] of shown('.unclaimed code')) owe(command.getClientRects().length === 1, `${command.textContent} breaks`);
      for (const [button, box] of shown('.button, .languages button')) {
        owe(box.height >= 44, `${button.textContent} is ${box.height} px high`);
        owe(!button.closest('.actions') || box.height < 60, `${button.textContent} breaks its words`);
      }
      // The footer stands under the brand.
      const [brand, first] = [document.querySelector('.top .brand img'), document.querySelector('.languages button')];
      if (brand && first) {
        const text = document.createRange();
        text.selectNodeContents(first);
        const off = text.getBoundingClientRect().left - brand.getBoundingClientRect().left;
        owe(Math.abs(off) < 1, `the footer is ${off} px off the brand`);
      }
      return wrong;
    }, [language, width]));
  }
  return found;
}
