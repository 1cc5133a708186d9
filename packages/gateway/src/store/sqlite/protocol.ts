import type { SQLInputValue } from 'node:sqlite';
import type { WriteOutcome } from '../db.ts';

/** A statement on its way to the writer: the text travels once, later only its number. */
export type SentStatement = {
  readonly id: number;
  readonly sql?: string;
  readonly parameters: readonly SQLInputValue[];
  readonly expect?: number;
};
/** All batches that were waiting: they will share one commit. */
export type Group = readonly (readonly SentStatement[])[];

export type BatchAnswer =
  | { readonly outcome: WriteOutcome }
  /** Nothing of the batch happened. `code` is SQLite's extended result code. */
  | { readonly error: { readonly message: string; readonly code: number | undefined } };

export type FromWriter = { readonly ready: true } | { readonly answers: readonly BatchAnswer[] };
