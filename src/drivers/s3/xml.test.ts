import { describe, expect, it } from '@jest/globals';
import { childOf, childrenOf, parseXml, textOf } from './xml.ts';

const rootOf = (text: string) => parseXml(text)?.root;

describe('an XML document', () => {
  it('is read by the names of its elements', () => {
    const document = parseXml(
      '<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>omega</Name>' +
        '<Contents><Key>a &amp; b&#x20;c</Key></Contents><Contents><Key><![CDATA[<d>]]></Key></Contents></ListBucketResult>',
    );
    expect(document?.rootName).toBe('ListBucketResult');
    expect(textOf(document?.root, 'Name')).toBe('omega');
    expect(childrenOf(document?.root, 'Contents').map((one) => textOf(one, 'Key'))).toEqual(['a & b c', '<d>']);
  });

  it.each([
    ['a byte order mark', '\uFEFF<?xml version="1.0"?><a><b>1</b></a>'],
    ['blanks that kept the connection', '<?xml version="1.0"?>\n   \n  <a><b>1</b></a>'],
    ['a document type', '<!DOCTYPE a SYSTEM "https://other.example/a.dtd"><a><b>1</b></a>'],
    ['comments', '<!-- --><a><!-- --><b>1</b></a><!-- -->\n'],
  ])('is read with %s', (_, text) => {
    expect(textOf(rootOf(text), 'b')).toBe('1');
  });

  it('has no entities of its own', () => {
    const types = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts"><!ENTITY y "&x;&x;"><!ENTITY z "&y;&y;">]>';
    expect(textOf(rootOf(`${types}<a><b>1&z;2</b></a>`), 'b')).toBe('12');
  });

  it('has a list of one where an element comes once, and an empty one where it does not', () => {
    const root = rootOf('<Rules><Rule><ID>1</ID></Rule></Rules>');
    expect(childrenOf(root, 'Rule')).toHaveLength(1);
    expect(childrenOf(root, 'Other')).toEqual([]);
  });

  it('is read along a path, as far as it goes', () => {
    const root = rootOf('<Rule><Filter><And><Prefix>a/</Prefix></And></Filter><Expiration/></Rule>');
    expect(textOf(root, 'Filter', 'And', 'Prefix')).toBe('a/');
    expect(textOf(root, 'Filter', 'Prefix')).toBeUndefined();
    expect(textOf(root, 'None', 'Prefix')).toBeUndefined();
    expect(childOf(root, 'Expiration')).toBe('');
  });

  it('has its text beside attributes, too', () => {
    expect(textOf(rootOf('<LocationConstraint xmlns="x">eu-west-1</LocationConstraint>'))).toBe('eu-west-1');
    expect(textOf(rootOf('<LocationConstraint xmlns="x"/>'))).toBeUndefined();
    expect(textOf(rootOf('<Code><b>AccessDenied</b></Code>'))).toBeUndefined();
  });

  it('has no children but its own', () => {
    expect(textOf(rootOf('<Error><a>1</a></Error>'), 'constructor', 'name')).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a text', 'no such page'],
    ['JSON', '{"a": 1}'],
    ['an element without an end', '<a><b>'],
    ['elements that cross', '<a><b></a></b>'],
    ['more levels than there is room for', '<a>'.repeat(20_000)],
  ])('is not %s', (_, text) => {
    expect(parseXml(text)).toBeUndefined();
  });
});
