import { expect, it } from 'vitest';
import { ProgressLine } from '../../src/cli/progress-line.js';

function progressOn(isTTY: boolean) {
  const clock = { now: 0 };
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { clock, written, progress: new ProgressLine(stream, () => clock.now) };
}

it('shows the time left at the rate so far', () => {
  const { clock, written, progress } = progressOn(true);
  progress.update('embedding', 10, 100);
  clock.now = 2000;
  progress.update('embedding', 50, 100);
  expect(written).toEqual(['\r\u001b[Kembedding 10/100', '\r\u001b[Kembedding 50/100, 2 s left']);
});

it('ends the line of a step before the next step and at the end', () => {
  const { written, progress } = progressOn(true);
  progress.update('embedding', 5, 5);
  progress.update('fitting', 1, 3);
  progress.end();
  progress.end();
  expect(written.map((text) => text.replace('\r\u001b[K', ''))).toEqual([
    'embedding 5/5, done',
    '\n',
    'fitting 1/3',
    '\n',
  ]);
});

it('writes to a log the first line, one every five seconds, and the last line', () => {
  const { clock, written, progress } = progressOn(false);
  for (let second = 0; second <= 12; second += 1) {
    clock.now = second * 1000;
    progress.update('embedding', second + 1, 13);
  }
  progress.end();
  expect(written).toEqual([
    'embedding 1/13\n',
    'embedding 6/13, 6 s left\n',
    'embedding 11/13, 2 s left\n',
    'embedding 13/13, done\n',
  ]);
});
