/** The empty page: a file is dropped, picked or pasted, lines are typed, or the sample is tried. */
import { choose, start } from './job-flow.js';
import { watch } from './state.js';
import { prepareTypedLines } from './typed-lines.js';
import { longSpan } from './words.js';

/** Makes the form of index.html take files without leaving the page. Files are also taken anywhere on it. */
export function prepareEmpty() {
  const input = document.getElementById('file');
  const drop = document.getElementById('drop');
  document.getElementById('choose').classList.add('button');
  const take = (files) => files?.length > 0 && choose(files[0]);

  input.addEventListener('change', () => {
    take(input.files);
    // The same file may be chosen again.
    input.value = '';
  });
  drop.addEventListener('click', (event) => {
    if (event.target === drop || event.target.closest('p') !== null) input.click();
  });
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    drop.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    drop.classList.remove('over');
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  document.addEventListener('paste', ({ clipboardData }) => take(clipboardData.files));
  document.getElementById('sample').addEventListener('click', () => void trySample());
  prepareTypedLines();
  watch(['server'], showPrivacy);
}

/** Labels the sample at once: who tries it has nothing to choose. */
async function trySample() {
  const answer = await fetch('/sample.csv').catch(() => undefined);
  choose(new File(answer?.ok ? [await answer.blob()] : [], 'sample.csv', { type: 'text/csv' }));
  await start();
}

function showPrivacy({ server }) {
  if (server === null) return;
  const { llm_sources: sources, kept_seconds: kept } = server;
  const llm =
    sources.length > 0
      ? `Lines of ${sources.join(', ')} go to the LLM of Groq, with secrets and personal data masked. All other lines stay on this server.`
      : 'Nothing leaves this server.';
  document.getElementById('privacy').textContent =
    `${llm} Results are kept for ${longSpan(kept)}; you can delete them before, under Jobs.`;
}
