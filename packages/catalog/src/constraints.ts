import { withDefaults } from './defaults.ts';
import { mediaParams } from './media-params.ts';
import { DURATION_SLACK_MS, formatSeconds } from './media-time.ts';
import type { Constraint, ConstraintRule, Endpoint, Input, Json, MediaFacts, Problem, When } from './types.ts';
import { either } from './wording.ts';

/** What is known of the files of a request, by parameter, in the order of its addresses. */
export type FactsByParam = Readonly<Record<string, readonly MediaFacts[]>>;

type Rules = Pick<Endpoint, 'params' | 'constraints'>;
/** A request as the checkers see it: what was sent, and what counts once the documented defaults are filled in. */
type Scene = {
  readonly endpoint: Rules;
  readonly sent: Input;
  readonly effective: Input;
  readonly facts: FactsByParam;
};
type Check = (constraint: Constraint, scene: Scene) => Problem[];

/** Whether a rule applies: null in `when` asks that the parameter was not sent. */
export const matches = (when: When, { sent, effective }: Pick<Scene, 'sent' | 'effective'>): boolean =>
  Object.entries(when).every(([name, value]) =>
    value === null ? sent[name] === undefined : effective[name] === value,
  );

const namesOf = ({ params = [] }: Constraint): readonly string[] => params;
const problem = (field: string, message: string): Problem[] => [{ field, message: `${field}: ${message}` }];
const itemsOf = (value: Json | undefined): number =>
  Array.isArray(value) ? value.length : value === undefined ? 0 : 1;
const total = (names: readonly string[], sent: Input): number =>
  names.reduce((sum, name) => sum + itemsOf(sent[name]), 0);

/** `when duration is "10" and resolution is "1080p"`, so that a message tells why a rule applies. */
function circumstance({ when = {}, whenPresent = [] }: Constraint): string {
  const parts = Object.entries(when).map(([name, value]) =>
    value === null ? `${name} is not sent` : `${name} is ${JSON.stringify(value)}`,
  );
  for (const name of whenPresent) parts.push(`${name} is sent`);
  return parts.length === 0 ? '' : ` when ${parts.join(' and ')}`;
}

/** The numbers of two parameters, or undefined where a caller sent fewer. */
function pairOf(constraint: Constraint, { effective }: Scene): [string, number, string, number] | undefined {
  const [first = '', second = ''] = namesOf(constraint);
  const [one, two] = [effective[first], effective[second]];
  return typeof one === 'number' && typeof two === 'number' ? [first, one, second, two] : undefined;
}

function outside(value: number, { min = -Infinity, max = Infinity }: Constraint): boolean {
  return value < min || value > max;
}
const between = ({ min, max }: Constraint): string =>
  [min === undefined ? [] : [`at least ${min}`], max === undefined ? [] : [`at most ${max}`]].flat().join(' and ');

/** These rules say what a parameter does, not what may be sent: sending an idle one is no mistake. */
const neverRefuses: Check = () => [];

