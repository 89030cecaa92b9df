// Runs before the first paint of /docs: Swagger UI is dark where our pages are.
{
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () =>
    root.classList.toggle(
      'dark-mode',
      (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark',
    );
  system.addEventListener('change', apply);
  apply();
}
