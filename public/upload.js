/** Sends a file as a job and tells how much of it has been sent. fetch() cannot tell that, so this is an XMLHttpRequest. */
import { goneProblem, problemOf } from './server.js';

/**
 * Returns the job.
 * @throws Problem
 */
export function upload(file, query, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/jobs${query}`);
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(problemOf(request.status, request.responseText));
    });
    request.addEventListener('error', () => reject(goneProblem()));
    signal.addEventListener('abort', () => {
      request.abort();
      reject(signal.reason);
    });
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}
