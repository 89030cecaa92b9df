import type { BlockStart } from './blocks.js';
import { startsIndentedRecord, startsRecord } from './record-start.js';
import { PREFIX_CHARS } from './timestamp.js';

/**
 * How a line relates to the record before it.
 * - `record`: it begins a new record.
 * - `part`: it continues the record.
 * - `frame`: it continues the record, and it is a frame of a stack trace.
 * - `exception`: it names an exception. It continues the record if a frame follows; see `RecordAssembler`.
 */
export type LineRole = 'record' | 'part' | 'frame' | 'exception';

/** Frames of Java, .NET and Node without their indentation: `at a.b.C(D.java:1)`, `at f (/a/b.js:1:2)`. */
const javaFrame =
  /^at (?:async |new )?(?:[A-Za-z_$<][^\s(]{0,150}\(|(?:[^\s(]{1,80} ){1,3}?\((?:[^()]{1,100}:\d+:\d+\)|native\)|<anonymous>\))|(?:file:|node:|\/|[A-Za-z]:\\)\S{1,150}:\d+)/;
const moreFrames = /^\.\.\. \d+ (?:more|common frames omitted)/;
/** Frames of PHP (`#0 /a/b.php(12): f()`, `#1 {main}`) and of debuggers (`#0  0x00007f in f ()`). */
const numberedFrame = /^#\d{1,4} {1,2}(?:\/|[A-Za-z]:\\|\{main\}|\[internal function\]|0x)/;
/** Frames of Ruby: ``/a/b.rb:12:in `f'``. The line of the error itself has a message behind the method. */
const rubyFrame = /^(?:from )?\S{1,150}\.rb:\d+:in [`'][^`']{1,40}'$/;
const indentedFrame = /^(?:at |\.\.\. \d|File "|from |#\d|-{3}>? |\d{1,4}: )/;

/** Lines that only ever continue a record. */
const joint =
  /^(?:Caused by: |Suppressed: |Wrapped by: |--- End of |-{3}> |Stack trace:|\[stacktrace\]|\[previous exception\]|stack backtrace:|note: run with `RUST_BACKTRACE|thrown in |The above exception was the direct cause|During handling of the above exception|Traceback \(most recent call last\):|\[signal SIG|goroutine \d+ (?:\S+ )*?\[)/;
/** The characters with which a joint begins. */
const jointStarts = new Set(Array.from('CSW-[snTtDg', (character) => character.charCodeAt(0)));

/** `java.lang.IllegalStateException`, `TypeError`, `System.IO.IOException`, `Error`. */
const exceptionName =
  /^(?:[A-Za-z_$][\w$]{0,60}[.\\]){0,12}(?:[A-Z][\w$]{0,60})?(?:Exception|Error|Throwable|Failure|Fault)$/;

const tracebackHead = 'Traceback (most recent call last):';
/** The last line of a Python traceback: `KeyError: 'x'`, `KeyboardInterrupt`. */
const pythonError = /^[A-Za-z_][\w.]{0,150}(?::|$)/;

const goroutine = /^goroutine \d+ (?:\S+ )*?\[/;
const goFunction = /^(?:created by )?[\w./*()[\]{}·~@%$-]{1,180}(?:\(|$| in goroutine )/;
const goEnd = /^(?:created by |exit status \d|r[a-z0-9]{1,5} {2,}0x|(?:eflags|cs|fs|gs) {2,}0x)/;

/** Heads whose text stands on the next line: java.util.logging (`Nov 26, 2026 5:00:00 AM a.B run`) and Rust's panics. */
const headOfNextLine =
  /^(?:[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M [\w.$]{1,90} [\w$<>]{1,60}$|thread '[^']{1,80}'(?: \(\d+\))? panicked at \S{1,90}:$)/;

const space = 32;
const tab = 9;

/** Tells lines that continue a record from lines that begin one. It reads the lines of a file in order. */
export class ContinuationRules {
  /** What the lines before announce. */
  #expecting: 'python-error' | 'go-functions' | 'text' | undefined;
  /** The stream whose line goes on: containerd splits long lines. */
  #splitStream: string | undefined;

  #isAfterBlank = true;

  /**
   * @param indentationMatters whether an indented line continues the record before
   * @param startsBlock tells where the records of a file of blocks begin; undefined for other files
   */
  constructor(
    private readonly indentationMatters: boolean,
    private readonly startsBlock?: BlockStart,
  ) {}

  /** Whether the line that was read last is a head whose text stands on the next line. */
  get expectsText(): boolean {
    return this.#expecting === 'text';
  }

  /**
   * Returns the role of the next line, which is not blank. Containers put a time in front of every line, also of a stack
   * frame, so the text behind it tells.
   */
  roleOf(line: string): LineRole {
    const isAfterBlank = this.#isAfterBlank;
    this.#isAfterBlank = false;
    if (this.startsBlock !== undefined) return this.startsBlock(line, isAfterBlank) ? 'record' : 'part';
    const prefix = containerPrefixOf(line);
    const text = line.slice(prefix?.[0].length ?? 0);
    const [, stream, tag] = prefix ?? [];
    const isRest = stream !== undefined && stream === this.#splitStream;
    this.#splitStream = tag === 'P' ? stream : undefined;
    // What a rest begins with says nothing: the line was split anywhere.
    if (isRest) return 'part';
    const role = this.#roleOf(text);
    this.#lookAhead(text, role);
    return role;
  }

  /** Takes note of a blank line. It ends what the lines before announced. */
  blank(): void {
    this.#isAfterBlank = true;
    this.#expecting = undefined;
    this.#splitStream = undefined;
  }

  #roleOf(line: string): LineRole {
    const first = line.charCodeAt(0);
    if (first === space || first === tab) {
      const start = line.slice(0, PREFIX_CHARS);
      if (this.indentationMatters) {
        if (startsIndentedRecord(start)) return 'record';
        return indentedFrame.test(start.trimStart()) ? 'frame' : 'part';
      }
      return this.#unindentedRole(start.trimStart());
    }
    // Most lines of most files begin with a digit. None of the patterns does.
    if (first >= 0x30 && first <= 0x39) return 'record';
    return this.#unindentedRole(line.length > PREFIX_CHARS ? line.slice(0, PREFIX_CHARS) : line);
  }

  #unindentedRole(start: string): LineRole {
    switch (this.#expecting) {
      case 'python-error':
        if (pythonError.test(start) && !startsRecord(start)) return 'part';
        break;
      case 'go-functions':
        if (goEnd.test(start) || (goFunction.test(start) && !startsRecord(start))) return 'part';
        break;
      case 'text':
        if (!startsWithDigit(start)) return 'part';
        break;
      case undefined:
    }
    if (isFrame(start)) return 'frame';
    const first = start.charCodeAt(0);
    if (isClosing(first) || (jointStarts.has(first) && joint.test(start))) return 'part';
    return namesException(start) ? 'exception' : 'record';
  }

  #lookAhead(line: string, role: LineRole): void {
    if (line.endsWith(tracebackHead)) this.#expecting = 'python-error';
    else if (role === 'frame' || (role === 'part' && isIndented(line))) return;
    else if (line.startsWith('goroutine ') && goroutine.test(line)) this.#expecting = 'go-functions';
    else if (role === 'part' && this.#expecting === 'go-functions') return;
    else this.#expecting = role === 'record' && isHeadOfNextLine(line) ? 'text' : undefined;
  }
}

/**
 * The time of `docker logs -t` and `kubectl logs --timestamps`, and the stream of containerd's files with its tag: P for a
 * line that goes on, F for its end.
 */
const containerPrefix =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(?:\d{1,9}(?:Z|[+-]\d\d:\d\d) (std(?:out|err)) ([FP])(?: |$)|\d{8,9}(?:Z|[+-]\d\d:\d\d) )/;

function containerPrefixOf(line: string): RegExpExecArray | undefined {
  if (line[10] !== 'T' || line[19] !== '.') return undefined;
  return containerPrefix.exec(line.slice(0, PREFIX_CHARS)) ?? undefined;
}

function isFrame(start: string): boolean {
  switch (start.charCodeAt(0)) {
    case 0x61: // a
      return javaFrame.test(start);
    case 0x2e: // .
      return moreFrames.test(start);
    case 0x23: // #
      return numberedFrame.test(start);
    default:
      return start.endsWith("'") && rubyFrame.test(start);
  }
}

function isClosing(code: number): boolean {
  return code === 0x7d || code === 0x29 || code === 0x5d;
}

/** Returns whether a line is the name of an exception, alone or in front of a colon. */
function namesException(start: string): boolean {
  const colon = start.indexOf(':');
  const name = colon === -1 ? start : start.slice(0, colon);
  // Node adds a code: Error [ERR_X]: text.
  const blank = name.indexOf(' ');
  if (blank === -1) return exceptionName.test(name);
  return name[blank + 1] === '[' && name.endsWith(']') && exceptionName.test(name.slice(0, blank));
}

function isHeadOfNextLine(line: string): boolean {
  if (line.length > PREFIX_CHARS || (line[3] !== ' ' && !line.startsWith('t'))) return false;
  return headOfNextLine.test(line);
}

function isIndented(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === space || first === tab;
}

function startsWithDigit(start: string): boolean {
  const first = start.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

/** How many lines at the start of a file are examined for their indentation. */
const startLines = 20;

/**
 * Returns whether indentation marks continuations. It does not if all of the first lines that are not blank are indented,
 * unless they are the frames of a stack trace that the start of the file cuts off.
 * @param lines complete lines from the start of a file
 */
export function indentationMatters(lines: readonly string[]): boolean {
  const first = lines.filter((line) => line.trim() !== '').slice(0, startLines);
  if (first.length < 2) return true;
  return first.some(
    (line) => !isIndented(line) || indentedFrame.test(line.slice(0, PREFIX_CHARS).trimStart()),
  );
}
