import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { createAddressPolicy, type AddressPolicyOptions } from './address-policy.ts';

function policy(options: Partial<AddressPolicyOptions> = {}) {
  return createAddressPolicy({ allowedEndpoints: [], deniedCidrs: [], apiServerAddresses: [], ...options });
}

const HOST = 'store.acme.example';

describe('the address policy by default', () => {
  it.each([
    ['public IPv4', '93.184.216.34'],
    ['public IPv6', '2606:2800:220:1::1'],
    ['private 10/8', '10.1.2.3'],
    ['private 172.16/12', '172.31.255.254'],
    ['private 192.168/16', '192.168.0.10'],
    ['shared 100.64/10, pods of EKS', '100.64.0.10'],
    ['unique local IPv6', 'fd12:3456::1'],
    ['a public IPv4 behind NAT64', '64:ff9b::5db8:d822'],
    ['a public IPv4 behind a local NAT64', '64:ff9b:1::5db8:d822'],
    ['a public IPv4, mapped', '::ffff:93.184.216.34'],
  ])('allows %s: %s', (_, address) => {
    expect(policy().allows(HOST, address, 443)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, another one', '127.255.0.3'],
    ['loopback IPv6', '::1'],
    ['loopback IPv6 in full', '0:0:0:0:0:0:0:1'],
    ['loopback, mapped', '::ffff:127.0.0.1'],
    ['loopback, mapped in hexadecimal', '::ffff:7f00:1'],
    ['loopback, IPv4-compatible', '::127.0.0.1'],
    ['reserved 240/4', '240.240.0.1'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['benchmarking, NAT64', '64:ff9b::198.18.0.1'],
    ['documentation, IPv6', '2001:db8::1'],
    ['discard, IPv6', '100::1'],
  ])('refuses %s: %s', (_, address) => {
    expect(policy().allows(HOST, address, 443)).toBe(false);
  });
});

/** Refused even where the administrator allows them. */
const NEVER = [
  ['unspecified', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['unspecified IPv6', '::'],
  ['link-local', '169.254.1.1'],
  ['link-local IPv6', 'fe80::1'],
  ['multicast', '224.0.0.1'],
  ['multicast IPv6', 'ff02::1'],
  ['broadcast', '255.255.255.255'],
  ['metadata of AWS, GCP, Azure, OpenStack, Oracle', '169.254.169.254'],
  ['credentials of ECS', '169.254.170.2'],
  ['credentials of EKS Pod Identity', '169.254.170.23'],
  ['metadata of AWS, IPv6', 'fd00:ec2::254'],
  ['credentials of EKS Pod Identity, IPv6', 'fd00:ec2::23'],
  ['metadata of GCP, IPv6', 'fd20:ce::254'],
  ['metadata of Oracle, IPv6', 'fd00:c1::a9fe:a9fe'],
  ['metadata of Scaleway', '169.254.42.42'],
  ['metadata of Scaleway, IPv6', 'fd00:42::42'],
  ['metadata of Linode, IPv6', 'fd00:a9fe:a9fe::1'],
  ['metadata of OpenStack, IPv6', 'fe80::a9fe:a9fe'],
  ['metadata of Tencent', '169.254.0.23'],
  ['metadata of Alibaba', '100.100.100.200'],
  ['metadata of Alibaba, IPv6', 'fd00:100::100:200'],
  ['WireServer of Azure', '168.63.129.16'],
  ['metadata of Oracle Classic', '192.0.0.192'],
  ['metadata, mapped', '::ffff:169.254.169.254'],
  ['metadata, mapped in hexadecimal', '::ffff:a9fe:a9fe'],
  ['metadata, translated', '::ffff:0:a9fe:a9fe'],
  ['metadata, NAT64', '64:ff9b::a9fe:a9fe'],
  ['metadata, local NAT64', '64:ff9b:1::a9fe:a9fe'],
  ['metadata, local NAT64 with a prefix of /48', '64:ff9b:1:a9fe:a9:fe00::'],
  ['metadata, local NAT64 with a prefix of /64', '64:ff9b:1:0:a9:fea9:fe00:0'],
  ['metadata, 6to4', '2002:a9fe:a9fe::1'],
  ['metadata, Teredo (inverted bits)', '2001:0:4136:e378:8000:63bf:5601:5601'],
  ['metadata, ISATAP', '2606:2800:220:1:0:5efe:a9fe:a9fe'],
  ['metadata, IPv4-compatible', '::169.254.169.254'],
  ['Azure, mapped', '::ffff:168.63.129.16'],
  ['Alibaba, NAT64', '64:ff9b::100.100.100.200'],
  ['this network, IPv4-compatible', '::2'],
  ['a zone id', 'fe80::1%eth0'],
  ['a zone id that hides a metadata address', 'fd00:ec2::254%eth0'],
  ['a zone id on a public address', '2606:2800:220:1::1%1'],
  ['decimal', '2852039166'],
  ['octal', '0251.0376.0251.0376'],
  ['hexadecimal', '0xa9fea9fe'],
  ['short form', '169.254.43518'],
  ['a name', 'metadata.google.internal'],
  ['nothing', ''],
] as const;

describe('the address policy whatever is allowed', () => {
  const open = policy({
    allowedEndpoints: [HOST, '0.0.0.0/0', '::/0', '169.254.0.0/16', 'fd00::/8', '100.100.0.0/16'],
  });

  it.each(NEVER)('refuses %s: %s', (_, address) => {
    expect(open.allows(HOST, address, 443)).toBe(false);
  });

  it('refuses the API server at its port, and lets others share its address', () => {
    const guarded = policy({ apiServerAddresses: [{ address: '10.0.0.1', port: 6443 }] });
    expect(guarded.allows(HOST, '10.0.0.1', 6443)).toBe(false);
    expect(guarded.allows(HOST, '10.0.0.1', 30900)).toBe(true);
  });

  it('refuses an API server that is found later', () => {
    const apiServerAddresses: { address: string; port: number }[] = [];
    const guarded = policy({ apiServerAddresses });
    expect(guarded.allows(HOST, '10.0.0.7', 6443)).toBe(true);
    apiServerAddresses.push({ address: '10.0.0.7', port: 6443 });
    expect(guarded.allows(HOST, '10.0.0.7', 6443)).toBe(false);
  });

  it('refuses the API server, in disguise too', () => {
    const guarded = policy({
      allowedEndpoints: [HOST, '10.0.0.0/8'],
      apiServerAddresses: ['10.0.0.1', 'FD12:0:0::A', 'not an address'].map((address) => ({ address, port: 443 })),
    });
    const refused = ['10.0.0.1', '::ffff:10.0.0.1', '64:ff9b::10.0.0.1', 'fd12::a', 'fd12::a%eth0'];
    expect(refused.filter((address) => guarded.allows(HOST, address, 443))).toEqual([]);
    expect(guarded.allows(HOST, '10.0.0.2', 443)).toBe(true);
  });

  it('never lets the metadata address through, however it is written', () => {
    fc.assert(
      fc.property(disguises('169.254.169.254'), (text) => {
        expect(open.allows(HOST, text, 443)).toBe(false);
      }),
      atLeast(2000),
    );
  });

  it('never lets loopback through unless it is allowed, however it is written', () => {
    fc.assert(
      fc.property(disguises('127.0.0.1'), (text) => {
        expect(policy().allows(HOST, text, 443)).toBe(false);
      }),
      atLeast(2000),
    );
  });
});

describe('allowed endpoints', () => {
  it.each([
    ['the host', 'acme.example', 'acme.example'],
    ['a host below it', 'acme.example', 'minio.acme.example'],
    ['a host far below it', '.acme.example', 'a.b.acme.example'],
    ['the host itself, of a suffix with a dot', '.acme.example', 'acme.example'],
    ['a wildcard', '*.acme.example', 'minio.acme.example'],
    ['any case', 'Acme.Example', 'MINIO.acme.EXAMPLE'],
    ['the root dot of the host', 'acme.example', 'minio.acme.example.'],
    ['the root dot of the entry', 'acme.example.', 'minio.acme.example'],
    ['an address as host', '127.0.0.1', '127.0.0.1'],
    ['localhost', 'localhost', 'localhost'],
  ])('open loopback for %s', (_, entry, host) => {
    expect(policy().allows(host, '127.0.0.1', 443)).toBe(false);
    expect(policy({ allowedEndpoints: [entry] }).allows(host, '127.0.0.1', 443)).toBe(true);
  });

  it.each([
    ['a name that only ends alike', 'acme.example', 'evilacme.example'],
    ['the name as a prefix', 'acme.example', 'acme.example.evil.test'],
    ['a parent', 'minio.acme.example', 'acme.example'],
    ['an empty entry', '', 'acme.example'],
    ['a dot', '.', 'acme.example'],
    ['part of an address', '0.0.1', '127.0.0.1'],
  ])('are not matched by %s', (_, entry, host) => {
    expect(policy({ allowedEndpoints: [entry] }).allows(host, '127.0.0.1', 443)).toBe(false);
  });

  it.each([
    ['127.0.0.0/8', '127.0.0.1'],
    ['127.0.0.0/8', '::ffff:127.0.0.1'],
    ['::ffff:127.0.0.0/104', '127.0.0.1'],
    ['::1/128', '::1'],
  ])('open loopback by the range %s for %s', (entry, address) => {
    expect(policy({ allowedEndpoints: [entry] }).allows(HOST, address, 443)).toBe(true);
  });

  it.each([
    ['240.240.0.0/16', '240.240.0.1'],
    ['198.18.0.0/15', '198.19.0.1'],
    ['198.18.0.0/15', '::ffff:198.18.0.1'],
    ['192.0.2.0/24', '192.0.2.1'],
    ['2001:db8::/32', '2001:db8::1'],
    ['100::/64', '100::1'],
    [HOST, '240.240.0.1'],
    [HOST, '198.18.0.1'],
  ])('open a reserved range by the entry %s for %s', (entry, address) => {
    expect(policy({ allowedEndpoints: ['other.example'] }).allows(HOST, address, 443)).toBe(false);
    expect(policy({ allowedEndpoints: [entry] }).allows(HOST, address, 443)).toBe(true);
  });

  it('win over a denied range', () => {
    const mixed = policy({ allowedEndpoints: ['minio.acme.example', '10.9.0.0/16'], deniedCidrs: ['10.0.0.0/8'] });
    expect(mixed.allows('minio.acme.example', '10.1.1.1', 443)).toBe(true);
    expect(mixed.allows('other.example', '10.9.1.1', 443)).toBe(true);
    expect(mixed.allows('other.example', '10.1.1.1', 443)).toBe(false);
  });
});

describe('denied ranges', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1'],
    ['10.0.0.0/8', '::ffff:10.1.1.1'],
    ['10.0.0.0/8', '64:ff9b::10.1.1.1'],
    ['10.0.0.0/8', '::10.1.1.1'],
    ['::ffff:10.0.0.0/104', '10.1.1.1'],
    ['fd00::/8', 'fd12::1'],
    ['93.184.216.34/32', '93.184.216.34'],
  ])('%s closes %s', (range, address) => {
    expect(policy().allows(HOST, address, 443)).toBe(true);
    expect(policy({ deniedCidrs: [range] }).allows(HOST, address, 443)).toBe(false);
  });

  it.each(['10.0.0.0/8', '0.0.0.0/8', 'fd00::/8'])('%s leaves the rest open', (range) => {
    expect(policy({ deniedCidrs: [range] }).allows(HOST, '192.168.1.1', 443)).toBe(true);
  });
});

