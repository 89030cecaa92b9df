import { describe, expect, it } from 'vitest';
import { messagesOf } from './support.js';

/** Checks that records, joined by LF, come back as these records. */
async function expectRecords(...records: string[]): Promise<void> {
  expect(await messagesOf(`${records.join('\n')}\n`)).toEqual(records);
}

describe('a stack trace belongs to the line before it', () => {
  it('in Java', () =>
    expectRecords(
      '2026-11-26 05:00:00 ERROR Pay failed',
      '2026-11-26 05:00:01 ERROR Pay failed again\njava.lang.IllegalStateException: closed\n\tat a.b.Pay.run(Pay.java:12)\n\t... 3 more\nCaused by: java.io.IOException: reset\n\tat a.b.Net.read(Net.java:7)\n\tSuppressed: java.lang.Error: x\n\t\tat a.B.c(B.java:1)',
      '2026-11-26 05:00:02 INFO Next',
    ));

  it('in Java without indentation', () =>
    expectRecords(
      'Pay failed: java.lang.Error\nat a.b.Pay.run(Pay.java:12)\nat java.base/java.lang.Thread.run(Thread.java:833)\n... 3 more',
      'Next',
    ));

  it('in Python, with chained exceptions', () =>
    expectRecords(
      'ERROR:pay:Refused\nTraceback (most recent call last):\n  File "/a/b.py", line 3, in run\n    d[\'x\']\n    ~^^^^^\nKeyError: \'x\'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "/a/b.py", line 9, in main\n    run()\npay.errors.PayError: refused',
      'INFO:pay:Next',
      'Done: all paid',
    ));

  it('in Go', () =>
    expectRecords(
      'panic: runtime error: index out of range [3]\n\ngoroutine 1 [running]:\nmain.(*Pay).run(0xc00001, 0x3)\n\t/a/pay.go:12 +0x1d\nmain.main()\n\t/a/main.go:7 +0x2b\n\ngoroutine 18 [chan receive, 2 minutes]:\nmain.wait(...)\n\t/a/wait.go:3\ncreated by main.main in goroutine 1\n\t/a/main.go:5 +0x45\nexit status 2',
      'Starting again',
    ));

  it('in Node', () =>
    expectRecords(
      'TypeError: x is not a function\n    at run (/a/pay.js:12:3)\n    at node:internal/timers:9:1 {\n  code: 1\n}',
      'TypeError: y is not a function\n    at run (/a/pay.js:12:3)',
    ));

  it('in .NET', () =>
    expectRecords(
      'fail: Pay[0]\n      Refused\nSystem.InvalidOperationException: closed\n ---> System.IO.IOException: reset\n   at Pay.Net.Read() in C:\\a\\Net.cs:line 7\n   --- End of inner exception stack trace ---\n--- End of stack trace from previous location ---\n   at Pay.Run()',
      'info: Pay[0]\n      Next',
    ));

  it('in PHP', () =>
    expectRecords(
      '[26-Nov-2026 05:00:00 UTC] PHP Fatal error:  Uncaught Exception: x in /a/b.php:3\nStack trace:\n#0 /a/c.php(12): run()\n#1 {main}\n  thrown in /a/b.php on line 3',
      '[2026-11-26 05:00:00] production.ERROR: x {"exception":"y\n[stacktrace]\n#0 /a/c.php(12): run()\n#1 {main}',
    ));

  it('in Ruby', () =>
    expectRecords(
      "E, [2026-11-26T05:00:00.1 #7] ERROR -- : refused (PayError)\n/a/pay.rb:12:in `run'\n/a/main.rb:3:in `<main>'",
      "/a/pay.rb:12:in `run': refused (PayError)\n\tfrom /a/main.rb:3:in `<main>'",
    ));

  it.each(['2026-11-26T05:00:00.123456789Z ', '2026-11-26T05:00:00.12345678+01:00 stderr F '])(
    'with the time of a container in front of each line: %s',
    (time) =>
      expectRecords(
        `${time}ERROR Pay failed\n${time}java.lang.Error: closed\n${time}\tat a.b.Pay.run(Pay.java:12)\n${time}Caused by: x`,
        `${time}ERROR:pay:Refused\n${time}Traceback (most recent call last):\n${time}  File "/a/b.py", line 3\n${time}    d['x']\n${time}KeyError: 'x'`,
        `${time}Next`,
        `${time} INFO aligned`,
        `${time}10.0.0.1 - - "GET /"`,
      ),
  );

  it('in Rust', () =>
    expectRecords(
      "thread 'main' panicked at src/main.rs:2:5:\nrefused\nnote: run with `RUST_BACKTRACE=1`\nstack backtrace:\n   0: std::panic\n             at /rustc/x",
      'Next',
    ));
});

