/** Loaded before the tests: gives them `jest-globals.mjs` instead of @jest/globals, which works in Jest only. */
import { registerHooks } from 'node:module';

const url = import.meta.resolve('./jest-globals.mjs');

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url, shortCircuit: true } : next(specifier, context),
});
