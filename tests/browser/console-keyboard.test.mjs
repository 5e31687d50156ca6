// The console by keys alone: from the link that skips what is around a page through a list, a form, the rooms that fold away on a phone, and the palette. What has the
// focus is seen, the focus goes the way that eyes go, it comes to everything, and stays nowhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleHouse, inConsole, person } from './console.mjs';
import { desk, languages } from './house.mjs';

const here = consoleHouse(async ({ servers }) => {
  for (const name of ['One', 'Two', 'Three']) await person(servers, `keys-${name.toLowerCase()}@example.com`, `Keys ${name}`);
});
const options = { ...desk, locale: languages.en };
/** More presses than any of these pages has places to stop at. */
const most = 200;

/** Notes where the focus has to stop, within a part of the page. */
function noteStops(page, within = 'body') {
  return page.evaluate((part) => {
    const may = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const isOpen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled, [inert] *');
    globalThis.stops = [...document.querySelector(part).querySelectorAll(may)].filter(isOpen);
    return globalThis.stops.length;
  }, within);
}

/** What has the focus, as somebody sees it; nothing where no part of the page has. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const covers = ([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top && (element.contains(top) || top.contains(element));
    };
    const inside = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
    return {
      at: globalThis.stops?.indexOf(element) ?? -1,
      name: `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''} ${element.textContent.trim().slice(0, 40)}`,
      part: ['.skip', '.bar', '.rooms', 'main', '.foot', 'dialog'].find((part) => element.closest(part)),
      outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
      seen: inside.some(covers),
      left: box.left + scrollX, right: box.right + scrollX, top: box.top + scrollY, bottom: box.bottom + scrollY,
    };
  });
}

/** What is wrong with how somebody sees where they are. */
function unseen({ name, outlined, seen }) {
  return [...(outlined ? [] : [`${name} has no outline`]), ...(seen ? [] : [`${name} is covered, or beyond the edge`])];
}

/** Whether a place comes before another one for eyes that read from line to line. */
function isBehind(place, next) {
  if (place.part !== next.part) return true;
  if (next.bottom <= place.top) return false;
  const overlap = Math.min(place.bottom, next.bottom) - Math.max(place.top, next.top);
  const sameLine = overlap > Math.min(place.bottom - place.top, next.bottom - next.top) / 2;
  return !sameLine || next.right > place.left;
}

/** Goes from what has the focus from place to place until the page is left, or begins again; the places, and what is wrong with them. */
async function tabThrough(page) {
  const [places, wrong] = [[], []];
  for (let presses = 0; presses < most; presses += 1) {
    const place = await focused(page);
    if (!place || (places.length > 0 && place.at === places[0].at)) return { places, wrong };
    if (places.some((one) => one.at === place.at)) wrong.push(`${place.name} has the focus twice`);
    if (places.length > 0 && !isBehind(places.at(-1), place)) wrong.push(`${place.name} comes after ${places.at(-1).name}, and stands before it`);
    wrong.push(...unseen(place));
    places.push(place);
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus goes on and on, at last at ${places.at(-1).name}`);
}

/** The whole page, from the link that skips what is around it: everything is come to, in order. */
async function wholePage(page) {
  const count = await noteStops(page);
  await page.focus('.skip');
  const { places, wrong } = await tabThrough(page);
  assert.deepEqual(wrong, []);
  assert.equal(places.length, count, `it comes to ${places.map(({ name }) => name).join(', ')}`);
  assert.deepEqual(places.map(({ part }) => part).filter((part, at, all) => part !== all[at - 1]), ['.skip', '.bar', '.rooms', 'main', '.foot']);
}

/** Presses Tab until something has the focus. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await page.evaluate((which) => document.activeElement.matches(which), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus does not come to ${selector}`);
}

const isIn = (page, selector) => page.evaluate((which) => Boolean(document.activeElement.closest(which)), selector);
const hasFocus = (page, selector) => page.waitForFunction((which) => document.activeElement?.matches(which), selector);
/** Presses Enter on what leads to another page. */
const enter = (page) => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);

