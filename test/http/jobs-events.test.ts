import { once } from 'node:events';
import { get as open, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildWithJobs } from '../support/jobs.js';
import { deferred } from '../support/stub-classifier.js';
import { until } from '../support/until.js';

const CSV = 'source,log_message\nA,one\nB,two\n';

/** An application with jobs that listens. */
async function listening() {
  const built = await buildWithJobs();
  const url = await built.app.listen({ host: '127.0.0.1', port: 0 });
  const follow = async (id: string, headers: Record<string, string> = {}): Promise<IncomingMessage> => {
    const request = open(`${url}/jobs/${id}/events`, { headers, agent: false });
    onTestFinished(() => void request.destroy());
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };
  return { ...built, follow };
}

function eventsOf(stream: string): { id: string; state: string; rows: number }[] {
  return [...stream.matchAll(/id: (.*)\nevent: job\ndata: (.*)\n\n/g)].map(([, id = '', data = '']) => ({
    ...(JSON.parse(data) as { state: string; rows: number }),
    id,
  }));
}

describe('GET /jobs/{id}/events', () => {
  it('sends the state now and after changes, and ends with the job', async () => {
    const { classifier, post, follow } = await listening();
    const gate = deferred();
    classifier.gate = gate.promise;
    const { id } = (await post(CSV)).json<{ id: string }>();
    await until(() => classifier.asked.length > 0);
    const response = await follow(id);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const [first] = (await once(response.setEncoding('utf8'), 'data')) as [string];
    gate.resolve();
    const events = eventsOf(first + (await text(response)));
    expect(events[0]?.state).toBe('running');
    expect(events.at(-1)).toMatchObject({ state: 'done', rows: 2 });
  });

  it('does not repeat the state that the client has', async () => {
    const { finish, follow } = await listening();
    const id = (await finish(CSV)).slice(6);
    const [event] = eventsOf(await text(await follow(id)));
    expect(event?.state).toBe('done');
    const again = await follow(id, { 'last-event-id': event?.id ?? '' });
    // 204 tells a browser not to connect again.
    expect([again.statusCode, await text(again)]).toEqual([204, '']);
    const old = await follow(id, { 'last-event-id': 'running-0-0' });
    expect(eventsOf(await text(old))).toMatchObject([{ state: 'done' }]);
  });

  it('ends when the job is deleted', async () => {
    const { app, classifier, post, follow } = await listening();
    classifier.gate = deferred().promise;
    const { id } = (await post(CSV)).json<{ id: string }>();
    const response = await follow(id);
    const all = text(response);
    await app.inject({ method: 'DELETE', url: `/jobs/${id}` });
    expect(eventsOf(await all).length).toBeGreaterThan(0);
  });

  it('ends when the server closes', async () => {
    const { app, classifier, post, follow } = await listening();
    classifier.gate = deferred().promise;
    const { id } = (await post(CSV)).json<{ id: string }>();
    const all = text(await follow(id));
    const closed = app.close();
    expect(eventsOf(await all)).toHaveLength(1);
    await closed;
  });
});
