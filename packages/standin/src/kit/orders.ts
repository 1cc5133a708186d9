import { type FaultName, isFaultName } from './faults.ts';

/** What is to go wrong, and with which jobs. Everything that is given must fit; with nothing given it is the next job. */
export type FaultOrder = {
  readonly fault: FaultName;
  /** The position of the submit, from 1. */
  readonly order?: number;
  readonly model?: string;
  /** Stands somewhere in the body. */
  readonly text?: string;
  /** How many jobs it meets; 0: all. Default 1. */
  readonly jobs?: number;
  /** Of a fault of polling: how many polls it spoils. Default 1. */
  readonly polls?: number;
};
type Subject = { readonly order: number; readonly model: string; readonly text: string; readonly header: string };

/** The faults of one job. The number is how often a fault of polling happens. */
export type FaultCounts = Map<FaultName, number>;

const IN_TEXT = /\[fault:([a-z0-9-]+)(?::(\d{1,4}))?\]/g;
const IN_HEADER = /([a-z0-9-]+)(?::(\d{1,4}))?/g;

export type Orders = {
  add(order: FaultOrder): void;
  list(): readonly FaultOrder[];
  clear(): void;
  /** What is to go wrong with a job: by orders, by `[fault:name]` in its body, by the header `x-standin-fault`. */
  take(subject: Subject): FaultCounts;
};

export function createOrders(): Orders {
  let waiting: { readonly order: FaultOrder; left: number }[] = [];
  return {
    add: (order) => void waiting.push({ order, left: order.jobs === 0 ? Number.POSITIVE_INFINITY : (order.jobs ?? 1) }),
    list: () => waiting.map(({ order }) => order),
    clear: () => {
      waiting = [];
    },
    take(subject) {
      const counts: FaultCounts = new Map();
      for (const one of waiting) {
        if (!fits(one.order, subject)) continue;
        one.left -= 1;
        counts.set(one.order.fault, one.order.polls ?? 1);
      }
      waiting = waiting.filter(({ left }) => left > 0);
      const written = [...subject.text.matchAll(IN_TEXT), ...subject.header.matchAll(IN_HEADER)];
      for (const [, name = '', polls = '1'] of written) if (isFaultName(name)) counts.set(name, Number(polls));
      return counts;
    },
  };
}

const fits = ({ order, model, text }: FaultOrder, subject: Subject): boolean =>
  (order === undefined || order === subject.order) &&
  (model === undefined || model === subject.model) &&
  (text === undefined || subject.text.includes(text));
