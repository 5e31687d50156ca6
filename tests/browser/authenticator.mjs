// Chromium's own authenticator in software (WebDriver's virtual authenticator, over the DevTools protocol), and what people and thieves do with one.
import { password } from './house.mjs';

/** The developer tools of a page whose browser has authenticators in software, however many. */
const tools = new WeakMap();

async function toolsOf(page) {
  if (!tools.has(page)) {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable', { enableUI: false });
    tools.set(page, devtools);
  }
  return tools.get(page);
}

/** An authenticator of this page's browser: a phone or laptop that keeps passkeys, and makes sure of its user. */
export async function authenticator(page, options = {}) {
  const devtools = await toolsOf(page);
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true, ...options,
    },
  });
  const send = (method, parameters = {}) => devtools.send(`WebAuthn.${method}`, { authenticatorId, ...parameters });
  return {
    send,
    credentials: async () => (await send('getCredentials')).credentials,
    /** Whether somebody is there who touches it: otherwise it waits. */
    present: (enabled) => send('setAutomaticPresenceSimulation', { enabled }),
  };
}

export async function signUp({ servers }, page, email) {
  await page.goto(`${servers.issuer}/signup`);
  await page.fill('#name', '홍길동');
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#submit');
  await page.waitForSelector('#account-name');
}

/** A passkey of the account that is signed in. It has just signed up, which is proof enough. */
export async function add({ servers }, page, name = '') {
  await page.goto(`${servers.issuer}/account/security`);
  await page.click('#passkey-add button');
  await page.fill('#passkey-name', name);
  await page.click('#passkey button');
  await page.waitForSelector('#saved');
}

/** Signs in as the browser does by itself, where the address is typed. Nobody touches the device before or after. */
export async function signIn({ servers }, page, device) {
  await device.present(true);
  await page.goto(`${servers.issuer}/login`, { waitUntil: 'commit' });
  await page.waitForSelector('#account-name');
  await device.present(false);
}

/** The same, but the answer is caught on its way: what was asked, and what would have been sent. */
export async function captured({ servers }, page, device) {
  const there = `${servers.issuer}/login/passkey`;
  await page.route(there, (route) => route.abort('aborted'));
  await device.present(true);
  const [request] = await Promise.all([page.waitForRequest(there), page.goto(`${servers.issuer}/login`, { waitUntil: 'commit' })]);
  await device.present(false);
  await page.unroute(there);
  const form = new URLSearchParams(request.postData());
  return { options: await page.getAttribute('#passkey', 'data-options'), ticket: form.get('ticket'), answer: form.get('answer') };
}

/** Sends an answer with the form of the login page, and with another ticket where one is given: the status of what the server says. */
export async function sent({ servers }, page, { answer, ticket }) {
  await page.goto(`${servers.issuer}/login`);
  const fill = (typed) => {
    const form = document.querySelector('#passkey');
    for (const [name, value] of Object.entries(typed)) form.elements[name].value = value;
    HTMLFormElement.prototype.submit.call(form);
  };
  const [response] = await Promise.all([page.waitForNavigation(), page.evaluate(fill, ticket ? { answer, ticket } : { answer })]);
  return response.status();
}

/** An answer with another client data. */
export function withClientData(answer, change) {
  const changed = JSON.parse(answer);
  const data = clientData(answer);
  change(data);
  changed.response.clientDataJSON = Buffer.from(JSON.stringify(data)).toString('base64url');
  return JSON.stringify(changed);
}

/** What the browser says of where it was asked. */
export function clientData(answer) {
  return JSON.parse(Buffer.from(JSON.parse(answer).response.clientDataJSON, 'base64url').toString());
}
