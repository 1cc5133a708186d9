import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, type ChoiceRules, type Decided, decide } from './choice.ts';

const ENDPOINT = 'maker/model/text-to-video';
const candidate = (name: string, changes: Partial<Candidate> = {}): Candidate => ({
  name,
  provider: name.slice(name.lastIndexOf('/') + 1).replace(/-.*/, ''),
  isOwn: false,
  isPreview: false,
  priority: 0,
  weight: 1,
  route: { endpoint: ENDPOINT, model: 'm', status: 'ok' },
  trouble: undefined,
  refusals: [],
  chargeMicros: 1_000_000,
  costMicros: 1_000_000,
  usualMs: undefined,
  success: undefined,
  ...changes,
});
const route = (status: 'ok' | 'retiring' | 'unconfirmed' | 'approx' | 'substitute') => ({
  route: { endpoint: ENDPOINT, model: 'm', status },
});
const rules = (changes: Partial<ChoiceRules> = {}): ChoiceRules => ({
  preferences: {},
  order: 'weight',
  previews: 'auto',
  isOwnOnly: false,
  exclude: new Map(),
  random: () => 0.5,
  endpoint: ENDPOINT,
  ...changes,
});
const busy = { trouble: { kind: 'busy', reason: 'all 4 places are taken' } } as const;
const unwell = { trouble: { kind: 'unwell', reason: 'it failed 5 times', untilMs: 9 } } as const;
const off = { trouble: { kind: 'off', reason: 'its key was refused' } } as const;
const preview = candidate('preview', { isPreview: true, chargeMicros: 0, costMicros: 0 });

const namesOf = (decided: Decided<Candidate>): string[] =>
  decided.is === 'chosen' ? decided.picks.map(({ candidate: { name } }) => name) : [decided.is];
const order = (candidates: Candidate[], changes: Partial<ChoiceRules> = {}) =>
  namesOf(decide(candidates, rules(changes)));
const reasonsOf = ({ considered }: Decided<Candidate>) =>
  Object.fromEntries(considered.map(({ channel, verdict, reason }) => [channel, `${verdict}: ${reason}`]));

describe('the order', () => {
  test('is by priority, and among equals by weight, whose turn is drawn', () => {
    const [a, b, c] = [candidate('a'), candidate('b', { weight: 3 }), candidate('c', { priority: 5 })];
    const draw = (numbers: Record<string, number>) => ({ random: (name: string) => numbers[name] ?? 0 });
    expect(order([a, b, c], draw({ a: 0.9, b: 0.5, c: 0.1 }))).toEqual(['c', 'a', 'b']);
    // 0.9 < 0.8 ** (1 / 3)
    expect(order([a, b, c], draw({ a: 0.9, b: 0.8, c: 0.1 }))).toEqual(['c', 'b', 'a']);
    expect(order([candidate('a', { weight: 0 }), candidate('b', { weight: 0.001 })])).toEqual(['b', 'a']);
  });

  test('by weight gives each its share', () => {
    const candidates = [candidate('a', { weight: 1 }), candidate('b', { weight: 3 }), candidate('c', { weight: 0 })];
    let seed = 1;
    // Park and Miller's generator: the same numbers at each run.
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const first = { a: 0, b: 0, c: 0 } as Record<string, number>;
    for (let n = 0; n < 4_000; n += 1) {
      const numbers = new Map(candidates.map(({ name }) => [name, random()]));
      const name = order(candidates, { random: (one) => numbers.get(one) ?? 0 })[0] ?? '';
      first[name] = (first[name] ?? 0) + 1;
    }
    expect(first.a).toBeGreaterThan(900);
    expect(first.a).toBeLessThan(1_100);
    expect(first.c).toBe(0);
  });

  test('is by what the owner prefers, and by what the caller asks for before that', () => {
    const slow = candidate('slow', { usualMs: 90_000, success: 0.99, costMicros: 1, priority: 1 });
    const quick = candidate('quick', { usualMs: 9_000, success: 0.8, costMicros: 3 });
    const usual = candidate('usual', { usualMs: 30_000, success: 0.9, costMicros: 2 });
    const all = [slow, quick, usual];
    expect(order(all, { order: 'speed' })).toEqual(['slow', 'quick', 'usual']);
    expect(order(all, { order: 'price' })).toEqual(['slow', 'usual', 'quick']);
    expect(order(all, { order: 'success' })).toEqual(['slow', 'usual', 'quick']);
    expect(order(all, { order: 'price', preferences: { sort: 'speed' } })).toEqual(['quick', 'usual', 'slow']);
    expect(order(all, { preferences: { order: ['usual'], sort: 'speed' } })).toEqual(['usual', 'quick', 'slow']);
    expect(order(all, { preferences: { sort: 'price' } })[0]).toBe('slow');
  });

  test('tries what was never measured, so that it gets measured', () => {
    const all = [candidate('known', { usualMs: 1, success: 0.9 }), candidate('new')];
    expect(order(all, { order: 'speed' })[0]).toBe('new');
    expect(order(all, { order: 'success' })[0]).toBe('new');
  });

  test('goes by channels of the account, then by how near a route is, whatever the priorities', () => {
    const all = [
      candidate('substitute', { ...route('substitute'), priority: 9 }),
      candidate('approx', { ...route('approx'), priority: 9 }),
      candidate('unconfirmed', { ...route('unconfirmed'), priority: 9 }),
      candidate('exact', route('retiring')),
      candidate('acct/approx', { ...route('approx'), isOwn: true }),
      candidate('acct/own', { ...route('unconfirmed'), isOwn: true }),
    ];
    expect(order(all)).toEqual(['acct/own', 'exact', 'unconfirmed', 'acct/approx', 'approx', 'substitute']);
  });

  test('names a channel by its own name or by its kind', () => {
    const all = [candidate('fal-1'), candidate('fal-2'), candidate('kling'), candidate('acct/mine', { isOwn: true })];
    expect(order(all, { preferences: { only: ['fal'] } }).sort()).toEqual(['fal-1', 'fal-2']);
    expect(order(all, { preferences: { order: ['kling', 'fal-2'], ignore: ['fal-1', 'mine'] } })).toEqual([
      'kling',
      'fal-2',
    ]);
  });
});

