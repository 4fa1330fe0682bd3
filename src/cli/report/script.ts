/** The page works without it: it adds the buttons and the filter, and opens what is folded before it is printed. */
export const SCRIPT = `'use strict';
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const said = document.getElementById('copied');

  async function copy(button) {
    const text = button.parentElement.querySelector('pre');
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = 'Copied';
      said.textContent = 'Copied';
    } catch {
      const range = document.createRange();
      range.selectNodeContents(text);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      button.textContent = 'Selected: press Ctrl+C';
      said.textContent = 'The text is selected: press Ctrl+C';
    }
    setTimeout(() => { button.textContent = 'Copy'; said.textContent = ''; }, 3000);
  }
  for (const box of all('.remedy')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', () => copy(button));
    box.append(button);
  }

  const form = document.getElementById('filter');
  const wanted = document.getElementById('filter-text');
  const bad = document.getElementById('filter-bad');
  const count = document.getElementById('filter-count');
  const groups = all('.group').map((group) => {
    const head = group.querySelector('h3').textContent + ' ' + group.querySelector('p').textContent;
    const cards = [...group.querySelectorAll('.card')].map((card) => ({
      card, text: (head + ' ' + card.textContent).toLowerCase(), good: card.matches('.Pass, .Warn'),
    }));
    return { group, cards };
  });
  function filter() {
    const text = wanted.value.trim().toLowerCase();
    let shown = 0;
    let total = 0;
    for (const { group, cards } of groups) {
      let here = 0;
      for (const one of cards) {
        const fits = one.text.includes(text) && !(bad.checked && one.good);
        one.card.hidden = !fits;
        if (fits) here += 1;
      }
      group.hidden = here === 0;
      shown += here;
      total += cards.length;
    }
    count.textContent = shown === total ? '' : shown + ' of ' + total + ' storages';
  }
  if (groups.length > 0) form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', filter);

  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target === null || target.tagName !== 'DETAILS') return;
    if (target.hidden) { wanted.value = ''; bad.checked = false; filter(); }
    target.open = true;
    target.scrollIntoView();
    target.querySelector('summary').focus({ preventScroll: true });
  }
  addEventListener('hashchange', reveal);
  reveal();

  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all('details:not([open])');
    for (const one of opened) one.open = true;
  });
  addEventListener('afterprint', () => { for (const one of opened) one.open = false; });
})();
`;
