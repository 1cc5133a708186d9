import type { Json } from '@reelay/catalog';
import type { Job } from '../provider.ts';
import { type Body, type BodyPart, Digits, type FileForm, FileUse } from './media.ts';

/** What a rule may do with the value that it was given. */
export type Draft = {
  readonly job: Job;
  /** Our name of the parameter. */
  readonly name: string;
  /** Puts a value into the body. A dot leads into an object: `voice_setting.speed`. */
  set(path: string, value: BodyPart): void;
  /** The upstream cannot do what this value asks for. @param reason a sentence that names the value. */
  refuse(reason: string): void;
};

/** What becomes of one parameter of ours. It is asked only when the parameter has a value. */
export type Rule = (value: Json, draft: Draft) => void;
/** A rule for each parameter that endpoints of a family may have. */
export type Mapping = Readonly<Record<string, Rule>>;
type Convert = (value: Json) => Json;

/** The value under another name. */
export const as =
  (path: string, convert: Convert = (value) => value): Rule =>
  (value, { set }) =>
    set(path, convert(value));

/** Our words in the upstream's. A word that is not in the table is refused, so that nothing else is made than was asked. */
export const words =
  (path: string, table: Readonly<Record<string, Json>>): Rule =>
  (value, { name, set, refuse }) => {
    const key = String(value);
    if (Object.hasOwn(table, key)) set(path, table[key] ?? null);
    else refuse(`${name} ${JSON.stringify(value)} is not offered there: only ${Object.keys(table).join(', ')}`);
  };

/** A text that may not be longer than this there, in characters as people count them. */
export const atMost =
  (maxChars: number, path: string): Rule =>
  (value, { name, set, refuse }) => {
    if ([...String(value)].length > maxChars) refuse(`${name} may have at most ${maxChars} characters there`);
    else set(path, value);
  };

/** A rule for some values; all others are refused. */
export const only =
  (values: readonly Json[], rule: Rule): Rule =>
  (value, draft) => {
    if (values.includes(value)) return rule(value, draft);
    draft.refuse(`${draft.name} ${JSON.stringify(value)} is not offered there: only ${values.join(', ')}`);
  };

/** The one file of a parameter. */
export const file =
  (path: string, form?: FileForm): Rule =>
  (_value, { job, name, set }) => {
    const [one] = job.media[name] ?? [];
    if (one !== undefined) set(path, new FileUse(one, form));
  };

/** All files of a parameter, each perhaps inside something. */
export const files =
  (path: string, form?: FileForm, wrap: (one: FileUse) => BodyPart = (one) => one): Rule =>
  (_value, { job, name, set }) =>
    set(
      path,
      (job.media[name] ?? []).map((one) => wrap(new FileUse(one, form))),
    );

/** The id that the upstream gave to an earlier result; one that was never ours is passed on as it is. */
export const upstreamId =
  (path: string): Rule =>
  (value, { job, name, set, refuse }) => {
    const id = String(value);
    if (job.elsewhere.includes(id)) refuse(`${name} ${JSON.stringify(value)} was made on another channel`);
    else set(path, job.upstreamIds[id] ?? value);
  };

/** The upstream has nothing like it, and the result is the same without. @param _why for the reader. */
export const ignored =
  (_why: string): Rule =>
  () => {};

/** The upstream has nothing like it: only these values ask for what it does anyway. */
export const absent =
  (...harmless: readonly Json[]): Rule =>
  (value, { name, refuse }) => {
    if (!harmless.includes(value)) refuse(`${name} ${JSON.stringify(value)} has no counterpart there`);
  };

/** Handled with another parameter. */
export const withOther: Rule = () => {};

/** Several rules for one value. */
export const all =
  (...rules: readonly Rule[]): Rule =>
  (value, draft) => {
    for (const rule of rules) rule(value, draft);
  };

export const toNumber: Convert = (value) => Number(value);
export const toText: Convert = (value) => String(value);
export const toLower: Convert = (value) => String(value).toLowerCase();
export const toUpper: Convert = (value) => String(value).toUpperCase();

export type Mapped = { readonly body: Body /** Empty: the upstream can do it. */; readonly reasons: readonly string[] };

/** The upstream's body for a job. A parameter without a rule is a reason against, never dropped.
 *  @param constant what the route or the provider adds. */
export function mapInput(job: Job, mapping: Mapping, constant: Body = {}): Mapped {
  const body: MutableBody = structuredCloneOf(constant);
  const reasons: string[] = [];
  for (const [name, value] of Object.entries(job.input)) {
    if (value === null || value === undefined || value === '') continue;
    const rule = mapping[name];
    if (rule === undefined) reasons.push(`${name} has no counterpart there`);
    else
      rule(value, { job, name, set: (path, part) => put(body, path, part), refuse: (reason) => reasons.push(reason) });
  }
  return { body, reasons };
}

type MutableBody = { [name: string]: BodyPart };

const structuredCloneOf = (body: Body): MutableBody =>
  Object.fromEntries(Object.entries(body).map(([name, part]) => [name, isBody(part) ? structuredCloneOf(part) : part]));

const isBody = (part: BodyPart | undefined): part is Body =>
  typeof part === 'object' &&
  part !== null &&
  !Array.isArray(part) &&
  !(part instanceof FileUse || part instanceof Digits);

function put(body: MutableBody, path: string, part: BodyPart): void {
  const [head = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    body[head] = part;
    return;
  }
  const inner = body[head];
  const next: MutableBody = isBody(inner) ? { ...inner } : {};
  put(next, rest.join('.'), part);
  body[head] = next;
}
