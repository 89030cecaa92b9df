import { expect, it } from 'vitest';
import { createFlights, type FlightContext, type Labels } from '../../../src/classifier/llm/flights.js';
import type { Question } from '../../../src/classifier/llm/questions.js';

const question = (key: string): Question => ({ key, source: '', message: '' });

/** Flights whose requests end when the test ends them. */
function setUp() {
  const sent: (FlightContext & { land: (labels: Labels) => void; crash: (error: Error) => void })[] = [];
  const flights = createFlights((_, context) => {
    return new Promise((land, crash) => sent.push({ ...context, land, crash }));
  });
  return { flights, sent };
}

it('finds a request by each of its questions until it has ended', async () => {
  const { flights, sent } = setUp();
  const flight = flights.start([question('a'), question('b')]);
  expect(['a', 'b', 'c'].map((key) => flights.find(key))).toEqual([flight, flight, undefined]);
  sent[0]?.land(new Map([['a', 'Error']]));
  expect((await flight.labels).get('a')).toBe('Error');
  expect(['a', 'b'].map((key) => flights.find(key))).toEqual([undefined, undefined]);
});

it('does not find a request that has failed', async () => {
  const { flights, sent } = setUp();
  const flight = flights.start([question('a')]);
  sent[0]?.crash(new Error('a bug'));
  await expect(flight.labels).rejects.toThrow('a bug');
  expect(flights.find('a')).toBeUndefined();
});

it('waits for the latest of those who wait, and gives the request up with the last', () => {
  const { flights, sent } = setUp();
  const flight = flights.start([question('a')]);
  const [early, late] = [flight.join(100), flight.join(300)];
  flight.join(200)();
  expect(sent[0]?.latestDeadline()).toBe(300);
  late();
  expect([sent[0]?.latestDeadline(), sent[0]?.signal.aborted]).toEqual([100, false]);
  expect(flights.find('a')).toBe(flight);
  early();
  expect(sent[0]?.signal.aborted).toBe(true);
  expect(flights.find('a')).toBeUndefined();
});

it('keeps the request that has come in the place of one that was given up', async () => {
  const { flights, sent } = setUp();
  const first = flights.start([question('a')]);
  first.join(100)();
  const second = flights.start([question('a')]);
  sent[0]?.land(new Map());
  await first.labels;
  expect(flights.find('a')).toBe(second);
});
