import type { Logger } from '../../src/classifier/types.js';

/** A logger that records its lines. */
export class RecordingLogger implements Logger {
  readonly lines: { level: 'info' | 'warn' | 'error'; details: object; message: string }[] = [];

  info = (details: object, message: string): void =>
    void this.lines.push({ level: 'info', details, message });
  warn = (details: object, message: string): void =>
    void this.lines.push({ level: 'warn', details, message });
  error = (details: object, message: string): void =>
    void this.lines.push({ level: 'error', details, message });

  /** Returns the messages of a level, in order. */
  of(level: 'info' | 'warn' | 'error'): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }
}
