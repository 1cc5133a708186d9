import type { SQLInputValue } from 'node:sqlite';
import type { Row } from '../db.ts';

/** A batch on its way to the writer. Of each statement: its number, how many rows it must touch (-1: any), how many
 *  parameters follow, and the parameters. Flat, because copying small objects between threads costs more than their
 *  statements do. */
export type SentBatch = readonly SQLInputValue[];
export const ANY_CHANGES = -1;

/** All batches that were waiting: they will share one commit. A text travels once, later only its number. */
export type Group = {
  readonly texts: readonly (readonly [id: number, sql: string])[];
  readonly batches: readonly SentBatch[];
};

/** The rows of a statement that returns some, of others how many they changed. */
export type SentResult = number | readonly Row[];

export type BatchAnswer =
  | { readonly results: readonly SentResult[] }
  /** The statement at this place touched another number of rows than it must. */
  | { readonly failed: number }
  /** Nothing of the batch happened. `code` is SQLite's extended result code. */
  | { readonly error: { readonly message: string; readonly code: number | undefined } };

export type FromWriter = { readonly ready: true } | { readonly answers: readonly BatchAnswer[] };
