import type { RenderRequest, RenderResult } from '../contract.ts';
import type { Geometry } from '../geometry.ts';
import type { Roles } from '../media-roles.ts';

/** What a job works from. */
export type JobInput = {
  readonly request: RenderRequest;
  readonly geometry: Geometry;
  readonly roles: Roles;
  readonly onProgress: (fraction: number) => void;
};

/** Makes the result of one task. @throws {BadMedia} {Unavailable} */
export type Job = (input: JobInput) => Promise<RenderResult>;

/** A text parameter, '' when it was not sent. */
export function textOf(request: RenderRequest, name: string): string {
  const value = request.input[name];
  return typeof value === 'string' ? value : '';
}
