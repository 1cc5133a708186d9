export { LATE_MS } from './kit/callbacks.ts';
export type { Control, Seen } from './kit/control.ts';
export {
  type Callback,
  type CancelRoute,
  type Definition,
  type FormFile,
  type OtherRoute,
  type PollRoute,
  type Reason,
  type Refusal,
  Refused,
  type Route,
  type Said,
  type Signer,
  type SubmitRoute,
  type Wanted,
  type WireRequest,
  type World,
} from './kit/definition.ts';
export { FAULT_NAMES, FAULTS, type FaultName, isFaultName } from './kit/faults.ts';
export { RETRY_AFTER_MS } from './kit/handle.ts';
export type { Failure, Job, JobState, Output } from './kit/jobs.ts';
export { type MediaName, mediaOf, mediaPath } from './kit/media.ts';
export { createStandin, DEFAULT_PACE, type Standin, type StandinOptions } from './kit/standin.ts';
export { type Clock, stillClock } from './kit/time.ts';
export { DEFINITIONS } from './providers/registry.ts';
export { faultLines, findDefinition, type RunOptions, runStandin, toAssignments } from './run.ts';
