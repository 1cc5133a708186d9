import { BlockList, isIP } from 'node:net';

const MAX_BITS = { 4: 32, 6: 128 } as const;

type Range = { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' };

function parse(text: string): Range | undefined {
  const [address = '', length, ...more] = text.split('/');
  const version = isIP(address);
  if ((version !== 4 && version !== 6) || more.length > 0) return undefined;
  const max = MAX_BITS[version];
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bits = length === undefined ? max : Number(length);
  return bits > max ? undefined : { address, bits, family: `ipv${version}` };
}

/** An IPv4 or IPv6 address, alone or as a range such as `10.0.0.0/8`. */
export const isAddressRange = (text: string): boolean => parse(text) !== undefined;

/** @param ranges as they passed `isAddressRange`.
 *  @returns whether an address is in one of them. An IPv4 address counts in its IPv6 form too. */
export function createAddressList(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of ranges) {
    const range = parse(text);
    if (range === undefined) throw new Error('a key has an address range that cannot be read');
    list.addSubnet(range.address, range.bits, range.family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}
