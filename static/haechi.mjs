// Small comforts. Every page works without this file.

// A button beside each password that shows what was typed.
for (const field of document.querySelectorAll('[data-reveal]')) {
  const input = field.querySelector('input');
  const button = document.createElement('button');
  button.type = 'button';
  const shown = (yes) => {
    input.type = yes ? 'text' : 'password';
    button.textContent = yes ? field.dataset.hide : field.dataset.reveal;
    button.setAttribute('aria-pressed', String(yes));
  };
  shown(false);
  button.addEventListener('click', () => { shown(input.type === 'password'); input.focus(); });
  field.append(button);
  input.form?.addEventListener('submit', () => shown(false));
}

// A button beside what is to be copied. Browsers let a page copy only where it came over a safe connection: elsewhere there is none.
for (const box of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  const what = box.querySelector('code');
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'button plain', textContent: box.dataset.copy });
  button.setAttribute('aria-live', 'polite');
  button.setAttribute('aria-describedby', what.id);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(what.textContent);
      button.textContent = box.dataset.copied;
    } catch {
      // Not allowed: it is marked, and copied by hand.
      getSelection().selectAllChildren(what);
    }
    setTimeout(() => { button.textContent = box.dataset.copy; }, 2000);
  });
  box.append(button);
}

// Switching the language keeps what was typed, but for secrets: it waits in this tab, and goes nowhere.
const typed = `typed:${document.querySelector('main form[id]')?.id}`;
const fields = () => [...document.querySelectorAll('main form :is(input, select)')].filter((field) =>
  field.id && ['text', 'email', 'url', 'tel', 'checkbox', 'select-one'].includes(field.type) && !field.hidden && !field.closest('[data-reveal]'));
document.querySelector('#languages')?.addEventListener('submit', () => {
  const values = fields().map((field) => [field.id, field.type === 'checkbox' ? field.checked : field.value]);
  sessionStorage.setItem(typed, JSON.stringify(values));
});
const kept = JSON.parse(sessionStorage.getItem(typed) ?? '[]');
sessionStorage.removeItem(typed);
for (const [id, value] of kept) {
  const field = fields().find((one) => one.id === id);
  if (typeof value === 'boolean' && field) field.checked = value; else if (field) field.value = value;
}

// A form is sent once: a second click while the first is under way does nothing. One that is answered with a file leaves its page where it is, and
// may be sent again.
for (const form of document.querySelectorAll('form:not([data-again])')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
  });
}
// Coming back by the back button, the page may be sent again.
addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent; });

// Agreeing needs a moment of looking at this page. A click or a key that was meant for another window, under which this one lay or before
// which it came up, does not count: the moment begins when the window gets the focus, and again each time it does. The button stays
// focusable all along, so that nobody who uses the keyboard loses their place.
for (const button of document.querySelectorAll('[data-after]')) {
  const moment = Number(button.dataset.after);
  let ready = false;
  let meant = true; // whether what is about to click began here, when the button was ready
  let held = false; // whether the key that repeats itself was pressed down here
  let timer;
  const wait = () => {
    clearTimeout(timer);
    ready = held = false;
    button.setAttribute('aria-disabled', 'true');
    if (document.hasFocus() && document.visibilityState === 'visible') timer = setTimeout(open, moment);
  };
  const open = () => { ready = true; button.removeAttribute('aria-disabled'); };
  button.addEventListener('pointerdown', () => { meant = ready; });
  button.addEventListener('keydown', (event) => {
    if (!event.repeat) { meant = ready; held = true; } else if (!held) { meant = false; }
  });
  button.addEventListener('keyup', () => { held = false; });
  button.addEventListener('click', (event) => {
    if (ready && meant) return;
    event.preventDefault();
    if (!held) meant = true;
    if (!ready) { clearTimeout(timer); timer = setTimeout(open, moment); }
  });
  for (const name of ['focus', 'blur', 'pageshow']) addEventListener(name, wait);
  document.addEventListener('visibilitychange', wait);
  wait();
}
