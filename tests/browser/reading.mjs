// How a page is read: as axe reads it, which knows the rules of the Web Content Accessibility Guidelines 2.2, levels A and AA; what we owe a reader besides; and how it
// came: what it weighs, how long its answer took, and whether something of it moved.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const guidelines = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** What day and night have a part in. */
export const colors = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
/** The guidelines, and what is good practice besides. */
export const everyRule = { type: 'tag', values: [...guidelines.values, 'best-practice'] };

/** The most that the HTML of a page weighs, in bytes. */
const most = 60_000;
/** The most that a page moves while it comes, as Layout Instability measures it: what rounds to nothing. */
const still = 0.01;
/** The same where a device may be asked by itself: what came of that is said in a line of its own. */
export const stillBesideADevice = 0.05;

/** What is wrong with how a page came, before anything is done to it; `told` hears how long the server took for it, in milliseconds. */
export async function came(page, told = () => {}, mayMove = still) {
  const { bytes, milliseconds } = await page.evaluate(() => {
    const [{ encodedBodySize, requestStart, responseEnd }] = performance.getEntriesByType('navigation');
    return { bytes: encodedBodySize, milliseconds: responseEnd - requestStart };
  });
  told(milliseconds);
  const moves = await moved(page);
  return [
    ...(bytes > most ? [`weighs ${bytes} bytes`] : []),
    ...(moves > mayMove ? [`moves by ${moves}`] : []),
  ];
}

/** How much of a page moved since it was opened, but for what somebody did there (Layout Instability: the sum of the shifts). */
export function moved(page) {
  return page.evaluate(() => new Promise((answer) => {
    let sum = 0;
    const add = (entries) => { for (const { hadRecentInput, value } of entries) if (!hadRecentInput) sum += value; };
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    // What was moved last is known once the next frame is drawn.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
      add(observer.takeRecords());
      observer.disconnect();
      answer(Math.round(sum * 1e4) / 1e4);
    })));
  }));
}

/** What of the guidelines, or of what else is asked for, a page breaks as it stands; `rules` are switched on or off besides. */
export async function broken(page, runOnly = guidelines, rules = {}) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), { runOnly, rules, resultTypes: ['violations'] });
  return violations.flatMap((rule) => rule.nodes.filter((node) => !isPrescribed(rule, node)).map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
}

/** What the guidelines forbid, at each width and by day and night. */
export async function read(page) {
  const found = [];
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [colorScheme, runOnly] of [['light', guidelines], ['dark', colors]]) {
      await page.emulateMedia({ colorScheme });
      for (const what of await broken(page, runOnly)) found.push(`${colorScheme}, ${width}: ${what}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

/** LINE's guide prescribes white on its green, which is less than WCAG asks: no other colours may be used for its button. */
function isPrescribed(rule, node) {
  return rule.id === 'color-contrast' && /#upstream-line|\.on-line/.test(node.target.join(' '));
}

/** What a page owes its reader: a language, a title, one heading, labels; no sideways scrolling, targets that a thumb can hit, no broken buttons. */
export async function owed(page, language) {
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
