import { expect, it } from '@jest/globals';
import { labelsOfInstance, labelsOfTeam, type InstanceTraces } from './deciding-labels.ts';

const INSTANCE = { shard: 'of the instance' };
const LEDGER = { shard: 'of the ledger' };
const LAST = { shard: 'the last one' };
const OWN = { shard: 'of the team' };

interface Row {
  readonly what: string;
  readonly traces: InstanceTraces;
  readonly instance: object | undefined;
  readonly team: object;
}

const ROWS: readonly Row[] = [
  { what: 'an instance', traces: { instance: INSTANCE }, instance: INSTANCE, team: INSTANCE },
  { what: 'an instance without labels', traces: { instance: {} }, instance: {}, team: {} },
  {
    what: 'an instance whose label changed after its ledger was written',
    traces: { instance: INSTANCE, ledger: LEDGER, last: LEDGER },
    instance: INSTANCE,
    team: INSTANCE,
  },
  {
    what: 'an instance that lost its label after its ledger was written',
    traces: { instance: {}, ledger: LEDGER, last: LEDGER },
    instance: {},
    team: {},
  },
  {
    what: 'an instance that is gone and whose ledger remains',
    traces: { ledger: LEDGER, last: INSTANCE },
    instance: LEDGER,
    team: LEDGER,
  },
  { what: 'an instance that is gone with its ledger', traces: { last: LAST }, instance: LAST, team: OWN },
  { what: 'an instance that has never been there', traces: {}, instance: undefined, team: OWN },
];

it.each(ROWS)('$what decides', ({ traces, instance, team }) => {
  expect(labelsOfInstance(traces)).toEqual(instance);
  expect(labelsOfTeam(OWN, traces)).toEqual(team);
});
