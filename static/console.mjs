// Small comforts of the console. Every page works without this file.

// A button beside what is to be copied.
for (const box of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button plain small';
  button.textContent = box.dataset.copy;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(box.querySelector('code').textContent);
    button.textContent = box.dataset.copied;
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
