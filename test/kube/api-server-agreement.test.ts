import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { adminConnection, newNamespace } from '../servers/shared.ts';
import { installWeightsAndBiases } from '../servers/weights-and-biases.ts';
import { createFakeClock } from '../support/fakes/clock.ts';
import { createApiServer } from '../support/api-server/server.ts';
import { SCRIPTS } from './api-server-scripts.ts';
import { createNormaliser, memoryWorld, realWorld, type Script, type World } from './api-server-world.ts';

/** The answers of one story, without the names that a server makes. */
async function answersOf(script: Script, world: World): Promise<readonly unknown[]> {
  const normalise = createNormaliser(world.namespace);
  const seen: unknown[] = [];
  await script.play(world, (answer) => {
    seen.push(normalise(answer));
    return answer;
  });
  return seen;
}

beforeAll(installWeightsAndBiases);
afterAll(() => adminConnection().close());

it.each(SCRIPTS)('the API server in memory answers as the real one: $name', async (script) => {
  const real = await answersOf(script, realWorld(adminConnection(), await newNamespace('agreement')));
  const server = createApiServer({ clock: createFakeClock() });
  expect(await answersOf(script, memoryWorld(server, 'memory'))).toEqual(real);
  expect(real.length).toBeGreaterThan(0);
});
