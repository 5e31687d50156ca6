// What administrators do in the console, from the first press to what came of it: each with JavaScript and without.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { appointing, consoleHouse, go, goSurely, inConsole, pageOf, person, until } from './console.mjs';
import { credentials, desk, languages, mailed, password, pastOffer, phone, sayWho, walk } from './house.mjs';

// A key is published for as long as verifiers may keep the old ones, and a minute, before it signs: the last journey waits for that.
const here = consoleHouse(connect, { HAECHI_KEYS__JWKS_MAX_AGE_SECONDS: '10' }, 'work');
const callback = 'https://app.example/callback';

async function connect({ servers, provider }) {
  await servers.command(['connections', 'create', '--preset', 'oidc', '--client-id', credentials.id, '--slug', 'work', '--label', 'Work',
    '--set', `issuer=${provider.issuer}`, '--private-network', 'true'], `${credentials.secret}\n`);
  await servers.command(['connections', 'enable', 'work']);
}

/** Each is given the page, the way to another, a word that nobody else uses, and whether scripts run. */
const journeys = {
  async 'somebody is made, and signs in'({ page, visit, word, scripts }) {
    const email = `made-${word}@example.com`;
    await visit('/admin/people');
    await go(page, '#add');
    await page.fill('#email', email);
    await page.fill('#name', `Made ${word}`);
    await page.fill('#password', password);
    await go(page, '#create #submit');
    await page.waitForSelector('#done');
    assert.match(await page.innerText('#object-heading'), new RegExp(`Made ${word}`));
    await walk(here, `console-made-${word}`, { ...desk, locale: languages.en, javaScriptEnabled: scripts }, async (own) => {
      await own.goto(`${here.servers.issuer}/login`);
      await own.fill('#email', email);
      await own.fill('#password', password);
      await own.click('#submit');
      await pastOffer(own, '#account-heading');
    });
  },

  async 'somebody is invited'({ page, visit, word }) {
    const email = `invited-${word}@example.com`;
    await visit('/admin/people');
    await go(page, '#to-invite');
    await page.fill('#email', email);
    await go(page, '#invite #submit');
    await page.waitForSelector('#done');
    assert.ok(await mailed(here.servers, email, '/reset'));
    await visit(`/admin/people?state=invited&q=${email}`);
    assert.equal(await page.locator('#found tbody tr').count(), 1);
  },

  async 'people are imported, tried first'({ page, context, visit, word }) {
    const counts = () => page.locator('#report dd').allInnerTexts();
    const found = async () => {
      const list = await context.newPage();
      await list.goto(`${here.servers.issuer}/admin/people?q=imported-${word}`);
      const count = await list.locator('#found tbody tr').count();
      await list.close();
      return count;
    };
    await visit('/admin/people');
    await go(page, '#to-import');
    await page.fill('#rows', `email,name,email_verified\nimported-${word}-1@example.com,One,true\nimported-${word}-2@example.com,Two,true\nnowhere,Nobody,\n`);
    await go(page, '#try');
    assert.deepEqual(await counts(), ['2', '0', '0', '1']);
    assert.equal(await page.locator('#refused tbody tr').count(), 1, 'which row is refused is said, and why');
    assert.equal(await found(), 0, 'it was only tried');
    await go(page, '#take');
    assert.deepEqual(await counts(), ['2', '0', '0', '1']);
    assert.equal(await page.locator('#take').count(), 0, 'it is done');
    assert.equal(await found(), 2);
  },

  async 'several people are switched off, and one is deleted'({ page, visit, word, scripts }) {
    for (const number of [1, 2, 3]) await person(here.servers, `several-${word}-${number}@example.com`, `Several ${number}`);
    const list = `/admin/people?q=several-${word}`;
    await visit(list);
    for (const box of await page.$$('td.pick input')) await box.check();
    await page.locator('td.pick input').last().uncheck();
    await goSurely(page, '#several button[value=disable]', scripts);
    await page.waitForSelector('#done');
    await visit(list);
    assert.equal(await page.locator('#found tbody .tag.off').count(), 2, 'those that were picked, and no other');

    await go(page, '#found tbody th a');
    const path = new URL(page.url()).pathname;
    await visit(`${path}/access`);
    await go(page, '#to-delete');
    assert.match(await page.innerText('#delete-heading'), /Several/);
    await page.waitForSelector('#lost');
    await go(page, '#delete #submit');
    await page.waitForSelector('#done');
    await visit(list);
    assert.equal(await page.locator('#found tbody tr').count(), 2);
    assert.equal((await visit(path)).status(), 404);
  },

  async 'an app is made by its type, gets a new secret, and is held to more'({ page, visit, word }) {
    const id = `app-${word}`;
    await visit('/admin/apps');
    await go(page, '#add');
    await go(page, '#kind-web');
    await page.fill('#client_name', 'App');
    await page.fill('#redirect_uris', callback);
    await page.fill('#client_id', id);
    await go(page, '#submit');
    await page.waitForSelector('#created');
    const first = await page.innerText('#client_secret');

    await visit(`/admin/apps/${id}/credentials`);
    await page.selectOption('#grace', '24');
    await go(page, '#rotate .button');
    const second = await page.innerText('#fresh #secret');
    assert.notEqual(second, first);
    assert.equal(await page.locator('#secrets li').count(), 2);
    assert.equal(await page.locator('#secrets .tag.warn').count(), 1, 'until when the first counts is said');
    assert.deepEqual([await refusal(id, first), await refusal(id, second), await refusal(id, 'another')], ['invalid_grant', 'invalid_grant', 'invalid_client']);
    await visit(`/admin/apps/${id}/credentials`);
    assert.ok(!(await page.content()).includes(second), 'it is shown once');

    await visit(`/admin/apps/${id}/security`);
    const step = await page.locator('#require li:has(button[name=require])').first().getAttribute('id');
    await go(page, `#require #${step} button`);
    await page.waitForSelector('#done');
    assert.equal(await page.locator(`#require #${step}`).count(), 0, 'the step is taken');
  },

  async 'a group brings a role, and a rule tells an app of it'({ page, visit, word }) {
    const [email, id] = [`member-${word}@example.com`, `told-${word}`];
    await person(here.servers, email, 'Member Kim');
    await here.servers.command(['clients', 'create', '--kind', 'browser', '--client-id', id, '--name', 'Told', '--redirect-uri', callback, '--scope', 'openid profile email']);
    await visit('/admin/roles/new');
    await page.fill('#name', `editor-${word}`);
    await go(page, '#create #submit');
    await page.waitForSelector('#group');
    await visit('/admin/groups/new');
    await page.fill('#name', `readers-${word}`);
    await page.fill('#roles', `editor-${word}`);
    await go(page, '#create #submit');
    await page.waitForSelector('#group');
    await page.fill('#add #email', email);
    await go(page, '#add-member');
    assert.match(await page.innerText('#members'), new RegExp(email));
    await visit('/admin/claims/new');
    await page.fill('#name', `roles-${word}`);
    await page.fill('#claim', `roles_${word}`);
    await page.selectOption('#source', 'roles');
    await page.fill('#scope', 'profile');
    await go(page, '#create #submit');
    await page.waitForSelector('#rule');

    await visit(`${await pageOf(page, visit, email)}/preview`);
    await page.fill('#client_id', id);
    await go(page, '#show');
    const shown = await page.innerText('#documents');
    assert.match(shown, new RegExp(`roles_${word}`));
    assert.match(shown, new RegExp(`editor-${word}`));
  },

  async 'a webhook is made and tested, and what was delivered is listed'({ page, visit }) {
    const receiver = await listen();
    try {
      await visit('/admin/webhooks/new');
      await page.fill('#url', `http://127.0.0.1:${receiver.port}/hook`);
      await go(page, '#create #submit');
      const secret = await page.innerText('#fresh #secret');
      await go(page, '#test');
      await page.waitForSelector('#messages');
      await until(page, '#messages .tag:not(.warn, .off)');
      assert.match(await page.innerText('#messages'), /\b2\d\d\b/, 'what was answered is said');
      const [{ headers, body }] = receiver.received;
      const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']];
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      const signed = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
      assert.ok(headers['webhook-signature'].split(' ').includes(`v1,${signed}`), 'it is signed with the secret that was shown');
      const listed = await page.content();
      assert.ok(receiver.received.some((one) => listed.includes(one.headers['webhook-id'])), 'it is in the list');
    } finally {
      await receiver.close();
    }
  },

  async 'the log and the people are exported'({ page, visit }) {
    const saved = async (selector) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
      return (await readFile(await download.path(), 'utf8')).split('\n').filter(Boolean);
    };
    await visit('/admin/audit');
    const newest = await page.locator('tbody tr').first().getAttribute('id');
    const [head, ...rows] = await saved('#export-csv');
    assert.match(head, /,/);
    assert.ok(rows.some((row) => row.includes(newest)), 'the newest entry is among them');
    const entries = (await saved('#export-jsonl')).map((line) => JSON.parse(line));
    assert.ok(entries.some(({ id }) => id === newest));
    // One after the other, from the same page.
    await visit('/admin/people');
    assert.ok((await saved('#export button[value=csv]')).some((row) => row.includes('ada@example.com')));
    assert.ok((await saved('#export button[value=jsonl]')).some((line) => JSON.parse(line).email === 'ada@example.com'));
  },
};

