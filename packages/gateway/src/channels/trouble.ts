/** What keeps a channel from being used now. `off`: until its owner does something. `unwell`: in trouble, for a while.
 *  `busy`: at a limit. */
export type Trouble = {
  readonly kind: 'off' | 'unwell' | 'busy';
  readonly reason: string;
  /** When it will be over; absent where nobody knows. */
  readonly untilMs?: number;
  /** It is trouble with jobs of this endpoint only. */
  readonly isOfEndpoint?: boolean;
};

export type Said = { readonly said?: string };
const SAID: Readonly<Record<Trouble['kind'], string>> = {
  off: 'out of use',
  unwell: 'in trouble for now',
  busy: 'busy for now',
};
/** What an upstream said to the owner of a channel, and what that may cost, is for the owner. */
export const saidOf = ({ isOwn }: { readonly isOwn: boolean }, kind: Trouble['kind']): Said =>
  isOwn ? {} : { said: SAID[kind] };
