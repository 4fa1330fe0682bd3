import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = [Address, number];

/**
 * Which addresses the operator may dial for an endpoint that a user names
 * (design 8). Always refused, whatever is allowed: link-local and metadata
 * addresses, unspecified, multicast, broadcast, and the API server. Loopback
 * and what `deniedCidrs` names are refused unless `allowedEndpoints` names them.
 */
export interface AddressPolicy {
  /** Whether an endpoint with this host may be dialled at this address. */
  allows(host: string, address: string): boolean;
}

export interface AddressPolicyOptions {
  /** Host suffixes (`minio.acme.example`, `.acme.example`) and CIDRs (`127.0.0.0/8`). */
  readonly allowedEndpoints: readonly string[];
  readonly deniedCidrs: readonly string[];
  /** IP addresses of the API server. */
  readonly apiServerAddresses: readonly string[];
}

/** Metadata services outside the link-local range. */
const METADATA = ['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'];

const NEVER = new Set([
  'linkLocal',
  'unspecified',
  'multicast',
  'broadcast',
  'reserved',
  'discard',
  'as112',
  'amt',
  'orchid2',
  'benchmarking',
  'documentation',
]);

/** Makes the policy; throws with the entry's text when a CIDR of the administrator is none. */
export function createAddressPolicy(options: AddressPolicyOptions): AddressPolicy {
  const allowedCidrs = options.allowedEndpoints.filter((entry) => entry.includes('/')).map(parseCidr);
  const allowedHosts = options.allowedEndpoints
    .filter((entry) => !entry.includes('/'))
    .map((host) => host.toLowerCase());
  const denied = options.deniedCidrs.map(parseCidr);
  const never = new Set([...METADATA, ...options.apiServerAddresses].map((address) => canonical(address)));

  return {
    allows(host, text) {
      if (!ipaddr.isValid(text)) return false;
      const address = unwrap(ipaddr.parse(text));
      if (never.has(address.toString()) || NEVER.has(address.range())) return false;
      const named = allowedHosts.some((suffix) => matchesHost(host, suffix)) || within(address, allowedCidrs);
      if (named) return true;
      return address.range() !== 'loopback' && !within(address, denied);
    },
  };
}

/**
 * The address that is really reached: IPv4 comes disguised as IPv6 in mapped,
 * translated (NAT64), 6to4 and Teredo form.
 */
function unwrap(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const at = (index: number): number => address.parts[index] ?? 0;
  switch (address.range()) {
    case 'rfc6052':
    case 'rfc6145':
      return fromWords(at(6), at(7));
    case '6to4':
      return fromWords(at(1), at(2));
    case 'teredo':
      return fromWords(at(6) ^ 0xffff, at(7) ^ 0xffff);
    default: {
      // The deprecated IPv4-compatible form ::a.b.c.d
      const compatible = address.parts.slice(0, 6).every((part) => part === 0) && at(6) !== 0;
      return compatible ? fromWords(at(6), at(7)) : address;
    }
  }
}

function fromWords(high: number, low: number): Address {
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

function within(address: Address, cidrs: readonly Cidr[]): boolean {
  return cidrs.some(([base, bits]) => base.kind() === address.kind() && address.match([base, bits] as never));
}

/** `acme.example` and `.acme.example` both name the host itself and everything below it. */
function matchesHost(host: string, suffix: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  const bare = suffix.replace(/^\*?\./, '');
  return name === bare || name.endsWith(`.${bare}`);
}

function parseCidr(text: string): Cidr {
  try {
    return ipaddr.parseCIDR(text);
  } catch {
    throw new Error(`"${text}" is not an address range: write it as 10.0.0.0/8 or fd00::/8`);
  }
}

function canonical(address: string): string {
  return ipaddr.isValid(address) ? unwrap(ipaddr.parse(address)).toString() : address;
}
