import { describe, expect, it } from 'vitest';
import { messagesOf, readLines } from './support.js';

const list = (id: number) =>
  `TimeCreated  : 11/26/2026 5:00:0${id} AM\nId           : ${id}\nMessage      : Volume ${id} is\n               \n               full.`;
const event = (id: number, colon = ':') =>
  `Event[${id}]${colon}\n  Log Name: System\n  Source: Disk\n  Level: Error\n  Description: \nVolume ${id} is\n\nfull.`;

describe('Each block is a record', () => {
  it.each([
    ['of Get-WinEvent | Format-List', list],
    ['of wevtutil qe /f:text', event],
    ['of wevtutil qe /f:text without a colon', (id: number) => event(id, '')],
  ])('%s, as it stood', async (_, block) => {
    for (const ending of ['\n', '\r\n']) {
      const blocks = [1, 2, 3].map((id) => block(id).replaceAll('\n', ending));
      const text = `${ending}${ending}${blocks.join(ending + ending)}${ending}${ending}`;
      expect(await messagesOf(text)).toEqual(blocks);
    }
  });

  it('even if it is the only one of an event', async () => {
    expect(await messagesOf(`\n${list(1)}\n`)).toEqual([list(1)]);
  });

  it('but each line is with multiline=off', async () => {
    const { records } = await readLines(event(1), { multiline: false });
    expect(records).toHaveLength(7);
  });
});

it.each([
  ['levels', 'INFO  : Pool is full\nERROR : Order 5 failed\n\nINFO  : Pool is free'],
  ['names without another block', 'Pay  : Order 5 failed\nPool : Pool is full'],
  ['the same names again and again', 'pay : Order 5 failed\npay : Order 6 failed\n\npay : Order 7 failed'],
  ['a colon behind a time', '05:00 : a\n05:01 : b\n\n05:00 : c'],
  ['an event without fields', 'Event[1]:\nPool is full\nEvent[2]:\nPool is free'],
])('Lines with %s stay records of their own', async (_, text) => {
  expect(await messagesOf(text)).toEqual(text.split(/\n+/));
});
