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

// A form is sent once: a second click while the first is under way does nothing.
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
  });
}
// Coming back by the back button, the page may be sent again.
addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent; });

// Agreeing needs a moment of looking: a click that was aimed at something else before this page came does not count.
for (const button of document.querySelectorAll('[data-after]')) {
  button.disabled = true;
  setTimeout(() => { button.disabled = false; }, Number(button.dataset.after));
}

// Errors are read first.
document.querySelector('[role=alert]')?.focus();
