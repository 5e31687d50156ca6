// Every page there is, in one language: each is come to as people come to it, and handed to a visitor who looks at it.
import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticator } from './authenticator.mjs';
import { credentials, languages, mailed, open, password, pastOffer, sayOnceMore, sayWho, walk } from './house.mjs';

const administrator = 'ada@example.com';
const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
/** The code that an authenticator app shows now, or so many steps later: RFC 6238. */
function codeOf(secret, later = 0) {
  const bits = [...secret.replace(/\s/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac('sha1', key).update(step).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Where the app of the tour is. Nobody is there. */
const app = 'http://localhost:9/callback';

/**
 * Goes through all pages, in all languages at a time. `look(page, name, language)` is called at each, with the page as it is to be looked at; a
 * tour that was told whose it is stops at the first that fails.
 */
export async function tour(look) {
  const house = await open('work', 'nameless');
  try {
    const everybody = (stage) => Promise.all(Object.keys(languages).map((language) => stage(new Guide(house, language, look))));
    await everybody((guide) => guide.unclaimed());
    await house.servers.command(['users', 'create', '--verified', '--role', 'owner', '--name', 'Ada Lovelace', administrator], `${password}\n`);
    await everybody((guide) => guide.emptyConsole());
    await furnish(house);
    await everybody(async (guide) => {
      await guide.strangers();
      await guide.problems();
      await guide.people();
      await guide.mails();
      await guide.newcomersFromElsewhere();
      await guide.accountsFromElsewhere();
      await guide.passkeys();
      await guide.shop();
      await guide.console();
    });
    // What stricter policies show. Every node knows of a decision within a quarter of a second.
    const decide = async (...decision) => { await house.servers.command(['sign-in', 'set', ...decision]); await sleep(1000); };
    await decide('--email-verification', 'when_asked_for');
    await everybody((guide) => guide.unprovedAddress());
    await decide('--email-verification', 'before_login');
    await everybody((guide) => guide.provedFirst());
    await decide('--email-verification', 'not_asked', '--second-factor', 'required', '--email-code', 'true');
    await everybody((guide) => guide.requiredFactor());
  } finally {
    await house.close();
  }
}

async function furnish({ servers, provider }) {
  await servers.command(['sign-in', 'set', '--email-sign-in', 'true']);
  await servers.command(['attributes', 'define', 'badge', '--label', 'Badge', '--label-in', 'ko=명찰', '--end-user', 'write']);
  for (const language of Object.keys(languages)) {
    for (const name of ['kim', 'lee', 'old']) {
      const domain = name === 'old' ? 'corp.example' : 'example.com';
      await servers.command(['users', 'create', '--verified', '--name', 'Kim Minji', `${name}-${language}@${domain}`], `${password}\n`);
    }
  }
  await servers.command(['clients', 'create', '--kind', 'browser', '--client-id', 'reader', '--name', 'Reader', '--name-in', 'ko=책방',
    '--redirect-uri', app, '--scope', 'openid profile email offline_access orders:read']);
  const library = { client_id: 'library', client_name: 'Library', 'client_name#ko': '도서관', kind: 'browser', redirect_uris: [app] };
  await writeFile(join(servers.folder, 'declared.json'), JSON.stringify({ clients: [library] }));
  await servers.command(['apply', '--owner', 'gitops', 'declared.json']);
  const connect = async (preset, secret, ...further) => {
    const slug = further.includes('--slug') ? further[further.indexOf('--slug') + 1] : preset;
    await servers.command(['connections', 'create', '--preset', preset, '--client-id', credentials.id, ...further], `${secret}\n`);
    return () => servers.command(['connections', 'enable', slug]);
  };
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const at = (issuer) => ['--set', `issuer=${issuer}`, '--private-network', 'true', '--position', '-1'];
  for (const enable of [
    await connect('oidc', credentials.secret, '--slug', 'work', '--label', 'Work', ...at(provider.issuer)),
    await connect('oidc', credentials.secret, '--slug', 'nameless', '--label', 'Nameless', '--scope', 'openid profile', ...at(provider.issuer)),
    await connect('oidc', 'a-secret', '--slug', 'away', '--label', 'Away', ...at('http://localhost:9')),
    ...await Promise.all(['kakao', 'naver', 'google', 'github', 'line', 'facebook'].map((preset) => connect(preset, 'a-secret'))),
    await connect('apple', key, '--set', 'team_id=A1B2C3D4E5', '--set', 'key_id=F6G7H8J9K0'),
  ]) await enable();
  // One that is switched off, and whose provider does not answer.
  await connect('oidc', 'a-secret', ...at('http://localhost:9'));
}

class Guide {
  constructor(house, language, look) {
    Object.assign(this, { ...house, language, look });
  }

  async unclaimed() {
    await this.as(async (page) => {
      await page.goto(this.servers.claimLink());
      await this.at(page, 'claim', '#claim');
      await this.opened(page, 'claim link that is worth nothing', '/claim?token=x', '#claim-spent');
      await this.opened(page, 'login without providers', '/login', '#login');
      await this.opened(page, 'sign-up without providers', '/signup', '#signup');
    });
  }

  async emptyConsole() {
    await this.as(async (page) => {
      await this.signIn(page, '/admin', administrator);
      await pastOffer(page, '.steps [aria-current=step]');
      await this.at(page, 'console, first steps', '.steps [aria-current=step]');
      await this.opened(page, 'console, setup', '/admin/setup', '#checks');
      await this.opened(page, 'console, production', '/admin/setup/production', '#production-heading');
      await this.opened(page, 'console, first app', '/admin/apps/new', '#way');
      await this.opened(page, 'console, no providers', '/admin/connections', '#add');
      await this.opened(page, 'console, presets', '/admin/presets', '#presets');
      for (const list of ['groups', 'roles', 'claims', 'apis', 'webhooks', 'people/attributes']) {
        await this.opened(page, `console, no ${list}`, `/admin/${list}`, '.nothing');
      }
    });
  }

  async strangers() {
    await this.as(async (page) => {
      await this.opened(page, 'login', '/login', '#login');
      await page.click('#upstream-more');
      await this.at(page, 'login, more ways', '.more[open]');
      await this.fill(page, { email: 'nobody@example.com', password });
      await page.click('#submit');
      await this.at(page, 'login, wrong', '#problem');
      await this.guessing(page);
      await this.opened(page, 'sign-up', '/signup', '#signup');
      await this.unchecked(page, '#signup', { name: 'x'.repeat(150), email: 'nowhere', password: 'short' });
      await this.at(page, 'sign-up, wrong', '#email-problem');
      await this.opened(page, 'signed out', '/signed-out', '#signed-out');
      await this.opened(page, 'claim link of a server with an administrator', '/claim?token=x', '#claimed');
    });
  }

  /** Guesses often, until the browser has to work for the next guess: what it finds is taken. */
  async guessing(page) {
    // The browser may ask, or work, before it sends what was typed.
    const guess = async () => {
      await this.fill(page, { email: `often-${this.language}@example.com`, password });
      await Promise.all([page.waitForNavigation(), page.click('#submit')]);
    };
    await page.goto(`${this.servers.issuer}/login`);
    for (let guesses = 0; guesses < 5; guesses += 1) await guess();
    await page.waitForFunction(() => document.querySelector('#work')?.value.includes('.'));
    await this.at(page, 'login, worked for', '#work-state');
    await guess();
    await page.waitForSelector('#password[aria-invalid]');
  }

  async problems() {
    await this.as(async (page) => {
      await this.opened(page, 'problem, not found', '/nowhere', '#error');
      await this.opened(page, 'problem, unknown client', '/authorize?client_id=nobody', '#error');
      await this.opened(page, 'problem, redirect URI', this.authorize({ redirect_uri: 'https://shop.example/a/very/long/path/that-was-not-registered?with=a&query=too' }), '#sent');
      await this.opened(page, 'problem, sign-in ended', '/login?flow=azn_00000000000000000000000000000000', '#error');
    });
  }

  async people() {
    const [kim, lee] = ['kim', 'lee'].map((name) => `${name}-${this.language}@example.com`);
    await this.as(async (page) => {
      await this.opened(page, 'login for an app', this.authorize(), '#login');
      await this.fill(page, { email: kim, password });
      await page.click('#submit');
      await pastOffer(page, '#allow:not([aria-disabled])');
      await this.at(page, 'consent', '#allow:not([aria-disabled])');
      await this.opened(page, 'login, asked again', this.authorize({ prompt: 'login' }), '#whose');
      await this.opened(page, 'account', '/account', '#account-heading');
      for (const section of ['security', 'sessions', 'apps', 'preferences', 'data', 'delete']) await this.opened(page, `account, ${section}`, `/account/${section}`, '.section h1');
      await this.unchecked(page, '#delete', { address: 'nobody@example.com' });
      await this.at(page, 'account, delete, wrong', '#address-problem');
      await this.opened(page, 'sign-up, signed in', '/signup', '#signed-in');
      await this.opened(page, 'account, profile', '/account/profile', '#account-profile');
      await page.click('#more-about-you > summary');
      await this.at(page, 'account, all fields', '#more-about-you[open]');
      const second = await page.context().newPage();
      await this.signIn(second, this.authorize({ prompt: 'login' }), lee);
      await pastOffer(second, '#allow');
      await second.close();
      await page.click('#account-profile .button');
      await this.at(page, 'form of another sign-in', '#other-sign-in');
      await this.opened(page, 'accounts', this.authorize({ prompt: 'select_account' }), '#accounts');
      await this.opened(page, 'account, fresh', '/account/profile', '#account-profile');
      await this.unchecked(page, '#account-profile', { name: 'x'.repeat(150), website: 'nowhere' }, '.button');
      await this.at(page, 'account, wrong', '#name-problem');
      await this.opened(page, 'still signed in', '/signed-out', '#still-signed-in');
      await this.opened(page, 'problem, forbidden', '/admin', '#error');
      await this.opened(page, 'sign out', '/logout', '#logout');
      await this.opened(page, 'sign out, for an app', '/logout?client_id=reader', '#logout');
    });
    // The page that posts the answer stays: its script finds a form that does not go.
    await this.as(async (page) => {
      await page.addInitScript(() => { HTMLFormElement.prototype.submit = () => {}; });
      await this.signIn(page, this.authorize({ response_mode: 'form_post' }), kim);
      await page.waitForSelector('#allow:not([aria-disabled])');
      await page.click('#allow');
      await this.at(page, 'answer that is posted', '#form-post');
    });
  }

  /** What rests on mail: somebody signs up, forgets the password, signs in by a link, and changes the address. */
  async mails() {
    const [email, other] = ['mail', 'moved'].map((name) => `${name}-${this.language}@example.com`);
    await this.as(async (page) => {
      await page.goto(`${this.servers.issuer}/signup`);
      await this.fill(page, { name: 'Han Bada', email, password });
      await page.click('#submit');
      await page.waitForSelector('#account-heading');
      await page.goto(`${this.servers.issuer}/account/security`);
      await page.click('#account-verify .button');
      await page.goto(await this.mailed(email, '/verify-email'));
      await this.at(page, 'confirming an address', '#prove');
      await page.click('#submit');
      await page.waitForSelector('#account-email');
      await page.fill('#email', other);
      await page.click('#account-email .button');
      await page.goto(await this.mailed(other, '/verify-email'));
      await page.click('#prove #submit');
      await page.waitForSelector('#account-email');
      await page.goto(await this.mailed(email, '/undo-email'));
      await this.at(page, 'taking a change of address back', '#undo');
      await page.click('#submit');
      await this.at(page, 'change of address taken back', '#address-undone');
    });
    await this.as(async (page) => {
      await this.opened(page, 'forgotten password', '/forgot', '#forgot');
      await this.fill(page, { email });
      await page.click('#submit');
      await this.at(page, 'forgotten password, sent', '#forgot-sent');
      await page.goto(await this.mailed(email, '/reset'));
      await this.at(page, 'new password', '#reset');
      await this.fill(page, { password: 'short' });
      await page.click('#submit');
      await this.at(page, 'new password, wrong', '#password-problem');
      await this.opened(page, 'link that is worth nothing', '/reset?token=x', '#link-spent');
    });
    await this.as(async (page) => {
      await page.goto(`${this.servers.issuer}/login`);
      await this.fill(page, { email });
      await page.click('#by-mail');
      await this.at(page, 'sign-in by mail, waiting', '#login-code');
      await this.fill(page, { code: '000000' });
      await page.click('#submit');
      await this.at(page, 'sign-in by mail, wrong code', '#code-problem');
      const link = await this.mailed(email, '/login/link');
      await this.as(async (elsewhere) => {
        await elsewhere.goto(link);
        await this.at(elsewhere, 'sign-in by mail, another browser', '#other-browser');
      });
      await page.goto(link);
      await this.at(page, 'sign-in by mail, link', '#use-link');
      await page.click('#submit');
      await page.waitForSelector('#account-heading');
      await this.opened(page, 'sign-in by mail, spent', '/login/code?login=x', '#code-spent');
    });
    await this.as(async (page) => {
      const invited = `guest-${this.language}@example.com`;
      await this.servers.command(['users', 'invite', invited, '--name', 'Han Bada']);
      await page.goto(await this.mailed(invited, '/reset'));
      await this.at(page, 'invitation', '#reset');
    });
    await this.as(async (page) => {
      // Somebody else made an account with the address.
      const prepared = `prepared-${this.language}@example.com`;
      await this.as(async (stranger) => {
        await stranger.goto(`${this.servers.issuer}/signup`);
        await this.fill(stranger, { name: 'Stranger', email: prepared, password });
        await stranger.click('#submit');
        await stranger.waitForSelector('#account-heading');
      });
      await page.goto(`${this.servers.issuer}/login`);
      await this.fill(page, { email: prepared });
      await page.click('#by-mail');
      await page.waitForSelector('#login-code');
      await page.goto(await this.mailed(prepared, '/login/link'));
      await page.click('#submit');
      await this.at(page, 'sign-in by mail, what was prepared has ended', '#prepared-ended');
      await page.click('#go-on');
      await page.waitForSelector('#account-heading');
    });
  }

  mailed(email, path) {
    return mailed(this.servers, email, path);
  }

  async newcomersFromElsewhere() {
    const who = `new-${this.language}`;
    await this.as(async (page) => {
      await page.goto(`${this.servers.issuer}/login`);
      await this.more(page, '#upstream-work');
      await sayWho(page, who);
      await this.at(page, 'account from elsewhere', '#one-provider');
      await this.opened(page, 'account from elsewhere, security', '/account/security', '#links');
      await page.fill('#password', password);
      await page.click('#account-password .button');
      await this.at(page, 'step-up at a provider', '#step-up');
      await page.click('#upstream-work');
      await sayOnceMore(page, who);
      await this.at(page, 'step-up, confirmed', '#confirmed');
      await page.click('#go-on button');
      await this.at(page, 'account, saved', '#saved');
      await page.click('#links form button');
      await this.at(page, 'removing a link', '#unlink-warning');
      await page.click('#confirm');
      await this.at(page, 'signed out with a link', '#signed-out');
    });
    await this.as(async (page) => {
      await page.goto(`${this.servers.issuer}/login`);
      await this.more(page, '#upstream-nameless');
      await sayWho(page, `nameless-${this.language}`);
      await this.at(page, 'address of an account from elsewhere', '#upstream-email');
    });
  }

  async accountsFromElsewhere() {
    await this.as(async (page) => {
      await page.goto(`${this.servers.issuer}/login`);
      await this.more(page, '#upstream-work');
      await sayWho(page, `old-${this.language}`);
      await this.at(page, 'account that there is', '#upstream-confirm');
      await this.fill(page, { password: 'not the password at all' });
      await page.click('#submit');
      await this.at(page, 'account that there is, wrong password', '#problem');
      await this.fill(page, { password });
      await page.click('#submit');
      await page.waitForSelector('#account-heading');
      await page.click('#sign-out');
      await this.at(page, 'signed out, but not at the provider', '#signed-out');
      await page.goto(`${this.servers.issuer}/login`);
      await this.more(page, '#upstream-work');
      await page.waitForSelector('#account-heading');
      await page.goto(`${this.servers.issuer}/account/security`);
      await page.click('#links form button');
      await page.waitForSelector('#unlink-warning');
      await page.click('#confirm');
      await this.at(page, 'step-up by password', '#step-up');
    });
    await this.as(async (page) => {
      // Somebody of this language sets two-step verification up, with a code that is not right yet.
      const email = `phone-${this.language}@example.com`;
      await page.goto(`${this.servers.issuer}/signup`);
      await this.fill(page, { name: 'Lee Sora', email, password });
      await page.click('#submit');
      await page.waitForSelector('#account-heading');
      await page.goto(`${this.servers.issuer}/account/security`);
      await page.click('#add-factor button');
      await this.at(page, 'two-step verification, set up', '#second-step-add');
      const secret = await page.textContent('#secret');
      await this.fill(page, { code: '000000' });
      await page.click('#submit');
      await this.at(page, 'two-step verification, wrong code', '#code-problem');
      await this.fill(page, { code: codeOf(secret) });
      await page.click('#submit');
      await this.at(page, 'recovery codes', '#recovery-codes');
      const [first] = (await page.textContent('#codes')).split('\n');
      await this.opened(page, 'account, security with an app', '/account/security', '#two-step');
      await page.goto(`${this.servers.issuer}/account`);
      await page.click('#sign-out');
      await page.goto(`${this.servers.issuer}/login`);
      await this.fill(page, { email, password });
      await page.click('#submit');
      await this.at(page, 'second step', '#second-step');
      await page.click('#to-recovery');
      await this.at(page, 'second step by recovery code', '#second-step');
      await this.fill(page, { code: first });
      await page.click('#submit');
      await this.at(page, 'recovery code used', '#recovery-used');
      // The code of the next step counts already, and none counts twice.
      await page.goto(`${this.servers.issuer}/account`);
      await page.click('#sign-out');
      await this.signIn(page, '/login', email);
      await page.waitForSelector('#second-step');
      await page.check('#trust');
      await this.fill(page, { code: codeOf(secret, 1) });
      await page.click('#submit');
      await pastOffer(page, '#account-heading');
      await this.opened(page, 'account, sessions with a trusted browser', '/account/sessions', '#trusted');
    });
    await this.as(async (page) => {
      await page.goto(`${this.servers.issuer}/login`);
      await this.more(page, '#upstream-work');
      await page.click('text=Cancel');
      await this.at(page, 'refused at the provider', '#upstream-refused');
      await page.goto(`${this.servers.issuer}/login`);
      await this.more(page, '#upstream-away');
      await this.at(page, 'provider that is away', '#upstream-outage');
    });
  }

  /** What rests on passkeys, in browsers with a device that keeps them. */
  async passkeys() {
    const email = `passkey-${this.language}@example.com`;
    await this.as(async (page) => {
      const device = await authenticator(page);
      await this.newcomer(page, email);
      await page.goto(`${this.servers.issuer}/account/security`);
      await page.click('#passkey-add button');
      await this.at(page, 'new passkey', '#passkey-new #submit:enabled');
      await device.send('setUserVerified', { isUserVerified: false });
      await page.click('#passkey-new #submit');
      await this.at(page, 'new passkey, not made', '#passkey-new [role=status]:not([hidden])');
      await device.send('setUserVerified', { isUserVerified: true });
      await page.click('#passkey-new #submit');
      await page.waitForSelector('#saved');
      await page.click('#passkeys summary');
      await this.at(page, 'account, security with a passkey', '#passkeys details[open]');
      // The browser offers what it has where the address is typed: nobody is there who would take it.
      await device.present(false);
      await page.context().clearCookies();
      await this.signIn(page, '/login', email);
      await page.waitForSelector('#account-heading');
      await page.goto(`${this.servers.issuer}/account/security`);
      await page.click('#passkey-add button');
      await this.at(page, 'step-up by passkey', '#step-up #use-passkey:enabled');
      await this.opened(page, 'second step by passkey', this.authorize({ acr_values: 'urn:haechi:acr:2fa' }), '#second-step #use-passkey:enabled');
      await device.send('setUserVerified', { isUserVerified: false });
      await device.present(true);
      await page.click('#use-passkey');
      await this.at(page, 'second step by passkey, cancelled', '#passkey [role=status]:not([hidden])');
      await device.send('setUserVerified', { isUserVerified: true });
      await page.click('#use-passkey');
      await page.waitForSelector('#allow');
    });
    await this.as(async (page) => {
      await authenticator(page);
      const offered = `offered-${this.language}@example.com`;
      await this.newcomer(page, offered);
      await page.context().clearCookies();
      await page.goto(`${this.servers.issuer}/login`);
      await this.fill(page, { email: offered, password });
      // The page asks its browser what it can do.
      await page.waitForFunction(() => document.querySelector('[name=makes_passkeys]').value === 'yes');
      await page.click('#login #submit');
      await this.at(page, 'offer of a passkey', '#passkey-offer #submit:enabled');
    });
  }

  /** An app asks for an address that nobody proved. */
  async unprovedAddress() {
    await this.as(async (page) => {
      await this.newcomer(page, `unproved-${this.language}@example.com`);
      await this.opened(page, 'address to confirm for an app', this.authorize(), '#send');
      await page.click('#send #submit');
      await this.at(page, 'address to confirm for an app, sent', '#go-on');
    });
  }

  /** There is no account before its address is confirmed. */
  async provedFirst() {
    const email = `proving-${this.language}@example.com`;
    await this.as(async (page) => {
      await page.goto(`${this.servers.issuer}/signup`);
      await this.fill(page, { name: 'Han Bada', email, password });
      await page.click('#signup #submit');
      await this.at(page, 'sign-up, waiting for the address', '#signup-code');
      await this.fill(page, { code: '000000' });
      await page.click('#submit');
      await this.at(page, 'sign-up, wrong code', '#code-problem');
      const link = await this.mailed(email, '/signup/link');
      await this.as(async (elsewhere) => {
        await elsewhere.goto(link);
        await this.at(elsewhere, 'sign-up, another browser', '#other-browser');
      });
      await page.goto(link);
      await this.at(page, 'sign-up, link', '#use-link');
      await page.click('#submit');
      await page.waitForSelector('#account-heading');
      await this.opened(page, 'sign-up, spent', '/signup/code?login=x', '#sign-up-spent');
    });
  }

  /** Everybody needs a second factor, and a mailed code will do. */
  async requiredFactor() {
    const lee = `lee-${this.language}@example.com`;
    await this.as(async (page) => {
      await this.signIn(page, '/login', lee);
      await this.at(page, 'second factor that is needed', '#second-step-add #use-passkey:enabled');
      await page.click('#by-app summary');
      await this.at(page, 'second factor that is needed, by an app', '#by-app[open] #code');
      await page.click('#by-mail');
      await this.at(page, 'second step by mail', '#second-step-mailed');
      await this.fill(page, { code: '000000' });
      await page.click('#second #submit');
      await this.at(page, 'second step by mail, wrong code', '#code-problem');
    });
  }

  /** Somebody makes an account, and is signed in to it. */
  async newcomer(page, email) {
    await page.goto(`${this.servers.issuer}/signup`);
    await this.fill(page, { name: 'Han Bada', email, password });
    await page.click('#signup #submit');
    await page.waitForSelector('#account-heading');
  }

  async shop() {
    await this.as(async (page) => {
      await page.goto(this.servers.shop);
      await this.at(page, 'shop', '.shelf');
      await page.goto(`${this.servers.shop}/callback?error=access_denied`);
      await this.at(page, 'shop, problem', '#problem');
      await page.goto(this.servers.shop);
      await page.click('#sign-in');
      await this.fill(page, { email: `kim-${this.language}@example.com`, password });
      await page.click('#submit');
      await this.at(page, 'consent to the shop', '#allow:not([aria-disabled])');
      await page.click('#allow');
      await this.at(page, 'shop, tokens', '#id-token');
      await page.goto(`${this.servers.shop}/buy/moonjar`);
      await this.at(page, 'shop, order', '#ordered');
      await this.opened(page, 'account with an app', '/account/apps', '#app-haechi-demo-shop');
    });
  }

  async console() {
    await this.as(async (page) => {
      await this.signIn(page, '/admin', administrator);
      await pastOffer(page, '#to-connections');
      await this.at(page, 'console', '#to-connections');
      await this.opened(page, 'console, people', '/admin/people', '#several');
      await this.opened(page, 'console, nobody', '/admin/people?q=nobody-at-all', '#nothing');
      await this.opened(page, 'console, new person', '/admin/people/new', '#create');
      await this.unchecked(page, '#create', { email: 'nowhere', password: 'short' });
      await this.at(page, 'console, new person, wrong', '#email-problem');
      await page.goto(`${this.servers.issuer}/admin/people?q=kim-${this.language}`);
      const person = await page.getAttribute('.list tbody a', 'href');
      await this.opened(page, 'console, person', person, '#profile-form');
      await this.opened(page, 'console, person, sign-in', `${person}/access`, '#set-password');
      await this.opened(page, 'console, person, groups and roles', `${person}/groups`, '#groups-heading');
      await this.opened(page, 'console, person, sessions', `${person}/sessions`, '#end-all');
      await this.opened(page, 'console, person, apps', `${person}/apps`, '#apps');
      await this.opened(page, 'console, person, token preview', `${person}/preview?client_id=reader`, '#documents');
      await this.opened(page, 'console, person, history', `${person}/history`, '#history-heading');
      await this.opened(page, 'console, person, document', `${person}/document`, '#json');
      await this.opened(page, 'console, person, deletion', `${person}/delete`, '#delete');
      await page.goto(`${this.servers.issuer}/admin/people?q=phone-${this.language}`);
      const withApp = await page.getAttribute('.list tbody a', 'href');
      await this.opened(page, 'console, person, second factors', `${withApp}/access`, '#reset-factors');
      await this.opened(page, 'console, attributes', '/admin/people/attributes', '#declare');
      await this.opened(page, 'console, attribute', '/admin/people/attributes/badge', '#attribute');
      await this.opened(page, 'console, attribute, history', '/admin/people/attributes/badge/history', '#history-heading');
      await this.opened(page, 'console, attribute, JSON', '/admin/people/attributes/badge/document', '#json');
      await this.opened(page, 'console, import', '/admin/people/import', '#import');
      await this.opened(page, 'console, apps', '/admin/apps', '.list');
      await page.check('[name="pick-reader"]');
      await page.click('#several [value="delete"]');
      await this.at(page, 'console, several apps, deletion', '#names');
      await this.opened(page, 'console, new app', '/admin/apps/new', '#kinds');
      await this.opened(page, 'console, new app of a kind', '/admin/apps/new/service', '#create');
      await page.goto(`${this.servers.issuer}/admin/apps/new/spring`);
      await page.fill('#client_id', `spring-${this.language}`);
      await page.click('#submit');
      await this.at(page, 'console, app that was registered', '#created');
      await this.opened(page, 'console, app', '/admin/apps/reader', '#settings');
      await this.unchecked(page, '#settings', { redirect_uris: 'nowhere', scope: '"' }, '#save');
      await this.at(page, 'console, app, wrong', '#redirect_uris-problem');
      await this.opened(page, 'console, app, credentials', `/admin/apps/spring-${this.language}/credentials`, '#rotate');
      await page.click('#rotate .button');
      await this.at(page, 'console, app, new secret', '#fresh');
      await this.opened(page, 'console, app, security', '/admin/apps/reader/security', '#grade');
      await this.opened(page, 'console, app, trial', '/admin/apps/reader/try', '#try-login');
      await page.click('#sign-in');
      // Whoever allowed it before is not asked again.
      await page.waitForSelector('#allow:not([aria-disabled]), #worked');
      if (await page.locator('#allow').count() > 0) await page.click('#allow');
      await this.at(page, 'console, app, tried', '#worked');
      await this.opened(page, 'console, app, token preview', '/admin/apps/reader/preview', '#preview');
      await this.opened(page, 'console, app, problems', '/admin/apps/reader/problems', '#problems-heading');
      await this.opened(page, 'console, app, people', '/admin/apps/reader/consents', '#consents-heading');
      await this.opened(page, 'console, app, withdrawal', '/admin/apps/reader/consents/withdraw', '#withdraw');
      await this.opened(page, 'console, app, managers', '/admin/apps/reader/managers', '#add');
      await this.opened(page, 'console, app, history', '/admin/apps/reader/history', '#history-heading');
      await this.opened(page, 'console, app, document', '/admin/apps/reader/document', '#json');
      await this.opened(page, 'console, app, deletion', '/admin/apps/reader/delete', '#delete');
      await this.opened(page, 'console, app that files manage', '/admin/apps/library', '#managed');
      await this.opened(page, 'console, release', '/admin/release/client/library', '#release');
      await this.opened(page, 'console, keys', '/admin/keys', 'h1');
      await this.opened(page, 'console, keys, import', '/admin/keys/import', '#import');
      await this.opened(page, 'console, keys, history', '/admin/keys/history', '#history-heading');
      for (const kind of ['groups', 'roles']) {
        await this.opened(page, `console, ${kind}`, `/admin/${kind}`, 'h1');
        await this.opened(page, `console, new of ${kind}`, `/admin/${kind}/new`, '#create');
        await page.fill('#name', `tour-${Date.now()}`);
        await page.click('#submit');
        await this.at(page, `console, one of ${kind}`, '#group');
        const one = new URL(page.url()).pathname;
        await this.opened(page, `console, one of ${kind}, history`, `${one}/history`, '#history-heading');
        await this.opened(page, `console, one of ${kind}, JSON`, `${one}/document`, '#json');
        if (kind === 'groups') await this.opened(page, 'console, one of groups, managers', `${one}/managers`, '#add');
        await this.opened(page, `console, one of ${kind}, deletion`, `${one}/delete`, '#delete');
      }
      await this.opened(page, 'console, claims', '/admin/claims', 'h1');
      await this.opened(page, 'console, new claim rule', '/admin/claims/new', '#create');
      await page.fill('#name', `tour-${this.language}-${Date.now()}`);
      await page.fill('#claim', `tour_${Date.now()}`);
      await page.fill('#scope', 'profile');
      await page.selectOption('#source', 'groups');
      await page.click('#submit');
      await this.at(page, 'console, claim rule', '#rule');
      const rule = new URL(page.url()).pathname;
      await this.opened(page, 'console, claim rule, history', `${rule}/history`, '#history-heading');
      await this.opened(page, 'console, claim rule, JSON', `${rule}/document`, '#json');
      await this.opened(page, 'console, claim rule, deletion', `${rule}/delete`, '#delete');
      await this.opened(page, 'console, APIs', '/admin/apis', 'h1');
      await this.opened(page, 'console, new API', '/admin/apis/new', '#create');
      await page.fill('#resource', `https://tour.example/${Date.now()}`);
      await page.click('#submit');
      await this.at(page, 'console, API, scopes', '#scopes-form');
      const api = new URL(page.url()).pathname.replace(/\/scopes$/, '');
      await this.opened(page, 'console, API', api, '#api');
      for (const [tab, there] of [['apps', '#add'], ['history', '#history-heading'], ['document', '#json'], ['delete', '#delete']]) {
        await this.opened(page, `console, API, ${tab}`, `${api}/${tab}`, there);
      }
      await this.opened(page, 'console, invitation', '/admin/people/invite', '#invite');
      await page.fill('#email', `invited-${this.language}-${Date.now()}@example.com`);
      await page.click('#submit');
      await this.at(page, 'console, person, invited', '#done');
      await this.opened(page, 'console, mail', '/admin/mail', '#way');
      await this.opened(page, 'console, one mail', await page.getAttribute('#found tbody a', 'href'), '#state');
      if (await page.$('#read')) {
        await page.click('#read');
        await this.at(page, 'console, what a mail says', '#says');
      }
      await this.opened(page, 'console, webhooks', '/admin/webhooks', 'h1');
      await this.opened(page, 'console, new webhook', '/admin/webhooks/new', '#create');
      await page.fill('#url', `https://127.0.0.1:8443/${this.language}`);
      await page.click('#submit');
      await this.at(page, 'console, webhook', '#fresh');
      await page.click('#test');
      await this.at(page, 'console, webhook, messages', '#messages');
      const webhook = new URL(page.url()).pathname;
      await this.opened(page, 'console, webhook, history', `${webhook}/history`, '#history-heading');
      await this.opened(page, 'console, webhook, JSON', `${webhook}/document`, '#json');
      await this.opened(page, 'console, webhook, deletion', `${webhook}/delete`, '#delete');
      await this.opened(page, 'console, settings', '/admin/settings', 'h1');
      await this.opened(page, 'console, design', '/admin/design', '#design-heading');
      await this.opened(page, 'console, sign-in', '/admin/sign-in', '#policy');
      await this.opened(page, 'console, branding', '/admin/branding', '#branding');
      await this.opened(page, 'console, audit', '/admin/audit', 'h1');
      await this.opened(page, 'console, search', '/admin/search?q=kim', '#results');
      await this.opened(page, 'console, providers', '/admin/connections', '#connections');
      await this.opened(page, 'console, new provider', '/admin/presets/apple', '#create');
      await page.goto(`${this.servers.issuer}/admin/presets/oidc`);
      await this.unchecked(page, '#create', { slug: 'No Slug', 'setting-issuer': 'nowhere' });
      await this.at(page, 'console, new provider, wrong', '#slug-problem');
      await this.opened(page, 'console, provider', '/admin/connections/work', '#connection');
      for (const fold of await page.$$('details.fold > summary')) await fold.click();
      await this.at(page, 'console, provider, all fields', '#advanced[open]');
      await page.click('#test');
      await sayWho(page, 'ada');
      await this.at(page, 'console, test', '#outcome');
      await this.opened(page, 'console, provider that is off', '/admin/connections/oidc', '#connection');
      await page.click('#test');
      await this.at(page, 'console, test that failed', '#failure');
      await this.opened(page, 'console, provider, history', '/admin/connections/work/history', '#history-heading');
      await this.opened(page, 'console, provider, JSON', '/admin/connections/work/document', '#json');
      await this.opened(page, 'console, new secret', '/admin/connections/kakao/secret', '#rotate');
      await this.opened(page, 'console, deletion', '/admin/connections/kakao/delete', '#delete');
    });
  }

  /** A browser of its own. */
  async as(steps) {
    await walk(this, `tour-${this.language}`, { locale: languages[this.language], colorScheme: 'light' }, steps);
  }

  /** Presses a provider's button, wherever it is. */
  async more(page, button) {
    if (!await page.isVisible(button)) await page.click('#upstream-more');
    await page.click(button);
  }

  async opened(page, name, path, selector) {
    await page.goto(`${this.servers.issuer}${path}`);
    await this.at(page, name, selector);
  }

  async at(page, name, selector) {
    await page.waitForSelector(selector).catch((error) => {
      throw new Error(`${name} (${this.language}) is not where the tour is, but ${page.url()}`, { cause: error });
    });
    await this.look(page, name, this.language);
  }

  async signIn(page, path, email) {
    await page.goto(`${this.servers.issuer}${path}`);
    await this.fill(page, { email, password });
    await page.click('#submit');
  }

  async fill(page, values) {
    for (const [field, value] of Object.entries(values)) await page.fill(`#${field}`, value);
  }

  /** Sends a form with values that the browser would refuse. */
  async unchecked(page, form, values, button = '#submit') {
    await page.$eval(form, (element) => {
      element.noValidate = true;
      for (const field of element.querySelectorAll('[maxlength]')) field.removeAttribute('maxlength');
      for (const fold of element.querySelectorAll('details')) fold.open = true;
    });
    await this.fill(page, values);
    await page.click(`${form} ${button}`);
  }

  authorize(further) {
    return `/authorize?${new URLSearchParams({
      client_id: 'reader', redirect_uri: app, response_type: 'code', scope: 'openid profile email offline_access orders:read',
      code_challenge: challenge, code_challenge_method: 'S256', state: 'x', nonce: 'x', ...further })}`;
  }
}
