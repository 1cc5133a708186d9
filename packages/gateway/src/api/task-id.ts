import { GatewayError } from '../contract/errors.ts';

/** Ids are positive 64-bit integers: at most 19 digits. */
const TASK_ID = /^\d{1,19}$/;
const ZERO = /^0+$/;

/** Takes the id as a string or a number; one that a double cannot hold arrives as its digits (`json-body.ts`).
 *  @throws {GatewayError} `invalid_input` */
export function toTaskId(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    throw new GatewayError('invalid_input', 'taskId must not be null');
  }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (TASK_ID.test(text) && !ZERO.test(text)) return text;
  const echo = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  throw new GatewayError('invalid_input', 'taskId must be positive', { details: { taskId: echo.slice(0, 64) } });
}
