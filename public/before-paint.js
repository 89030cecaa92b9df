// Runs before the first paint: the theme that was chosen, and what only a page without script shows.
{
  const root = document.documentElement;
  root.classList.add('scripted');
  // A job is opened by its address. The empty page must not flash before it.
  if (location.hash.length > 1) root.classList.add('elsewhere');
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden. The theme of the system applies.
  }
}