describe('what cannot take it now', () => {
  test('is passed over, and waited for when nothing else is left', () => {
    expect(order([candidate('a', { ...busy, priority: 1 }), candidate('b')])).toEqual(['b']);
    const decided = decide([candidate('a', busy), candidate('b', unwell), candidate('c', off)], rules());
    expect(decided).toMatchObject({
      is: 'wait',
      untilMs: 9,
      waitsFor: [
        { channel: 'a', verdict: 'busy' },
        { channel: 'b', verdict: 'unwell' },
      ],
    });
  });

  test('is waited for rather than that something else is made or paid, but not while it is in trouble', () => {
    const near = candidate('near', route('approx'));
    expect(order([candidate('exact', busy), near])).toEqual(['wait']);
    expect(order([candidate('exact', unwell), near])).toEqual(['near']);
    expect(order([candidate('acct/own', { ...busy, isOwn: true }), candidate('shared')])).toEqual(['wait']);
    expect(order([candidate('acct/own', { ...unwell, isOwn: true }), candidate('shared')])).toEqual(['shared']);
    // Whoever names several is content with each of them, and with the rest.
    expect(order([candidate('a', busy), candidate('b')], { preferences: { order: ['a'] } })).toEqual(['b']);
    const decided = decide(
      [candidate('exact', busy), near, candidate('far', { ...route('substitute'), ...busy })],
      rules(),
    );
    expect(decided).toMatchObject({ is: 'wait', waitsFor: [{ channel: 'exact' }] });
  });
});

describe('the preview', () => {
  test('is for what nothing real serves, unless it is asked for, or always allowed, or off', () => {
    const real = candidate('real', off);
    const gone = candidate('gone', { route: { reason: 'gone', isOff: false } });
    const switchedOff = candidate('off', { route: { reason: 'off', isOff: true } });
    expect(order([preview])).toEqual(['preview']);
    expect(order([preview, gone])).toEqual(['preview']);
    expect(order([preview, real])).toEqual(['refused']);
    expect(order([preview, switchedOff])).toEqual(['refused']);
    expect(order([preview, real], { preferences: { only: ['preview'] } })).toEqual(['preview']);
    expect(order([preview, candidate('real')], { preferences: { order: ['preview'] } })[0]).toBe('preview');
    expect(order([preview, real], { previews: 'always' })).toEqual(['preview']);
    expect(order([preview, candidate('real')], { previews: 'always' })).toEqual(['real', 'preview']);
    expect(order([preview], { previews: 'off' })).toEqual(['refused']);
  });
});

