import { z } from 'zod';
import { address } from './schema.ts';

/** A member of a body, as aggregators publish the inputs of their models. */
export type Field = {
  /** Absent: one of `values`. */
  readonly type?: string | undefined;
  readonly values?: readonly (string | number)[] | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly maxItems?: number | undefined;
  /** Besides the values: an object of width and height. */
  readonly orSize?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly default?: unknown;
  readonly fields?: Readonly<Record<string, Field>> | undefined;
};

export const Field: z.ZodType<Field> = z.strictObject({
  type: z.string().optional(),
  values: z.array(z.union([z.string(), z.number()])).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  maxItems: z.number().optional(),
  orSize: z.boolean().optional(),
  required: z.boolean().optional(),
  default: z.unknown().optional(),
  fields: z.lazy(() => z.record(z.string(), Field)).optional(),
});

/** The body that takes exactly these members. */
export const toBody = (fields: Readonly<Record<string, Field>>): z.ZodType<Record<string, unknown>> =>
  z.strictObject(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toMember(field)])));

const toMember = (field: Field): z.ZodType => {
  const value = field.orSize === true ? z.union([toValue(field), SIZE]) : toValue(field);
  return field.required === true ? value : value.optional();
};

const SIZE = z.strictObject({ width: z.int().min(1).max(14_142), height: z.int().min(1).max(14_142) });

function toValue({ type, values, min = -Infinity, max = Infinity, maxItems, fields }: Field): z.ZodType {
  if (values !== undefined && !type?.endsWith('[]')) return z.literal([...values]);
  if (type?.endsWith('[]')) {
    const list = z.array(toValue({ type: type.slice(0, -2), values, fields }));
    return maxItems === undefined ? list : list.max(maxItems);
  }
  switch (type) {
    case 'string':
      return z.string();
    case 'number':
      return z.number().min(min).max(max);
    case 'boolean':
      return z.boolean();
    case 'url':
      return address();
    case 'object':
      return toBody(fields ?? {});
    default:
      throw new Error(`a field list names a type that is not known: ${type}`);
  }
}
