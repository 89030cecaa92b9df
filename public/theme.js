/** Light, dark or as the system. before-paint.js applies the choice before the first paint. */

const THEMES = ['', 'light', 'dark'];
const NAMES = { '': 'System', light: 'Light', dark: 'Dark' };

/** Makes the button in the header change the theme. */
export function prepareTheme() {
  const button = document.getElementById('theme');
  const root = document.documentElement;
  const show = () => {
    const theme = root.dataset.theme ?? '';
    button.textContent = NAMES[theme];
    button.setAttribute('aria-label', `Theme: ${NAMES[theme]}`);
  };
  button.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? '') + 1) % THEMES.length];
    if (next === '') delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem('theme', next);
    } catch {
      // Without storage the choice lasts until the page is left.
    }
    show();
  });
  show();
}