describe('what nothing can take', () => {
  const cannot = candidate('a', { refusals: ['seed 7 has no counterpart there'] });
  test('is wrong where it will stay so, and otherwise has no channel', () => {
    expect(decide([cannot, candidate('b', { refusals: ['no 4k'] })], rules())).toMatchObject({
      is: 'refused',
      code: 'invalid_input',
      message: `no channel can run this with ${ENDPOINT} (a: seed 7 has no counterpart there; b: no 4k)`,
    });
    expect(decide([cannot, candidate('b', off)], rules())).toMatchObject({ code: 'no_channel' });
    expect(decide([], rules())).toMatchObject({ code: 'no_channel', message: `no channel can run ${ENDPOINT}` });
    const gone = candidate('b', { route: { reason: 'the model m is gone', isOff: false } });
    expect(decide([gone], rules())).toMatchObject({ code: 'no_channel' });
    expect(decide([gone, cannot], rules())).toMatchObject({ code: 'invalid_input' });
    expect(decide([candidate('a')], rules({ exclude: new Map([['a', 'it failed']]) }))).toMatchObject({
      code: 'no_channel',
      considered: [{ reason: 'it failed' }],
    });
  });

  test('costs too much, or was not wanted, or is not its own', () => {
    expect(decide([candidate('a')], rules({ preferences: { maxPriceMicros: 999_999 } }))).toMatchObject({
      code: 'invalid_input',
      considered: [{ reason: 'costs 1, more than maxPrice' }],
    });
    expect(decide([candidate('a')], rules({ preferences: { only: ['b'] } }))).toMatchObject({ code: 'invalid_input' });
    expect(order([candidate('a'), candidate('acct/b', { isOwn: true })], { isOwnOnly: true })).toEqual(['acct/b']);
  });
});

test('every channel is told why', () => {
  const all = [
    candidate('kling', { priority: 10, costMicros: 3 }),
    candidate('fal', { costMicros: 2 }),
    candidate('replicate', { ...route('unconfirmed'), costMicros: 1 }),
    candidate('vidu', busy),
    candidate('near', route('approx')),
    candidate('bad', off),
    candidate('acct/mine', { isOwn: true, refusals: ['no 4k'] }),
  ];
  expect(reasonsOf(decide(all, rules({ order: 'price' })))).toEqual({
    kling: 'chosen: priority 10',
    fal: 'next: after kling: priority 10',
    replicate: 'next: after fal: the others are only probably the same model',
    near: 'next: after replicate: nearer to what was asked for',
    vidu: 'busy: all 4 places are taken',
    bad: 'out: its key was refused',
    'acct/mine': 'out: no 4k',
  });
  expect(reasonsOf(decide([candidate('a')], rules()))).toEqual({ a: 'chosen: the only one that can take it' });
  expect(reasonsOf(decide([preview], rules()))).toEqual({ preview: 'chosen: a preview: nothing else can take it' });
});

