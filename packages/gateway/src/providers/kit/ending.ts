import { FAULTS, UpstreamError } from '../fault.ts';
import type { Progress } from '../provider.ts';

/** What a refusal at a poll says of the job: where the upstream looked at it, how it ended.
 *  @throws the error itself where it says nothing about the job. */
export function toEnding(error: unknown): Progress & { state: 'failed' } {
  const isAboutTheJob = error instanceof UpstreamError && FAULTS[error.fault].accepted === 'refused';
  if (!isAboutTheJob) throw error;
  return { state: 'failed', code: error.code, message: error.message };
}
