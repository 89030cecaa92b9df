// Runs before the first paint: requests all modules of the page at once. The browser would find them one import after another.
// A page without script loads none of them.
{
  const modules = [
    'agreement',
    'choices',
    'chosen',
    'column-chart',
    'correction-list',
    'corrections',
    'dom',
    'done',
    'downloads',
    'empty',
    'filter-bar',
    'filters',
    'follow-job',
    'headline',
    'how-sure',
    'inspect',
    'job-flow',
    'jobs',
    'kinds',
    'label-bars',
    'labels',
    'lines',
    'message-text',
    'opened-kind',
    'over-time',
    'problem-panel',
    'results',
    'running',
    'server',
    'sources',
    'state',
    'stopped',
    'theme',
    'title',
    'typed-lines',
    'upload',
    'why',
    'words',
    'wrong',
  ];
  for (const name of modules) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = `/${name}.js`;
    document.head.append(link);
  }
}
