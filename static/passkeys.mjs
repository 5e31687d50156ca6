// Passkeys: asks the browser the question that stands in a form, and sends the answer with it. Where there is no script, or the browser has no passkeys, the
// form's page offers the other ways.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// The JSON forms of Web Authentication Level 3 section 5.1, which not every browser reads and writes by itself.
function question(json) {
  const options = JSON.parse(json);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ['allowCredentials', 'excludeCredentials']) {
    options[list] = (options[list] ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return options;
}

function answer(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  const { id, rawId, type } = credential;
  return JSON.stringify({ id, rawId: text(rawId), type, response, clientExtensionResults: credential.getClientExtensionResults() });
}

// What the browser should know of its passkeys: those that are no more are not offered again.
async function signal(form) {
  for (const [name, told] of Object.entries(JSON.parse(form.dataset.signal || '{}'))) {
    try { await window.PublicKeyCredential?.[name]?.(told); } catch { /* It is only told. */ }
  }
}

function prepare(form) {
  const kind = form.dataset.passkey;
  const create = kind !== 'get';
  const button = form.querySelector('button');
  const said = form.querySelector('[role=status]');
  const say = (what) => { said.textContent = what; said.hidden = !what; };
  if (!window.PublicKeyCredential) { form.hidden = false; say(form.dataset.unsupported); return; }
  form.hidden = false;
  // Another way on the page folds away, unless something is said in it.
  const instead = document.getElementById(form.dataset.instead ?? '');
  if (instead && !('stays' in instead.dataset)) instead.open = false;
  button.disabled = false;
  let waiting;

  const send = (credential) => {
    form.elements.answer.value = answer(credential);
    const remember = document.querySelector('#remember');
    if (remember?.checked) form.elements.remember.value = 'yes';
    // A button of the form may be called `submit`.
    HTMLFormElement.prototype.submit.call(form);
  };

  // An account that is made by its passkey: what was typed is what the passkey is called by. `null` where it is no address.
  const newcomer = () => {
    const [name, email] = ['name', 'email'].map((id) => document.getElementById(id));
    if (!email.reportValidity()) return null;
    for (const field of [name, email]) form.elements.namedItem(field.name).value = field.value;
    return { name: email.value, displayName: name.value.trim() || email.value };
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const typed = kind === 'sign-up' ? newcomer() : {};
    if (!typed) return;
    waiting?.abort();
    button.disabled = true;
    say('');
    try {
      const publicKey = question(form.dataset.options);
      if (create) Object.assign(publicKey.user, typed);
      send(await (create ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey })));
    } catch (error) {
      button.disabled = false;
      say({ NotAllowedError: form.dataset.cancelled, AbortError: '', InvalidStateError: form.dataset.known }[error.name] ?? form.dataset.failed);
    }
  });

  // The browser offers its passkeys where the address is typed.
  const offer = async () => {
    if (create || !document.querySelector('input[autocomplete~=webauthn]')) return;
    if (!(await window.PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    waiting = new AbortController();
    try {
      const publicKey = question(form.dataset.options);
      send(await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: waiting.signal }));
    } catch { /* Another way was taken. */ }
  };
  offer();
}

// Whether this browser can make a passkey: only then is one offered to who signs in by password.
async function canMake() {
  const { PublicKeyCredential: passkeys } = window;
  if (!passkeys) return false;
  const able = await passkeys.getClientCapabilities?.().catch(() => ({})) ?? {};
  return able.conditionalCreate || able.userVerifyingPlatformAuthenticator || Boolean(await passkeys.isUserVerifyingPlatformAuthenticatorAvailable?.());
}

for (const field of document.querySelectorAll('input[name=makes_passkeys]')) canMake().then((can) => { if (can) field.value = 'yes'; }, () => {});
for (const form of document.querySelectorAll('form[data-passkey]')) prepare(form);
for (const told of document.querySelectorAll('[data-signal]')) signal(told);
