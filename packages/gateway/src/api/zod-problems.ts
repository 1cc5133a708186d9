import type { Problem } from '@reelay/catalog';
import type { z } from 'zod';

/** What a schema found wrong, each with the path of its field: `tasks[3].prompt`. */
export function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const field = issue.path.reduce<string>(
    (path, part) =>
      typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`,
    '',
  );
  if (issue.code !== 'unrecognized_keys') return [{ field: field === '' ? 'body' : field, message: issue.message }];
  return issue.keys.map((key) => ({ field: field === '' ? key : `${field}.${key}`, message: 'is not known here' }));
}
