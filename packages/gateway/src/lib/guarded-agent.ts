import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, type Dispatcher } from 'undici';

/** How many addresses of one name are tried, and how long each may take to answer. */
const MAX_ADDRESSES = 4;
const CONNECT_TIMEOUT_MS = 10_000;

type Address = { readonly address: string; readonly family: number };

/** No connection was tried: the name leads nowhere, or to a place that is not public. */
export class NoPublicAddress extends Error {
  override readonly name = 'NoPublicAddress';
  /** The name server did not answer, so the same may work in a moment. */
  readonly isPassing: boolean;
  constructor(message: string, options: { cause?: unknown; isPassing?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isPassing = options.isPassing ?? false;
  }
}

export type AgentOptions = {
  readonly allowPrivateNetwork: boolean;
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
  /** Each request gets a connection of its own, so that none can go out on one that the other side is closing. */
  readonly isFresh?: boolean;
  /** Opens a connection to an address that was checked; for tests, which have no public addresses. */
  readonly dial?: buildConnector.connector;
};

/** Makes what connects to addresses that strangers chose: to public ones only, unless `allowPrivateNetwork` switches that
 *  check off.
 *
 *  Every connection goes through one connector that resolves the name, checks all its addresses, and dials a checked one
 *  by number: a name that answers differently the next time (DNS rebinding) gains nothing. */
export function createGuardedAgent(options: AgentOptions): Dispatcher {
  const { allowPrivateNetwork, resolve = (host: string) => lookup(host, { all: true }) } = options;
  const dial = options.dial ?? buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false });

  const addressesByName = async (host: string): Promise<readonly Address[]> => {
    if (ipaddr.isValid(host)) return [{ address: host, family: 0 }];
    try {
      return await resolve(host);
    } catch (cause) {
      // Any other code means that the name server did not answer, not that there is no such name.
      const isPassing = !(cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND');
      throw new NoPublicAddress(`the name ${host} cannot be resolved`, { cause, isPassing });
    }
  };

  const addressesOf = async (host: string): Promise<readonly Address[]> => {
    const found = await addressesByName(host);
    if (found.length === 0) throw new NoPublicAddress(`the name ${host} cannot be resolved`);
    // One bad address among good ones is refused too: nobody has such a name by mistake.
    const isAllowed = allowPrivateNetwork || found.every(({ address }) => isPublicAddress(address));
    if (!isAllowed) throw new NoPublicAddress(`${host} is not on the public internet`);
    return found.slice(0, MAX_ADDRESSES);
  };

  const connect = async (asked: buildConnector.Options): Promise<Socket> => {
    const host = withoutBrackets(asked.hostname);
    let failure: unknown;
    for (const { address } of await addressesOf(host)) {
      try {
        // The certificate is still checked against the name.
        const servername = ipaddr.isValid(host) ? {} : { servername: host };
        return await dialOnce(dial, { ...asked, ...servername, hostname: address });
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  return new Agent({
    allowH2: false,
    ...(options.isFresh === true ? { pipelining: 0 } : {}),
    connect: (asked, done) => {
      connect(asked).then(
        (socket) => done(null, socket),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
      );
    },
  });
}

const dialOnce = (dial: buildConnector.connector, options: buildConnector.Options): Promise<Socket> =>
  new Promise((resolve, reject) => {
    dial(options, (error, socket) => (error === null ? resolve(socket) : reject(error)));
  });

/** Whether an address is one that anybody on the internet can reach. An IPv6 form that carries an IPv4 address is judged
 *  by that address, because a gateway or the kernel will go there.
 *  @param address an IPv4 or IPv6 address, without brackets. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  const embedded = embeddedIn(parsed);
  return embedded === undefined
    ? parsed.range() === 'unicast' && isGlobalUnicast(parsed)
    : embedded.every((bytes) => new ipaddr.IPv4(bytes).range() === 'unicast');
}

/** RFC 4291: 2000::/3 is all that was ever given out. What lies outside may still be routed somewhere, as ::127.0.0.1
 *  was once. */
const isGlobalUnicast = (address: ipaddr.IPv6): boolean => ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20;

/** The IPv4 addresses inside an IPv6 address; undefined where it has none. */
function embeddedIn(address: ipaddr.IPv6): number[][] | undefined {
  const bytes = address.toByteArray();
  const last = bytes.slice(12);
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
      return [last];
    case 'rfc6052':
      // 64:ff9b:1::/48 (RFC 8215) is for private translators, which may put the address elsewhere: none is public.
      return bytes.slice(4, 12).every((byte) => byte === 0) ? [last] : [[0, 0, 0, 0]];
    case '6to4':
      return [bytes.slice(2, 6)];
    case 'teredo':
      // RFC 4380: the relay's address as it is, the client's with every bit inverted.
      return [bytes.slice(4, 8), last.map((byte) => byte ^ 0xff)];
    default:
      return isGlobalUnicast(address) && isIsatap(bytes) ? [last] : undefined;
  }
}

/** RFC 5214: an interface id of 0000:5efe or 0200:5efe, then the IPv4 address. */
const isIsatap = (bytes: readonly number[]): boolean =>
  ((bytes[8] ?? 0) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');