test('a list: somebody is picked and switched off', { timeout: 90_000 }, () => inConsole(here, 'console-keys-list', options, async (page, visit) => {
  await visit('/admin/people');
  await wholePage(page);

  await visit('/admin/people?q=keys-two');
  await page.focus('.skip');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await isIn(page, 'main'), 'the link skips what is around the page');
  await tabTo(page, 'td.pick input');
  await page.keyboard.press('Space');
  await tabTo(page, 'button[value=disable]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog.ask');
  await tabTo(page, 'dialog.ask .button.danger');
  await enter(page);
  await page.waitForSelector('#done');
  // What was done is read first.
  await hasFocus(page, '#done');
  await visit('/admin/people?q=keys-two');
  assert.equal(await page.locator('#found tbody .tag.off').count(), 1);
}));

test('a form: somebody is made', { timeout: 90_000 }, () => inConsole(here, 'console-keys-form', options, async (page, visit) => {
  await visit('/admin/people/new');
  await hasFocus(page, '#email');
  await wholePage(page);

  await visit('/admin/people/new');
  await hasFocus(page, '#email');
  await page.keyboard.type('typed@example.com');
  await tabTo(page, '#name');
  await page.keyboard.type('Typed Kim');
  await tabTo(page, '#password');
  await page.keyboard.type('short');
  await enter(page);
  await page.waitForSelector('#password-problem');
  await tabTo(page, '#password');
  await page.keyboard.type('seven quiet herons at dusk');
  await tabTo(page, '#submit');
  await enter(page);
  await page.waitForSelector('#done');
  assert.match(await page.innerText('h1'), /Typed Kim/);
}));

test('the rooms, folded away on a phone', { timeout: 60_000 }, () =>
  inConsole(here, 'console-keys-folded', { ...options, viewport: { width: 360, height: 740 } }, async (page, visit) => {
    await visit('/admin/keys');
    await page.focus('.skip');
    await page.keyboard.press('Tab');
    await hasFocus(page, '.fold-nav');
    assert.equal(await page.locator('.rooms a').first().isVisible(), false);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.rooms:popover-open');
    const count = await noteStops(page, '.rooms');
    await page.keyboard.press('Tab');
    const [rooms, wrong] = [[], []];
    while (await isIn(page, '.rooms')) {
      const room = await focused(page);
      wrong.push(...unseen(room));
      rooms.push(room);
      assert.ok(rooms.length <= count, 'nobody is held among the rooms');
      await page.keyboard.press('Tab');
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(rooms.map(({ at }) => at), rooms.map((_, at) => at), 'from the first to the last');
    assert.equal(rooms.length, count);
    await page.focus('.fold-nav');
    await page.keyboard.press('Tab');
    assert.ok(await isIn(page, '.rooms'));
    await page.keyboard.press('Escape');
    await hasFocus(page, '.fold-nav');
    assert.equal(await page.locator('.rooms:popover-open').count(), 0);
    await page.keyboard.press('Enter');
    await tabTo(page, '.rooms a[href$="/admin/people"]');
    await enter(page);
    await page.waitForSelector('#people-heading');
    assert.equal(await page.locator('.rooms:popover-open').count(), 0, 'they are folded away on the next page');
  }));

test('the palette', { timeout: 60_000 }, () => inConsole(here, 'console-keys-palette', options, async (page, visit) => {
  await visit('/admin/keys');
  await page.focus('.brand');
  await page.keyboard.press('Control+k');
  await hasFocus(page, 'dialog.palette input');
  await page.keyboard.type('keys-');
  await page.waitForFunction(() => document.querySelectorAll('dialog.palette .results a[href*="/admin/people/"]').length === 3);
  const count = await noteStops(page, 'dialog.palette');
  const { places, wrong } = await tabThrough(page);
  assert.deepEqual(wrong, []);
  assert.equal(places.filter(({ at }) => at >= 0).length, count);
  assert.ok(places.every(({ at }) => at >= 0), `what is behind it has no focus: ${places.map(({ name }) => name).join(', ')}`);
  await page.keyboard.press('Control+k');
  await page.focus('dialog.palette input');
  for (let down = 0; down < count; down += 1) await page.keyboard.press('ArrowDown');
  assert.deepEqual(unseen(await focused(page)), []);
  assert.equal((await focused(page)).at, count - 1, 'the last stays the last');
  for (let up = 0; up < count; up += 1) await page.keyboard.press('ArrowUp');
  await hasFocus(page, 'dialog.palette input');
  // What was typed goes first, where a browser has that key clear a search.
  for (let presses = 0; presses < 2 && await page.locator('dialog.palette').count() > 0; presses += 1) await page.keyboard.press('Escape');
  await page.waitForSelector('dialog.palette', { state: 'detached' });
  await hasFocus(page, '.brand');
}));
