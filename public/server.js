/** Asks the server, and makes a Problem of every failure. */

/** A failure with the fields of the server's problem+json. `gone`: the server did not answer. */
export class Problem extends Error {
  constructor({ code, title, detail, status, ...place }) {
    super(detail);
    Object.assign(this, place);
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.status = status;
  }
}

/** Returns the problem of a server that does not answer. */
export function goneProblem() {
  return new Problem({
    code: 'gone',
    title: 'The server does not answer',
    detail:
      'It may have stopped, or the network is down. Nothing is lost: the file is still here, and a job goes on when the server is back.',
  });
}

/** Returns the problem in the text of an answer. */
export function problemOf(status, text) {
  try {
    const fields = JSON.parse(text);
    if (typeof fields.code === 'string') return new Problem(fields);
  } catch {
    // A proxy may answer with a page of its own.
  }
  return new Problem({
    code: 'internal',
    title: 'The server failed',
    detail: `It answered with status ${status}.`,
    status,
  });
}

/**
 * Returns the JSON of an answer; undefined for an empty one.
 * @throws Problem; AbortError when the signal aborts
 */
export async function ask(path, { method = 'GET', body, json, signal } = {}) {
  const headers = { accept: 'application/json' };
  if (json !== undefined) headers['content-type'] = 'application/json';
  const sent = json === undefined ? body : JSON.stringify(json);
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: sent, signal });
    const text = await answer.text();
    if (answer.ok) return text === '' ? undefined : JSON.parse(text);
    throw problemOf(answer.status, text);
  } catch (error) {
    if (error instanceof Problem || error.name === 'AbortError') throw error;
    throw goneProblem();
  }
}

/** Whether an address does not exist on this server. */
export function isMissing(problem) {
  return problem.code === 'not_found' || problem.code === 'method_not_allowed';
}

/** Returns a query with the values that are set. Lists become repeated parameters. */
export function queryOf(values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat())
      if (one !== null && one !== undefined && one !== '') query.append(name, one);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
