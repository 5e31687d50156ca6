// Small comforts of the console. Every page works without this file.

// The redirect URI follows the name that is typed.
const slug = document.querySelector('#create #slug');
const uri = document.querySelector('#redirect-uri');
if (slug && uri) {
  const [before, after] = uri.textContent.split(`/upstream/${slug.value}/`);
  if (after) slug.addEventListener('input', () => { uri.textContent = `${before}/upstream/${slug.value}/${after}`; });
}

// A dialog before what is not taken back lightly. Without this file the button does what it says at once: a recent proof is asked for anyway.
for (const button of document.querySelectorAll('button[data-ask]')) {
  button.addEventListener('click', (event) => {
    event.preventDefault();
    const dialog = Object.assign(document.createElement('dialog'), { className: 'ask' });
    const text = Object.assign(document.createElement('p'), { textContent: button.dataset.ask, id: 'asked' });
    dialog.setAttribute('aria-labelledby', text.id);
    const choices = Object.assign(document.createElement('div'), { className: 'ends' });
    const choice = (label, look, does) => {
      const made = Object.assign(document.createElement('button'), { type: 'button', className: `button ${look}`, textContent: label });
      made.addEventListener('click', () => { dialog.close(); does(); });
      return made;
    };
    const cancel = choice(document.body.dataset.cancel, 'plain', () => button.focus());
    // Enter, Enter does nothing.
    cancel.autofocus = true;
    choices.append(choice(button.textContent, 'danger', () => button.form.requestSubmit(allowed(button))), cancel);
    dialog.append(text, choices);
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
}

// The same button, which asks no more.
function allowed(button) {
  const twin = button.cloneNode(true);
  delete twin.dataset.ask;
  twin.removeAttribute('id');
  twin.hidden = true;
  button.after(twin);
  return twin;
}

// Of a list from which several rows are chosen: a box that chooses all of the page, and how many are chosen. The list may be another by then: it is asked
// where something happens.
function several(form) {
  const boxes = [...form.elements].filter((box) => box.matches('td.pick input, label.pick input'));
  const chosen = boxes.filter((box) => box.checked).length;
  const all = form.querySelector('th.pick input');
  if (all) Object.assign(all, { checked: chosen > 0 && chosen === boxes.length, indeterminate: chosen > 0 && chosen < boxes.length });
  for (const told of form.querySelectorAll('[data-chosen]')) told.textContent = chosen > 0 ? told.dataset.chosen.replace('{n}', chosen) : '';
}
document.addEventListener('change', ({ target }) => {
  const cell = target.closest('.pick');
  if (!cell || !target.form) return;
  if (cell.matches('th')) for (const box of target.form.querySelectorAll('td.pick input')) box.checked = target.checked;
  several(target.form);
});
// The box works from here on; and a browser may have remembered what was chosen.
function choosable(within) {
  for (const box of within.querySelectorAll('th.pick input')) {
    box.closest('label').hidden = false;
    several(box.form);
  }
}
choosable(document);

// On a phone the tabs go beyond the edge: the one that is open is seen.
document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

// A list follows what is typed and chosen: what the page of that address has is put in its place.
for (const form of document.querySelectorAll('form[data-live]')) {
  let waiting;
  let latest = 0;
  const follow = async () => {
    const number = (latest += 1);
    const address = new URL(form.action || location.href);
    address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
    const answer = await fetch(address, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (!answer?.ok || answer.redirected || number !== latest) return;
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(form.dataset.live);
    if (!found || number !== latest) return;
    document.getElementById(form.dataset.live).replaceWith(found);
    choosable(found);
    history.replaceState(undefined, '', address);
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(follow, 200); };
  form.addEventListener('input', soon);
}

// Ctrl-K, or ⌘K: the search as a palette over the page. It shows what the page of the search has.
const find = document.querySelector('#find');
document.addEventListener('keydown', (event) => {
  if (!find || event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (!document.querySelector('dialog.palette')) palette();
});

function palette() {
  const dialog = Object.assign(document.createElement('dialog'), { className: 'palette' });
  const label = find.querySelector('label').textContent;
  dialog.setAttribute('aria-label', label);
  const input = Object.assign(document.createElement('input'), { type: 'search', placeholder: label, maxLength: 200, autocomplete: 'off', spellcheck: false });
  input.setAttribute('aria-label', label);
  const results = Object.assign(document.createElement('div'), { className: 'results' });
  results.setAttribute('aria-live', 'polite');
  let latest = 0;
  const look = async () => {
    const number = (latest += 1);
    const address = new URL(find.action);
    address.search = new URLSearchParams({ q: input.value });
    const answer = await fetch(address, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (!answer?.ok || number !== latest) return;
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#results');
    if (!found || number !== latest) return;
    found.removeAttribute('id');
    results.replaceChildren(found);
  };
  let waiting;
  input.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(look, 150); });
  dialog.addEventListener('keydown', (event) => {
    const links = [...results.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    if (event.key === 'ArrowDown') links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') (at > 0 ? links[at - 1] : input).focus();
    else if (event.key === 'Enter' && document.activeElement === input) links[0]?.click();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  // The browser gives the focus back to what had it.
  dialog.addEventListener('close', () => dialog.remove());
  dialog.append(input, results);
  document.body.append(dialog);
  dialog.showModal();
  look();
}

// New entries of the audit log appear at the top, as long as somebody follows. Without this file the page is loaded again.
for (const rows of document.querySelectorAll('[data-events]')) {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button plain small', textContent: rows.dataset.follow, id: 'follow' });
  button.setAttribute('aria-pressed', 'false');
  let events;
  const stop = () => {
    events?.close();
    events = undefined;
    button.setAttribute('aria-pressed', 'false');
    button.textContent = rows.dataset.follow;
  };
  button.addEventListener('click', () => {
    if (events) return stop();
    events = new EventSource(rows.dataset.events);
    events.addEventListener('message', ({ data }) => rows.insertAdjacentHTML('afterbegin', data));
    // It connects again by itself where a stream ended, and gives up where it was refused.
    events.addEventListener('error', () => { if (events?.readyState === EventSource.CLOSED) stop(); });
    button.setAttribute('aria-pressed', 'true');
    button.textContent = rows.dataset.stop;
  });
  // Behind what is there already, which stays where it is.
  document.querySelector('#ends')?.append(button);
}

// Redirect URIs are checked while they are typed, by the rule that they are registered by. Without this file they are when the form is sent.
for (const form of document.querySelectorAll('form[data-uris]')) {
  for (const field of form.querySelectorAll('#redirect_uris, #post_logout_redirect_uris')) checked(field, form.dataset.uris);
}

function checked(field, asking) {
  const problems = new Map();
  const said = Object.assign(document.createElement('p'), { className: 'problem', id: `${field.id}-typed`, hidden: true });
  said.setAttribute('aria-live', 'polite');
  field.after(said);
  const ask = async (uri) => {
    const address = new URL(asking, document.baseURI);
    address.searchParams.set('uri', uri);
    const answer = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => undefined);
    if (answer?.ok) problems.set(uri, (await answer.json()).problem ?? '');
  };
  let waiting;
  let latest = 0;
  const look = async () => {
    const number = (latest += 1);
    const uris = [...new Set(field.value.split('\n').map((line) => line.trim()).filter(Boolean))];
    for (const uri of uris.filter((uri) => !problems.has(uri))) {
      await ask(uri);
      if (number !== latest) return;
    }
    const wrong = uris.filter((uri) => problems.get(uri));
    said.replaceChildren(...wrong.flatMap((uri) => [`${uri}: ${problems.get(uri)}`, document.createElement('br')]).slice(0, -1));
    said.hidden = wrong.length === 0;
    // What was said of the form as it was sent is no longer so.
    document.getElementById(`${field.id}-problem`)?.remove();
    field.setAttribute('aria-invalid', String(wrong.length > 0));
    field.setAttribute('aria-describedby', wrong.length > 0 ? said.id : `${field.id}-hint`);
  };
  field.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(look, 400); });
}
