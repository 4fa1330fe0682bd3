import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../../test/support/property-runs.ts';
import { stringify } from 'yaml';
import { yamlItem } from './write-listing.ts';

const awkward = fc.constantFrom(
  ...['true', 'No', 'null', '~', '', ' ', '1e3', '0x1f', '.inf', '.nan', '-', '- a', 'a: b', 'a:', ':a', 'a #b', '#a'],
  ...["it's", '"a"', '{a}', '[a]', '*a', '&a', '!a', '|', '>', '%a', '@a', '`a', 'a\nb', '2026-11-27', '12:30:45'],
  ...['s3://***:***@10.0.0.1:9000/bucket/teams/a?tls=false&region=eu', 's3://[::1]:9000/b', 'Größe', 'yes', 'on', 'y'],
);
const texts = fc.oneof(
  awkward,
  fc.string(),
  fc.stringMatching(/^[aZ0:/.\-_ #@*?=&%~+,]{0,12}$/),
  fc.stringMatching(/^[a:/ ]{70,200}$/),
  fc.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
);

describe('yamlItem', () => {
  it('writes the bytes of the YAML library, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.record({ claim: texts, team: texts, address: texts, entry: fc.boolean() }), (fields) => {
        expect(yamlItem(fields)).toBe(stringify([fields]));
      }),
      atLeast(5_000),
    );
  });

  it('writes a line as it has always been', () => {
    const fields = {
      claim: 'TeamStorage/omega',
      team: 'omega',
      address: 's3://***:***@10.0.0.1:9000/bucket/teams/omega?tls=false',
      entry: true,
      provenAt: '2026-11-27T10:00:00Z',
    };
    expect(yamlItem(fields)).toBe(
      [
        '- claim: TeamStorage/omega',
        '  team: omega',
        '  address: s3://***:***@10.0.0.1:9000/bucket/teams/omega?tls=false',
        '  entry: true',
        '  provenAt: 2026-11-27T10:00:00Z',
        '',
      ].join('\n'),
    );
  });
});
