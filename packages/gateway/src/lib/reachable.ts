import ipaddr from 'ipaddr.js';
import { isPublicAddress } from './guarded-agent.ts';

/** Whether upstreams on the internet can fetch our files and call us: there is a public address, and it leads out of this
 *  network. */
export function canBeReached(config: {
  readonly publicUrl: string | undefined;
  readonly allowPrivateNetwork: boolean;
}): boolean {
  // Whoever allows private addresses has upstreams there.
  if (config.allowPrivateNetwork) return true;
  if (config.publicUrl === undefined) return false;
  const host = new URL(config.publicUrl).hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return isPublicAddress(host);
  return host !== 'localhost' && !/\.(localhost|local|internal|test)$/.test(host);
}