describe('a line is a record of its own', () => {
  it.each([
    ['an exception without frames', 'java.lang.IllegalStateException: closed'],
    ['a sentence that begins with at', 'at 10:00(UTC) the job began'],
    ['a step of a build', '#5 [2/4] RUN make'],
    ['an indented line with its own time', '  2026-11-26 05:00:03 ERROR x'],
    ['an indented line with its own priority', ' <34>x'],
    ['an indented kernel time', ' [   12.345678] usb 1-1: x'],
    ['a level that is aligned to the right', ' WARN [main] x'],
    ['a level behind a Java frame', 'ERROR x'],
    ['an address', '10.0.0.1 - - [26/Nov/2026:05:00:00 +0000] "GET /"'],
    ['a panic', 'panic: x'],
    ['a bracket', '[main] x'],
    ['an error', 'Error while reading'],
  ])('%s', async (_, line) => {
    await expectRecords('2026-11-26 05:00:00 INFO x', line, '2026-11-26 05:00:04 INFO y');
    await expectRecords('x\n\tat a.b.C(D.java:1)', line, 'y');
  });

  it('an exception behind a line without a time', () =>
    expectRecords('Retrying', 'java.lang.Error: closed\n\tat a.b.C(D.java:1)'));
});

describe('indented lines and closing brackets', () => {
  it('belong to the line before', () =>
    expectRecords('Settings {\n  port: 80\n}', 'Reading [\n\t1\n]', 'call(\n)', 'next'));

  it('mean nothing if the file begins with indented lines only', () =>
    expectRecords('  first', '  second {\n  }', '\tthird'));

  it('belong together at the start of a file that cuts a stack trace', () =>
    expectRecords('\tat a.b.C(D.java:1)\n\tat a.b.E(F.java:1)', 'next\n\tat a.b.C(D.java:1)'));
});

it('java.util.logging writes the text of a record on a second line', () =>
  expectRecords(
    'Nov 26, 2026 5:00:00 AM a.b.Pay run\nSEVERE: refused\njava.lang.Error: x\n\tat a.b.C(D.java:1)',
    'Nov 26, 2026 5:00:01 AM a.b.Pay run\nINFO: paid',
  ));

it('a blank line belongs to a record only if a continuation follows', async () => {
  expect(await messagesOf('a\n\n  b\n \n\nc\n\n')).toEqual(['a\n\n  b', 'c']);
});

it('multiline=false makes every line a record', async () => {
  expect(await messagesOf('a\n  b\n\n}\n', { multiline: false })).toEqual(['a', '  b', '}']);
});

describe('a line that containerd has split', () => {
  const at = (ms: number, rest: string) =>
    `2026-11-26T05:00:00.${String(ms).padStart(3, '0')}000007Z ${rest}`;

  it('is one record, from its first part to its end', () =>
    expectRecords(
      at(1, 'stdout F Pool is full'),
      [
        at(2, 'stdout P Order 5 has the li'),
        at(3, 'stdout P 2026-11-26 05:00 '),
        at(4, 'stdout F nes 1'),
      ].join('\n'),
      at(5, 'stdout F Pool is free'),
    ));

  it('ends with an empty rest, and with shorter times', () =>
    expectRecords(
      '2026-11-26T05:00:00.12Z stderr P Order 5\n2026-11-26T05:00:00.13Z stderr F ',
      '2026-11-26T05:00:00.14Z stderr F Order 6',
    ));

  it('is not joined with a line of the other stream, nor with one behind a blank line', () =>
    expectRecords(
      at(1, 'stdout P Order 5 has'),
      at(2, 'stderr F Pool is full'),
      at(3, 'stdout P Order 6 has'),
      'Pool is free',
    ));

  it('keeps the frames behind it', () =>
    expectRecords(
      [
        at(1, 'stderr P Error: Or'),
        at(2, 'stderr F der 5 failed'),
        at(3, 'stderr F     at run (/a/b.js:1:2)'),
      ].join('\n'),
      at(4, 'stderr F Pool is full'),
    ));
});