describe('whatever the channels are', () => {
  const names = ['a-1', 'a-2', 'b', 'c', 'preview'] as const;
  const one = (name: string): fc.Arbitrary<Candidate> =>
    fc
      .record({
        isOwn: fc.boolean(),
        priority: fc.integer({ min: -1, max: 1 }),
        weight: fc.constantFrom(0, 1, 5),
        route: fc.oneof(
          {
            weight: 3,
            arbitrary: fc.constantFrom('ok', 'unconfirmed', 'approx', 'substitute').map((s) => route(s as 'ok').route),
          },
          { weight: 1, arbitrary: fc.boolean().map((isOff) => ({ reason: 'not served', isOff })) },
        ),
        trouble: fc.constantFrom(undefined, undefined, busy.trouble, unwell.trouble, off.trouble),
        refusals: fc.constantFrom([], [], ['cannot']),
        chargeMicros: fc.integer({ min: 0, max: 3 }),
        costMicros: fc.integer({ min: 0, max: 3 }),
        usualMs: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        success: fc.option(fc.constantFrom(0.5, 0.9), { nil: undefined }),
      })
      .map((changes) => candidate(name, name === 'preview' ? { isPreview: true } : changes));
  const some = fc.subarray([...names]).chain((list) => fc.tuple(...list.map(one)));
  const asked = fc.subarray(['a', 'a-1', 'b', 'c', 'preview', 'nobody']);
  const anyRules = fc
    .record({
      order: fc.constantFrom('weight', 'price', 'speed', 'success'),
      previews: fc.constantFrom('auto', 'always', 'off'),
      isOwnOnly: fc.constantFrom(false, false, true),
      preferences: fc.record(
        {
          order: asked,
          only: asked,
          ignore: asked,
          sort: fc.constantFrom('price', 'speed', 'success'),
          maxPriceMicros: fc.integer({ min: 0, max: 3 }),
        },
        { requiredKeys: [] },
      ),
      seed: fc.integer({ min: 1, max: 1_000 }),
    })
    .map(({ seed, ...rest }) =>
      rules({
        ...(rest as Partial<ChoiceRules>),
        random: (name) => ((name.charCodeAt(0) * seed * 7_919) % 1_000) / 1_000,
      }),
    );
  const property = (check: (candidates: Candidate[], r: ChoiceRules, decided: Decided<Candidate>) => void) =>
    fc.assert(
      fc.property(some, anyRules, (candidates, r) => {
        check(candidates, r, decide(candidates, r));
      }),
      { numRuns: 1_500 },
    );

  test('each is told of once, and the chosen and the next are those that were picked', () =>
    property((candidates, _rules, { considered, ...decided }) => {
      const told = considered.map(({ channel }) => channel);
      expect(new Set(told).size).toBe(told.length);
      for (const { name, isPreview } of candidates) if (!isPreview) expect(told).toContain(name);
      const picked = considered.filter(({ verdict }) => verdict === 'chosen' || verdict === 'next');
      const names = decided.is === 'chosen' ? decided.picks.map(({ candidate: { name } }) => name) : [];
      expect(picked.map(({ channel }) => channel).sort()).toEqual([...names].sort());
      expect(picked.filter(({ verdict }) => verdict === 'chosen')).toHaveLength(names.length === 0 ? 0 : 1);
      for (const { reason } of considered) expect(reason).not.toBe('');
    }));

  test('nobody is picked who is in trouble, cannot, is too dear or is not wanted', () =>
    property((_candidates, { preferences, isOwnOnly }, decided) => {
      if (decided.is !== 'chosen') return;
      const isCalled = ({ name, provider }: Candidate, list: readonly string[]) =>
        list.includes(name) || list.includes(provider);
      for (const { candidate: picked, route: taken } of decided.picks) {
        expect(picked).toMatchObject({ trouble: undefined, refusals: [], route: taken });
        expect(picked.chargeMicros).toBeLessThanOrEqual(preferences.maxPriceMicros ?? Number.MAX_VALUE);
        if (preferences.only !== undefined) expect(isCalled(picked, preferences.only)).toBe(true);
        expect(isCalled(picked, preferences.ignore ?? [])).toBe(false);
        if (isOwnOnly) expect(picked.isOwn).toBe(true);
      }
    }));

  test('in which order they are given does not matter', () =>
    property((candidates, r, decided) => expect(decide([...candidates].reverse(), r)).toEqual(decided)));

  test('one that is out changes nothing for the others', () =>
    property((candidates, r, decided) => {
      const more = [...candidates, candidate('z', { ...off, priority: 9 })];
      if (decided.is === 'chosen' && !candidates.some(({ isPreview }) => isPreview)) {
        expect(namesOf(decide(more, r))).toEqual(namesOf(decided));
      }
    }));

  test('a higher priority never puts a channel further back', () =>
    property((candidates, r, decided) => {
      const before = namesOf(decided);
      for (const one of candidates) {
        const after = order(
          candidates.map((other) => (other === one ? { ...one, priority: 5 } : other)),
          r,
        );
        if (before.includes(one.name)) expect(after.indexOf(one.name)).toBeLessThanOrEqual(before.indexOf(one.name));
      }
    }));
});
