import { styleText } from 'node:util';
import type { Page } from '@reelay/client';
import stringWidth from 'string-width';
import type { Io } from './io.ts';

/** What is shown of a thing, by label. */
export type Fields<T> = Readonly<Record<string, (one: T) => string>>;

type Mode = { readonly isJson: boolean; readonly isQuiet: boolean };

/** The one way to print. People get tables, programs JSON, and shells (`--quiet`) a line each of what matters most. */
export type Output = {
  /** A thing. `quiet` is its line for shells. */
  one<T>(thing: T, fields: Fields<T>, quiet: string): void;
  /** A page of a list; how to get the next is told beside it. */
  page<T extends { readonly id: string }>(page: Page<T>, fields: Fields<T>): void;
  /** A table below other data. Programs get it as part of the JSON. */
  table<T>(rows: readonly T[], fields: Fields<T>): void;
  json(value: unknown): void;
  line(text: string): void;
  /** To the user, not to what reads the data. */
  note(text: string): void;
  readonly mode: Mode;
};

export function createOutput({ stdout, stderr }: Io, mode: Mode): Output {
  const line = (text: string) => void stdout.write(`${text}\n`);
  const json = (value: unknown) => line(toJson(value));
  const note = (text: string) => void (mode.isQuiet || stderr.write(`${text}\n`));
  const table = <T>(rows: readonly T[], fields: Fields<T>) => {
    const names = Object.keys(fields);
    const cells = rows.map((row) => Object.values(fields).map((show) => clean(show(row))));
    const [head = '', ...rest] = align([names.map((name) => name.toUpperCase()), ...cells]);
    for (const text of [stdout.isTTY === true ? styleText('bold', head) : head, ...rest]) line(text);
  };
  return {
    mode,
    line,
    json,
    note,
    table,
    one(thing, fields, quiet) {
      if (mode.isJson) return json(thing);
      if (mode.isQuiet) return line(quiet);
      const rows = Object.entries(fields).map(([label, show]) => [label, show(thing)] as const);
      // What has nothing to say is left out.
      const lines = rows.flatMap(([label, text]) => text.split('\n').map((part) => [label, clean(part)]));
      for (const text of align(lines.filter(([, text]) => text !== ''))) line(text);
    },
    page({ items, nextCursor }, fields) {
      if (mode.isJson) return json({ items, nextCursor });
      if (mode.isQuiet) for (const { id } of items) line(id);
      else if (items.length > 0) table(items, fields);
      else note('none');
      if (nextCursor !== null) note(`more: --cursor ${nextCursor}`);
    },
  };
}

/** What controls a terminal is no text: names come from others. */
const clean = (text: string): string => text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');

/** JSON escapes only half of what controls a terminal. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Columns of equal width, also where characters are two columns wide. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => stringWidth(row[n] ?? ''))));
  const pad = (text: string, n: number) => text + ' '.repeat((widths[n] ?? 0) - stringWidth(text));
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}
