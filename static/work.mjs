// Has the browser work for the next guess, beside the page, and sends the form when that is done: nothing has to be typed twice. What was typed stays in the form, which
// is sent as any other is. Where this file does not run, the page says how long to wait instead.

const state = document.querySelector('#work-state');
const form = state.closest('form');
const field = () => form.elements.namedItem('work');
let working; // what is worked for, until the form was sent
let sent = false;
let ready = false;

const work = (challenge, bits) => new Promise((done) => {
  state.textContent = state.dataset.busy;
  const worker = new Worker(state.dataset.worker, { type: 'module' });
  const end = (says) => { worker.terminate(); state.textContent = says; done(); };
  worker.addEventListener('message', ({ data }) => {
    field().value = `${challenge}.${data}`;
    end(state.dataset.done);
  });
  // The page that comes back says what to do then.
  worker.addEventListener('error', () => end(''));
  worker.postMessage({ challenge, bits });
});

// Whose password it will be is known once the form is sent. It is asked for with the name, and with nothing else that was typed.
const ask = async () => {
  const said = new URLSearchParams({ ask: 'work' });
  for (const name of ['csrf', 'flow', 'email']) {
    const value = form.elements.namedItem(name)?.value;
    if (value) said.set(name, value);
  }
  try {
    const answer = await fetch(form.action, { method: 'POST', body: said, redirect: 'error', signal: AbortSignal.timeout(5000) });
    if (answer.status !== 200) return;
    const { challenge, bits } = await answer.json();
    if (!field()) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'work' }));
    field().value = challenge;
    await work(challenge, bits);
  } catch {
    // It is sent as it is.
  }
};

const asked = field();
if (asked && asked.value.includes('.')) {
  // The work is done, and was not spent: nobody looked at what was sent.
  ready = true;
} else if (asked) {
  working = work(asked.value, Number(asked.dataset.bits));
  // Done before anybody sends it: nothing stands in the way of the form any more.
  working.then(() => { ready = !sent; });
}

// Looked at before anything else looks at the form.
document.addEventListener('submit', async (event) => {
  if (event.target !== form || ready || event.submitter?.name === 'mail') return;
  if (!working && !('asks' in state.dataset)) return;
  event.preventDefault();
  event.stopPropagation();
  if (sent) return;
  sent = true;
  const button = event.submitter ?? form.querySelector('button:not([type=button])');
  button.setAttribute('aria-disabled', 'true');
  await (working ?? ask());
  // A form that is being sent is not sent again from within (HTML, "firing submission events"): this waits until it is not.
  await new Promise((next) => { setTimeout(next); });
  button.removeAttribute('aria-disabled');
  ready = true;
  form.requestSubmit(button);
}, { capture: true });

// Coming back by the back button, what was worked for is spent.
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  sent = ready = false;
  working = undefined;
  field()?.remove();
  state.textContent = '';
});
