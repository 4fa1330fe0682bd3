import { describe, expect, it } from '@jest/globals';
import type { Schema } from '../../crds/crd-files.ts';
import { specsWith, specWithout } from './placement.ts';
import { textsOf } from './texts.ts';
import { valuesOf } from './values.ts';

const DRAW = { seed: 1, known: (path: string) => (path === 'secret.name' ? ['there'] : []) };
const NAME: Schema = {
  type: 'string',
  maxLength: 9,
  'x-kubernetes-validations': [{ rule: "self.matches('^[a-z]([a-z0-9]*[a-z])?$')", message: '' }],
};

const whats = (schema: Schema): readonly string[] => valuesOf({ schema, at: '' }, DRAW).map(({ what }) => what);
const values = (schema: Schema): readonly unknown[] => valuesOf({ schema, at: '' }, DRAW).map(({ value }) => value);

describe('values of a field', () => {
  it('are the members of an enum, both of a flag, and the bounds of a number', () => {
    expect(values({ type: 'string', enum: ['Path', 'VirtualHosted'] })).toEqual(['Path', 'VirtualHosted']);
    expect(values({ type: 'boolean' })).toEqual([true, false]);
    expect(values({ type: 'integer', minimum: 1, maximum: 9 })).toEqual([1, 5, 9]);
  });

  it('are texts of the pattern, the shortest and the longest among them', () => {
    const { shortest, some, longest } = textsOf(NAME, 1);

    expect([shortest.length, longest?.length]).toEqual([1, 9]);
    for (const text of [shortest, ...some, longest]) expect(text).toMatch(/^[a-z]([a-z0-9]*[a-z])?$/);
  });

  it('have no longest where all have one length', () => {
    const digits = { type: 'string', pattern: '^[0-9]{12}$', maxLength: 64 };

    expect(textsOf(digits, 1)).not.toHaveProperty('longest');
    expect(whats(digits)).toEqual(['shortest', 'some 1', 'some 2']);
  });

  it('are lists and maps of the fewest and of the most items', () => {
    const list = values({ type: 'array', items: NAME, minItems: 1, maxItems: 7 }) as readonly (readonly string[])[];
    const map = values({ type: 'object', additionalProperties: NAME, maxProperties: 6 });

    expect(list.map((items) => new Set(items).size)).toEqual([1, 7]);
    expect(map.map((one) => Object.keys(one as object).length)).toEqual([0, 1, 6]);
  });

  it('are asked for where the schema has something new', () => {
    expect(() => values({ type: 'string', format: 'date-time' })).toThrow(
      'no texts are known for the format date-time',
    );
    expect(() => values({})).toThrow('no values are known for {}');
  });
});

describe('a value in its place', () => {
  const secret: Schema = { type: 'object', required: ['name'], properties: { name: NAME, key: NAME } };
  const place = {
    schema: { type: 'object', properties: { secret, token: secret, flag: { type: 'boolean' } } },
    at: '',
  };

  it('comes with the required neighbours, and with those that are there already', () => {
    const [added] = specsWith({ flag: true }, { place, steps: ['secret', 'key'], value: 'k', draw: DRAW });
    const [changed] = specsWith(
      { secret: { name: 'mine', key: 'old' } },
      { place, steps: ['secret', 'key'], value: 'k', draw: DRAW },
    );

    expect(added).toEqual({ flag: true, secret: { name: 'there', key: 'k' } });
    expect(changed).toEqual({ secret: { name: 'mine', key: 'k' } });
  });

  it('is also tried without the optional neighbours, because fields exclude each other', () => {
    const around = { type: 'object', properties: { either: place.schema } };
    const specs = specsWith(
      { either: { token: { name: 'mine' } } },
      { place: { schema: around, at: '' }, steps: ['either', 'flag'], value: true, draw: DRAW },
    );

    expect(specs).toEqual([{ either: { token: { name: 'mine' }, flag: true } }, { either: { flag: true } }]);
  });

  it('is taken away, and nothing else', () => {
    expect(specWithout({ secret: { name: 'a', key: 'k' } }, ['secret', 'key'])).toEqual({ secret: { name: 'a' } });
    expect(specWithout({ flag: true }, ['secret', 'key'])).toBeUndefined();
  });
});
