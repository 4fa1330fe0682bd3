import { expect, it } from '@jest/globals';
import { onceFor } from './once-for.ts';

it('computes once for each object, also where the result is undefined', () => {
  const asked: string[] = [];
  const nameOf = onceFor(({ name }: { readonly name: string | undefined }) => {
    asked.push(name ?? 'none');
    return name;
  });
  const [one, two, none] = [{ name: 'one' }, { name: 'two' }, { name: undefined }];
  expect([one, two, none, one, two, none].map(nameOf)).toEqual(['one', 'two', undefined, 'one', 'two', undefined]);
  expect(asked).toEqual(['one', 'two', 'none']);
});
