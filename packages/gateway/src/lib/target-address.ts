import ipaddr from 'ipaddr.js';
import { isPublicAddress } from './guarded-agent.ts';

const MAX_CHARS = 2_048;

/** Why nothing can be sent to this address, as far as the address itself tells: names are looked up when it is called.
 *  Undefined for one that may be tried. */
export function refusalOf(url: string, p: { allowPrivateNetwork: boolean }): string | undefined {
  const isAddress = url.length <= MAX_CHARS && /^https?:\/\//i.test(url) && URL.canParse(url);
  if (!isAddress) return `must be an http or https address of at most ${MAX_CHARS} characters`;
  const { hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return 'must not carry a user name or a password';
  return p.allowPrivateNetwork || !isPlainlyPrivate(hostname) ? undefined : 'must be on the public internet';
}

/** `URL` writes every spelling of an IPv4 address as four decimal numbers. */
function isPlainlyPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return ipaddr.isValid(host) ? !isPublicAddress(host) : host === 'localhost' || host.endsWith('.localhost');
}
