// Has the browser work for the next guess, beside the page, while somebody types. Where this file does not run, the page says how long to wait instead.

const field = document.querySelector('#work');
const { form } = field;
const state = document.querySelector('#work-state');
const say = (text) => { state.textContent = text; };
let done = false;
let sent;

say(field.dataset.busy);
const worker = new Worker(field.dataset.worker, { type: 'module' });
worker.addEventListener('message', ({ data }) => {
  field.value = `${field.value}.${data}`;
  done = true;
  say(field.dataset.done);
  worker.terminate();
  if (sent) form.requestSubmit(sent);
});
worker.postMessage({ challenge: field.value, bits: Number(field.dataset.bits) });

// Sent before the work is done, the form waits for it. Looked at before anything else looks at the form.
document.addEventListener('submit', (event) => {
  if (event.target !== form || done) return;
  event.preventDefault();
  event.stopPropagation();
  sent = event.submitter ?? form.querySelector('button:not([type=button])');
  sent.setAttribute('aria-disabled', 'true');
  state.focus?.();
}, { capture: true });
