// Small comforts of the console. Every page works without this file.

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

// The redirect URI follows the name that is typed.
const slug = document.querySelector('#create #slug');
const uri = document.querySelector('#redirect-uri');
if (slug && uri) {
  const [before, after] = uri.textContent.split(`/upstream/${slug.value}/`);
  if (after) slug.addEventListener('input', () => { uri.textContent = `${before}/upstream/${slug.value}/${after}`; });
}