/** Why the token endpoint refuses an app that has this secret, and no code. */
async function refusal(id, secret) {
  const { token_endpoint: endpoint } = await (await fetch(`${here.servers.issuer}/.well-known/openid-configuration`)).json();
  const authorization = `Basic ${Buffer.from([id, secret].map(encodeURIComponent).join(':')).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'none', redirect_uri: callback, code_verifier: 'v'.repeat(43) });
  return (await (await fetch(endpoint, { method: 'POST', headers: { authorization }, body })).json()).error;
}

/** A program that is told what happens. */
async function listen() {
  const received = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    received.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  const close = () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); });
  return { received, port: server.address().port, close };
}

/** With scripts at a desk, and without on a phone. */
const ways = [[true, desk, 'en'], [false, phone, 'ko']];
const wayOf = (scripts) => `${scripts ? 'with' : 'without'} JavaScript`;

// Two at a time: while one waits for a page, the other one moves.
describe('what administrators do in the console', { concurrency: 2 }, () => {
  for (const [what, steps] of Object.entries(journeys)) {
    for (const [scripts, screen, locale] of ways) {
      test(`${what}: ${wayOf(scripts)}`, { timeout: 90_000 }, () => {
        const [word, options] = [scripts ? 'on' : 'off', { ...screen, locale: languages[locale], javaScriptEnabled: scripts }];
        return inConsole(here, `console-${what}-${word}`, options, (page, visit, context) => steps({ page, visit, context, word, scripts }));
      });
    }
  }
});

// Who comes through a provider that does not say when they proved who they are proves it here before something changes. One after the other: there is one policy.
for (const [scripts, screen, locale] of ways) {
  test(`how people sign in is changed after a proof: ${wayOf(scripts)}`, { timeout: 90_000 }, async () => {
    const { servers } = here;
    const who = `owner-${scripts ? 'on' : 'off'}`;
    const email = `${who}@corp.example`;
    await servers.command(...appointing(email));
    await walk(here, `console-policy-${who}`, { ...screen, locale: languages[locale], javaScriptEnabled: scripts }, async (page) => {
      const cameThrough = '#account-heading, body.console';
      const visit = (path) => page.goto(`${servers.issuer}${path}`);
      await visit('/login');
      await page.click('#upstream-work');
      await sayWho(page, who);
      await page.waitForSelector('#upstream-confirm');
      await page.fill('#password', password);
      await page.click('#submit');
      await pastOffer(page, cameThrough);
      await visit('/account');
      await go(page, '#sign-out');
      await visit('/login');
      await page.click('#upstream-work');
      await pastOffer(page, cameThrough);

      const hours = scripts ? '47' : '46';
      await visit('/admin/sign-in');
      await page.fill('#session_idle_hours', hours);
      await go(page, '#save');
      await page.waitForSelector('#step-up');
      await page.fill('#current', 'not the password at all');
      await go(page, '#confirm #submit');
      await page.waitForSelector('#step-up [aria-invalid=true]');
      await page.fill('#current', password);
      await go(page, '#confirm #submit');
      await page.waitForSelector('#done');
      assert.equal(await page.inputValue('#session_idle_hours'), hours, 'what was typed before the proof is what holds');
      // The proof counts for what comes next.
      await page.fill('#session_idle_hours', '48');
      await go(page, '#save');
      await page.waitForSelector('#done');
      assert.equal(await page.inputValue('#session_idle_hours'), '48');
    });
  });
}

// The last, and one after the other: by now the next keys are published for long enough, or soon will be, and each way has a ring of its own.
for (const [scripts, screen, locale] of ways) {
  test(`a key is rotated: ${wayOf(scripts)}`, { timeout: 120_000 }, () => {
    const ring = scripts ? '#ES256' : '#RS256';
    return inConsole(here, `console-keys-${ring}`, { ...screen, locale: languages[locale], javaScriptEnabled: scripts }, async (page, visit) => {
      const table = page.locator(`${ring} tbody`);
      const [keys, states] = [table.locator('th code'), table.locator('td .tag')];
      // The next key is made by the server's housekeeping.
      for (await visit('/admin/keys'); await keys.count() < 2; await visit('/admin/keys')) await page.waitForTimeout(1000);
      const [next, signing] = await keys.allInnerTexts();
      const words = await states.allInnerTexts();
      for (;;) {
        await go(page, `${ring} form button`);
        if (await page.locator('#done').count() > 0) break;
        await page.waitForSelector('#problem');
        await page.waitForTimeout(1000);
      }
      const state = Object.fromEntries((await keys.allInnerTexts()).map((key, at) => [key, at]));
      const now = await states.allInnerTexts();
      assert.equal(now[state[next]], words[1], 'what was next signs');
      assert.ok(signing in state && now[state[signing]] !== words[1], 'and what signed is still published');
    });
  });
}
