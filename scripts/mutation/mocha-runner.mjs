/**
 * Stryker's runner for Mocha, which starts a process anew for each change of code that also runs while a file is loaded,
 * seconds each time. Here such a change is active only while tests run: what is made on loading is data (`ignoreStatic`).
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const packaged = createRequire(join(process.env['BYOB_MUTATION_PACKAGES'] ?? '', 'packages'));
const { strykerPlugins: given, strykerValidationSchema: schema } = await import(
  pathToFileURL(packaged.resolve('@stryker-mutator/mocha-runner')).href
);

export const strykerPlugins = given.map(({ factory, ...plugin }) => ({
  ...plugin,
  factory: Object.assign(
    (injector) => Object.assign(factory(injector), { capabilities: async () => ({ reloadEnvironment: true }) }),
    { inject: factory.inject },
  ),
}));
export const strykerValidationSchema = schema;
