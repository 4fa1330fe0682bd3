import { describe, expect, it } from '@jest/globals';
import { foreignReason } from './conditions.ts';
import { byRole, CONDITIONS, hasMetric, inOrder, isSummary } from './condition-table.ts';

const drafts = (...types: readonly string[]) =>
  types.map((type) => ({ type, status: 'True' as const, reason: foreignReason('R'), message: '' }));
const typesOf = (conditions: readonly { readonly type: string }[]) => conditions.map(({ type }) => type);

describe('the table of conditions', () => {
  it('lists what decides Ready before what is reported', () => {
    for (const rows of Object.values(CONDITIONS)) {
      const roles = rows.map(({ role }) => role);
      expect(roles.lastIndexOf('Gate')).toBeLessThan(roles.indexOf('Reported'));
      expect(roles.lastIndexOf('Summary')).toBeLessThan(roles.indexOf('Gate'));
    }
  });

  it.each([
    [true, ['Accepted', 'Published', 'Isolated'], ['Provisioned']],
    [false, ['Accepted', 'Published'], ['Isolated', 'Provisioned']],
  ])('splits what a team reports, isolation required: %s', (isRequired, gates, reported) => {
    const split = byRole('TeamStorage', drafts('Provisioned', 'Isolated', 'Published', 'Accepted'), isRequired);
    expect([typesOf(split.gates), typesOf(split.reported)]).toEqual([gates, reported]);
  });

  it('takes a mirrored Ready for a gate', () => {
    expect(typesOf(byRole('TeamStorage', drafts('Accepted', 'Ready'), false).gates)).toEqual(['Ready', 'Accepted']);
  });

  it('puts conditions of other versions last', () => {
    const ordered = inOrder('InstanceStorage', drafts('Former', 'RolledOut', 'Stalled', 'Ready'));
    expect(typesOf(ordered)).toEqual(['Ready', 'Stalled', 'RolledOut', 'Former']);
  });

  it('names the summary and the conditions with a metric', () => {
    expect(CONDITIONS.TeamStorage.filter(isSummary).map(({ type }) => type)).toEqual([
      'Ready',
      'Reconciling',
      'Stalled',
    ]);
    expect([hasMetric('TeamStorage', { type: 'Isolated' }), hasMetric('TeamStorage', { type: 'Provisioned' })]).toEqual(
      [false, true],
    );
  });
});
