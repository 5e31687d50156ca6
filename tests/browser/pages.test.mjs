// Every page, in every language, by day and by night, on a narrow phone and on a desk: as axe reads it, what we owe a reader besides, and how it came (`reading.mjs`).
//
// A page is opened once a language. Day, night and width are what a browser says of itself, so they change under the open page: what neither
// colours nor places have a part in is not loaded, and not read, twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { came, owed, read, stillBesideADevice } from './reading.mjs';
import { tour } from './tour.mjs';

test('every page can be read and used by everybody', { timeout: 900_000 }, async (t) => {
  const found = [];
  const took = new Map();
  await tour(async (page, name, language) => {
    const told = (milliseconds) => took.set(name, Math.max(milliseconds, took.get(name) ?? 0));
    const mayMove = name.includes('passkey') ? stillBesideADevice : undefined;
    for (const what of [...await came(page, told, mayMove), ...await read(page), ...await owed(page, language)]) found.push(`${name}, ${language}: ${what}`);
  });
  // A machine that does much at a time is slow, so this is told, and not demanded.
  const slowest = [...took].sort(([, a], [, b]) => b - a).slice(0, 10);
  t.diagnostic(`the slowest answers: ${slowest.map(([name, milliseconds]) => `${name}, ${Math.round(milliseconds)} ms`).join('; ')}`);
  assert.deepEqual(found, []);
  assert.ok(took.size > 90, `only ${took.size} pages`);
});