describe('a range that is none', () => {
  it.each([
    ['denied', '10.0.0.0/33'],
    ['denied', '10.0.0.5'],
    ['denied', 'cluster.local'],
    ['denied', ''],
    ['allowed', 'acme.example/24'],
    ['allowed', 'fd00::/129'],
    ['allowed', '/8'],
  ])('is named when it is %s: "%s"', (list, entry) => {
    const make = () => policy(list === 'denied' ? { deniedCidrs: [entry] } : { allowedEndpoints: [entry] });
    expect(make).toThrow(`"${entry}" is not an address range: write it as 10.0.0.0/8 or fd00::/8`);
  });
});

/** Ways to write an IPv4 address so that it does not look like one, and still is. */
function disguises(address: string): fc.Arbitrary<string> {
  const bytes = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const number = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const high = ((a << 8) | b).toString(16);
  const low = ((c << 8) | d).toString(16);
  const hex = fc.integer({ min: 0, max: 0xffff }).map((word) => word.toString(16));
  const part = (value: number): fc.Arbitrary<string> =>
    fc.oneof(
      fc.constant(String(value)),
      fc.nat(6).map((zeros) => `0${'0'.repeat(zeros)}${value.toString(8)}`),
      fc.nat(6).map((zeros) => `0x${'0'.repeat(zeros)}${value.toString(16)}`),
    );
  const ipv4 = fc.oneof(
    fc.tuple(part(a), part(b), part(c), part(d)).map((parts) => parts.join('.')),
    fc.tuple(part(a), part(b), part((c << 8) | d)).map((parts) => parts.join('.')),
    fc.tuple(part(a), part((b << 16) | (c << 8) | d)).map((parts) => parts.join('.')),
    part(number),
  );
  const inverted = [(~((a << 8) | b) & 0xffff).toString(16), (~((c << 8) | d) & 0xffff).toString(16)].join(':');
  const embedded = fc.oneof(
    fc
      .constantFrom('::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::', '::')
      .map((prefix) => `${prefix}${high}:${low}`),
    fc.constantFrom('::ffff:', '::', '64:ff9b::').map((prefix) => prefix + address),
    fc.constantFrom('0:0:0:0:0:ffff:', '0000:0:00:0:0:FFFF:').map((prefix) => `${prefix}${high}:${low}`),
    fc.array(hex, { minLength: 5, maxLength: 5 }).map((rest) => `2002:${high}:${low}:${rest.join(':')}`),
    fc.array(hex, { minLength: 4, maxLength: 4 }).map((rest) => `2001:0:${rest.join(':')}:${inverted}`),
    fc.array(hex, { minLength: 3, maxLength: 3 }).map((rest) => `2606:${rest.join(':')}:0:5efe:${high}:${low}`),
  );
  const zone = fc.constantFrom('', '%eth0', '%1', '%a.b');
  const shout = (text: fc.Arbitrary<string>) =>
    fc.tuple(text, fc.boolean()).map(([one, upper]) => (upper ? one.toUpperCase() : one));
  return fc.oneof(
    shout(ipv4),
    fc.tuple(shout(embedded), zone).map(([text, id]) => text + id),
  );
}
