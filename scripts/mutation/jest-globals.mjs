/**
 * What the tests import from @jest/globals, on Mocha, which stays in one process and runs a test within milliseconds:
 * Jest starts anew for each change of the code, about two seconds each time.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';

const packaged = createRequire(join(process.env['BYOB_MUTATION_PACKAGES'] ?? '', 'packages'));
const { bind } = packaged('jest-each');
const { ModuleMocker } = packaged('jest-mock');
const mocker = new ModuleMocker(globalThis);

// That a property fails is enough here: a search for the shortest input takes most of the time.
fc.configureGlobal({ endOnFailure: true });

// Mocha calls it `before` and `after`, and takes no time limit as the last argument.
export const describe = withEach((name, body) => globalThis.describe(name, body), false);
export const it = withEach((name, body) => globalThis.it(name, body), true);
export const { beforeEach, afterEach, before: beforeAll, after: afterAll } = globalThis;
export const { expect } = packaged('expect');
export const jest = { fn: mocker.fn.bind(mocker), spyOn: mocker.spyOn.bind(mocker), setTimeout: () => undefined };

function withEach(add, supportsDone) {
  return Object.assign(add, { each: bind(add, supportsDone) });
}