const CHECKS: Readonly<Record<ConstraintRule, Check>> = {
  'exactly-one-of': (constraint, { sent }) => {
    const names = namesOf(constraint);
    const present = names.filter((name) => sent[name] !== undefined);
    if (present.length === 1) return [];
    const got = present.length === 0 ? 'none was sent' : `${present.join(' and ')} were sent`;
    return problem(present[1] ?? names[0] ?? '', `send exactly one of ${either(names)}; ${got}`);
  },

  'at-least-one-of': (constraint, { sent }) => {
    const names = namesOf(constraint);
    const isMissing = names.every((name) => sent[name] === undefined);
    return isMissing ? problem(names[0] ?? '', `send at least one of ${either(names)}`) : [];
  },

  needs: (constraint, { sent }) => {
    const { param = '' } = constraint;
    const missing = namesOf(constraint).filter((name) => sent[name] === undefined);
    return sent[param] === undefined || missing.length === 0
      ? []
      : problem(param, `works only together with ${missing.join(' and ')}; send that too`);
  },

  'needs-any-of': (constraint, { sent }) => {
    const { param = '' } = constraint;
    const names = namesOf(constraint);
    return sent[param] === undefined || names.some((name) => sent[name] !== undefined)
      ? []
      : problem(param, `works only together with ${either(names)}; send one of them too`);
  },

  requires: (constraint, { sent }) =>
    namesOf(constraint)
      .filter((name) => sent[name] === undefined)
      .flatMap((name) => problem(name, `required${circumstance(constraint)}`)),

  forbidden: (constraint) => {
    const [first = ''] = Object.keys(constraint.when ?? {});
    return problem(first, `this combination is not offered${circumstance(constraint).replace(' when ', ': ')}`);
  },

  // The first of the pair works alone; the second is its companion.
  'optional-pair': (constraint, { sent }) => {
    const [first = '', second = ''] = namesOf(constraint);
    return sent[second] === undefined || sent[first] !== undefined
      ? []
      : problem(second, `works only together with ${first}; send that too`);
  },

  'max-items': (constraint, { sent }) => {
    const { max = Infinity } = constraint;
    return namesOf(constraint).flatMap((name) => {
      const count = itemsOf(sent[name]);
      return count > max ? problem(name, `${count} items; at most ${max}${circumstance(constraint)}`) : [];
    });
  },

  'max-total-items': (constraint, { sent }) => {
    const { max = Infinity } = constraint;
    const names = namesOf(constraint);
    const count = total(names, sent);
    return count > max
      ? problem(names[0] ?? '', `${count} items in ${names.join(' and ')} together; at most ${max}`)
      : [];
  },

  'max-images': (constraint, { endpoint, sent }) => {
    const { max = Infinity } = constraint;
    const names = mediaParams(endpoint).flatMap(({ name, kind }) => (kind === 'image' ? [name] : []));
    const count = total(names, sent);
    return count > max ? problem(names[0] ?? '', `${count} images; at most ${max}${circumstance(constraint)}`) : [];
  },

  'max-duration': (constraint, { facts }) => {
    const { maxSeconds = Infinity } = constraint;
    return namesOf(constraint).flatMap((name) =>
      (facts[name] ?? []).flatMap(({ durationMs = 0 }) =>
        durationMs > maxSeconds * 1000 + DURATION_SLACK_MS
          ? problem(name, `${formatSeconds(durationMs)} s long; at most ${maxSeconds} s${circumstance(constraint)}`)
          : [],
      ),
    );
  },

  'min-span': (constraint, scene) => {
    const pair = pairOf(constraint, scene);
    if (pair === undefined) return [];
    const [first, from, second, to] = pair;
    const { minMs = 0 } = constraint;
    return to - from >= minMs
      ? []
      : problem(second, `must be at least ${minMs} ms after ${first} (${from}); ${to} is not`);
  },

  'pixel-product': (constraint, scene) => {
    const pair = pairOf(constraint, scene);
    if (pair === undefined) return [];
    const [first, width, second, height] = pair;
    const pixels = width * height;
    return outside(pixels, constraint)
      ? problem(first, `${first} × ${second} is ${pixels} pixels; allowed is ${between(constraint)}`)
      : [];
  },

  'aspect-range': (constraint, scene) => {
    const pair = pairOf(constraint, scene);
    if (pair === undefined) return [];
    const [first, width, second, height] = pair;
    return outside(width / height, constraint)
      ? problem(first, `${first} / ${second} is ${width} / ${height}; allowed is ${between(constraint)}`)
      : [];
  },

  ignored: neverRefuses,
  overrides: neverRefuses,
  'used-when': neverRefuses,
};

/** The rules that only the files themselves can answer. */
const NEEDS_FACTS: ReadonlySet<ConstraintRule> = new Set<ConstraintRule>(['max-duration']);

/** Checks the rules over several parameters: without `facts` those that the request alone answers, with `facts` the
 *  others. Never throws, also when values have wrong types: those are reported elsewhere. */
export function checkConstraints(endpoint: Rules, sent: Input, facts?: FactsByParam): Problem[] {
  const wanted = endpoint.constraints.filter(({ rule }) => NEEDS_FACTS.has(rule) === (facts !== undefined));
  if (wanted.length === 0) return [];
  const scene: Scene = { endpoint, sent, effective: withDefaults(endpoint, sent), facts: facts ?? {} };
  return wanted.flatMap((constraint) => {
    const { rule, when = {}, whenPresent = [] } = constraint;
    const applies = matches(when, scene) && whenPresent.every((name) => sent[name] !== undefined);
    return applies ? CHECKS[rule](constraint, scene) : [];
  });
}
