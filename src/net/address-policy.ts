import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = [Address, number];

/**
 * Which addresses the operator may dial for an endpoint that a user names.
 * Always refused, even if allowed by a setting: link-local and metadata
 * addresses, unspecified, multicast, broadcast, and the API server. Loopback,
 * reserved ranges and `deniedCidrs` are refused unless `allowedEndpoints` names
 * them.
 */
export interface AddressPolicy {
  /** Whether an endpoint with this host may be dialled at this address and port. */
  allows(host: string, address: string, port: number): boolean;
}

/** Where an API server listens. Other services may share its address, as on the only node of a small cluster. */
export interface ApiServerAddress {
  readonly address: string;
  readonly port: number;
}

export interface AddressPolicyOptions {
  /** Host suffixes (`minio.acme.example`, `.acme.example`) and CIDRs (`127.0.0.0/8`). */
  readonly allowedEndpoints: readonly string[];
  readonly deniedCidrs: readonly string[];
  /** Read for each decision, so that addresses found later count at once. */
  readonly apiServerAddresses: Iterable<ApiServerAddress>;
}

/** Services that clouds offer to their own machines outside the link-local range, above all metadata. */
const METADATA = [
  'fd00:ec2::/32', // AWS: metadata, credentials of EKS Pod Identity, DNS
  'fd20:ce::254/128', // Google
  'fd00:c1::a9fe:a9fe/128', // Oracle
  '192.0.0.192/32', // Oracle Classic
  '168.63.129.16/32', // Azure
  '100.100.100.200/32', // Alibaba
  'fd00:100::100:200/128', // Alibaba
  'fd00:42::42/128', // Scaleway
  'fd00:a9fe:a9fe::1/128', // Linode
];

const NEVER = new Set(['linkLocal', 'unspecified', 'multicast', 'broadcast']);

/** Reserved ranges, which service meshes, test networks and network appliances use nevertheless. */
const UNLESS_NAMED = new Set([
  'loopback',
  'reserved',
  'discard',
  'as112',
  'amt',
  'orchid2',
  'benchmarking',
  'documentation',
]);

/** Makes the policy; throws with the entry's text when an entry is not a CIDR. */
export function createAddressPolicy(options: AddressPolicyOptions): AddressPolicy {
  const allowedCidrs = options.allowedEndpoints.filter((entry) => entry.includes('/')).map(parseCidr);
  const allowedHosts = options.allowedEndpoints.filter((entry) => !entry.includes('/')).map(bareHost);
  const denied = options.deniedCidrs.map(parseCidr);
  const metadata = METADATA.map(parseCidr);

  function isApiServer(address: Address, port: number): boolean {
    const text = address.toString();
    return [...options.apiServerAddresses].some((server) => server.port === port && canonical(server.address) === text);
  }

  return {
    allows(host, text, port) {
      // A zone id is valid with link-local addresses only; on others it would defeat the comparison.
      if (text.includes('%') || !ipaddr.isValid(text)) return false;
      const address = unwrap(ipaddr.parse(text));
      if (NEVER.has(address.range()) || within(address, metadata) || isApiServer(address, port)) return false;
      const named = allowedHosts.some((suffix) => matchesHost(host, suffix)) || within(address, allowedCidrs);
      return named || (!UNLESS_NAMED.has(address.range()) && !within(address, denied));
    },
  };
}

/**
 * The address that is really reached: IPv6 embeds IPv4 in its mapped,
 * translated (NAT64), 6to4, Teredo, ISATAP and the deprecated compatible form.
 */
function unwrap(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const words = address.parts;
  const at = (index: number): number => words[index] ?? 0;
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
      return fromWords(at(6), at(7));
    case 'rfc6052':
      // A local NAT64 (64:ff9b:1::/48) may keep the address elsewhere; only its form of /96 can be read.
      return words.slice(3, 6).every((word) => word === 0) ? fromWords(at(6), at(7)) : NOWHERE;
    case '6to4':
      return fromWords(at(1), at(2));
    case 'teredo':
      return fromWords(at(6) ^ 0xffff, at(7) ^ 0xffff);
    case 'loopback':
    case 'unspecified':
      return address;
    default:
      return embedsIPv4(words) ? fromWords(at(6), at(7)) : address;
  }
}

/** The IPv4-compatible form `::a.b.c.d`, and ISATAP. */
function embedsIPv4(words: readonly number[]): boolean {
  const [, , , , flags = 0, mark] = words;
  return words.slice(0, 6).every((word) => word === 0) || ((flags & 0xfdff) === 0 && mark === 0x5efe);
}

/** An address that is always refused. */
const NOWHERE = new ipaddr.IPv4([0, 0, 0, 0]);

function fromWords(high: number, low: number): Address {
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

function within(address: Address, cidrs: readonly Cidr[]): boolean {
  return cidrs.some(([base, bits]) => base.kind() === address.kind() && address.match([base, bits] as never));
}

/** `acme.example` and `.acme.example` both match the host itself and everything below it. */
function matchesHost(host: string, bare: string): boolean {
  const name = bareHost(host);
  if (bare === '') return false;
  // The end of an address is not a suffix: 0.0.1 is not the parent of 127.0.0.1.
  return name === bare || (name.endsWith(`.${bare}`) && !ipaddr.isValid(name));
}

/** A host or suffix in canonical form: lower case, without `*.` and the dot of the root. */
function bareHost(text: string): string {
  return text
    .toLowerCase()
    .replace(/^\*?\./, '')
    .replace(/\.$/, '');
}

/** A mapped range of IPv4 becomes one of IPv4, since addresses are unwrapped before they are compared. */
function parseCidr(text: string): Cidr {
  try {
    const [base, bits] = ipaddr.parseCIDR(text);
    const isMapped = base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && bits >= 96;
    return isMapped ? [base.toIPv4Address(), bits - 96] : [base, bits];
  } catch {
    throw new Error(`"${text}" is not an address range: write it as 10.0.0.0/8 or fd00::/8`);
  }
}

function canonical(address: string): string {
  return ipaddr.isValid(address) ? unwrap(ipaddr.parse(address)).toString() : address;
}
