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

const seconds = (n) => n * 1000;
const shown = () => new Promise((go) => {
  if (document.hidden) document.addEventListener('visibilitychange', go, { once: true }); else go();
});

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
  // Another way on the page folds away, unless something is said in it. Until that is decided it is not drawn, so that nothing moves.
  const instead = document.getElementById(form.dataset.instead ?? '');
  if (instead && window.PublicKeyCredential && !('stays' in instead.dataset)) instead.open = false;
  if (instead) instead.dataset.decided = '';
  if (!window.PublicKeyCredential) { form.hidden = false; say(form.dataset.unsupported); return; }
  form.hidden = false;
  button.disabled = false;
  let waiting;
  let drawn = Date.now();

  // The question counts for minutes, and the page may stand open for longer: one that is older than so many seconds is replaced by another.
  const renew = async (oldest) => {
    if (Date.now() - drawn < seconds(oldest)) return;
    const asked = Date.now();
    const body = new URLSearchParams({ csrf: form.dataset.csrf, ticket: form.elements.ticket.value });
    const got = await fetch(form.dataset.question, { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(5000) });
    if (got.status !== 200) throw Object.assign(new Error(form.dataset.late), { name: 'Late' });
    const { options, ticket } = await got.json();
    form.dataset.options = options;
    form.elements.ticket.value = ticket;
    drawn = asked;
  };

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
      // Whoever is asked has nearly all of the time that a question counts for.
      await renew(30);
      const publicKey = question(form.dataset.options);
      if (create) Object.assign(publicKey.user, typed);
      send(await (create ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey })));
    } catch (error) {
      button.disabled = false;
      const { cancelled, known, late, failed } = form.dataset;
      say({ NotAllowedError: cancelled, AbortError: '', InvalidStateError: known, Late: late }[error.name] ?? failed);
    }
  });

  // The browser offers its passkeys where the address is typed, for as long as somebody may look at the page: with another question each time that one is about to end.
  const offer = async () => {
    if (create || !document.querySelector('input[autocomplete~=webauthn]')) return;
    if (!(await window.PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const lives = Number(form.dataset.lives);
    for (let ended = true; ended;) {
      await shown();
      ended = false;
      try {
        await renew(lives / 2);
        // The button was pressed meanwhile.
        if (button.disabled) return;
        waiting = new AbortController();
        const { signal: stopped } = waiting;
        const over = setTimeout((ending) => { ended = true; ending.abort(); }, seconds(lives * 0.9) - (Date.now() - drawn), waiting);
        const publicKey = question(form.dataset.options);
        try {
          send(await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: stopped }));
        } finally {
          clearTimeout(over);
        }
      } catch { /* Another way was taken, or the question ended. */ }
    }
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
