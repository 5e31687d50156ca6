// The preview follows what is typed and chosen. Without this file a button shows it.
const form = document.querySelector('form[data-preview]');
const frame = document.querySelector('iframe[name=preview]');

const show = () => {
  const said = [...new FormData(form)].filter(([name]) => !['csrf', 'version'].includes(name));
  // In the place of what is shown, so that the way back leads out of the page.
  frame.contentWindow.location.replace(`${form.dataset.preview}?${new URLSearchParams(said)}`);
};

let waiting;
document.addEventListener('input', ({ target }) => {
  if (target.form !== form || target.name === 'width') return;
  clearTimeout(waiting);
  waiting = setTimeout(show, 250);
});
document.querySelector('#show').addEventListener('click', (event) => {
  event.preventDefault();
  show();
});

// A colour can be picked, too.
for (const field of form.querySelectorAll('[data-color]')) {
  const picker = Object.assign(document.createElement('input'), { type: 'color', value: field.value || field.placeholder });
  picker.setAttribute('aria-label', field.dataset.color);
  picker.addEventListener('input', () => {
    field.value = picker.value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  field.addEventListener('input', () => { if (/^#[\da-f]{6}$/i.test(field.value)) picker.value = field.value; });
  field.parentElement.append(picker);
}
