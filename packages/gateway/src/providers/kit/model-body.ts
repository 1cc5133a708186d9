import type { Json } from '@reelay/catalog';
import type { Job } from '../provider.ts';
import { type Draft, type Mapped, type Mapping, mapInput } from './body.ts';
import { type Body, type BodyPart, FileUse } from './media.ts';
import { type Field, fieldAt, fit, type Model } from './model.ts';

/** What a rule may do where the fields of the model are known. `set` writes a value as its field wants it, and refuses
 *  what the field does not take. */
export type ModelDraft = Draft & {
  readonly model: Model;
  /** The field at a path, or undefined: the model has none. */
  field(path: string): Field | undefined;
};
/** Every plain rule is one of these too. */
export type ModelRule = (value: Json, draft: ModelDraft) => void;
export type ModelMapping = Readonly<Record<string, ModelRule>>;

/** Into the first of these fields that the model has: models of one family differ in names. */
export const to = (...paths: readonly string[]): ModelRule => toOr(noCounterpart, ...paths);

/** The same. Another rule decides where the model has none of the fields. */
export const toOr =
  (otherwise: ModelRule, ...paths: readonly string[]): ModelRule =>
  (value, draft) => {
    const path = paths.find((one) => draft.field(one) !== undefined);
    if (path === undefined) return otherwise(value, draft);
    draft.set(path, isOfFiles(draft.field(path)) ? filesOf(draft) : value);
  };

/** The value in other words, then the rule. Words that are not in the table stay as they are. */
export const inWords =
  (table: Readonly<Record<string, Json>>, rule: ModelRule): ModelRule =>
  (value, draft) =>
    rule(Object.hasOwn(table, String(value)) ? (table[String(value)] ?? null) : value, draft);

export const noCounterpart: ModelRule = (_value, { name, refuse }) => refuse(`${name} has no counterpart there`);

/** `faceCount` into `face_count`: what happens to parameters without a rule. */
const byName: ModelRule = (value, draft) => to(toSnakeCase(draft.name))(value, draft);
const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isOfFiles = (field: Field | undefined): boolean => field?.type === 'url' || field?.type === 'url[]';

/** The files of the parameter. */
export const filesOf = ({ job, name }: Draft): FileUse[] => (job.media[name] ?? []).map((one) => new FileUse(one));

/** The upstream's body for a job, with the types, spellings and required fields of its model.
 *  @param constant what the route adds. Fields that the model lacks are left out of it. */
export function mapToModel(job: Job, model: Model, mapping: ModelMapping, constant: Body = {}): Mapped {
  const names = Object.keys(job.input);
  const bound: Mapping = Object.fromEntries(names.map((name) => [name, bind(model, mapping[name] ?? byName)]));
  const own = constantsOf(model, constant);
  const mapped = mapInput(job, bound, own.body);
  const body = mapped.body;
  const reasons = [...own.reasons, ...mapped.reasons];
  const missing = Object.entries(model.input).flatMap(([name, field]) =>
    field.required === true && isMissing(body[name]) ? [`${name} is required there`] : [],
  );
  // A field that was refused is missing too, and its reason says more.
  return { body, reasons: reasons.length > 0 ? reasons : missing };
}

function constantsOf({ input }: Model, constant: Body): Mapped {
  const body: Record<string, BodyPart> = {};
  const reasons: string[] = [];
  for (const [name, part] of Object.entries(constant)) {
    const field = input[name];
    if (field === undefined) continue;
    const fitted = fit(field, part);
    if ('why' in fitted) reasons.push(`${name} ${fitted.why}`);
    else body[name] = fitted.part;
  }
  return { body, reasons };
}

const isMissing = (part: BodyPart | undefined): boolean => part === undefined || part === '';

const bind =
  (model: Model, rule: ModelRule) =>
  (value: Json, draft: Draft): void => {
    const field = (path: string) => fieldAt(model, path);
    const set = (path: string, part: BodyPart) => {
      const target = field(path);
      if (target === undefined) return draft.refuse(`${draft.name} has no counterpart there`);
      const fitted = fit(target, part);
      if ('why' in fitted) draft.refuse(`${draft.name} ${fitted.why}`);
      else draft.set(path, fitted.part);
    };
    rule(value, { ...draft, model, field, set });
  };
