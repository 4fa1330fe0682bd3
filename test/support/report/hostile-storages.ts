import { checksWith, condition, factsOf, minioBucketOf, teamStorage, type Storage } from './demo-storages.ts';

const MARKUP =
  '"><img src=x onerror="globalThis.pwned=1"></style></script><script>globalThis.pwned=1</script><b onclick=x>';
const TURNED = '\u202egnp.exe\u2066\u001b[2J';

/** Storages whose every text is written by an enemy: names, paths, messages, remedies, addresses and times. */
export function hostileStorages(): readonly Storage[] {
  const check = {
    ...({ name: MARKUP, result: 'Fail', reason: MARKUP } as const),
    ...{ message: `${MARKUP}${TURNED} ${'long'.repeat(200)}`, remedy: `${MARKUP}${TURNED}` },
  };
  return ['one', MARKUP].map((name) =>
    teamStorage(
      name,
      {
        team: MARKUP,
        bucket: minioBucketOf('data', 'a-secret-name'.repeat(12), 'a/very/long/path/'.repeat(12).slice(0, -1)),
      },
      {
        ...factsOf(MARKUP, TURNED),
        ...{ provider: MARKUP, region: MARKUP, principal: MARKUP, lastFullValidationTime: MARKUP },
        conditions: [
          { ...condition('Ready', 'False', MARKUP, MARKUP), lastTransitionTime: MARKUP },
          condition('Published', 'False', MARKUP, TURNED),
          condition('Isolated', 'False', MARKUP, TURNED),
        ],
        checks: [...checksWith(), check],
        rotation: { rotatedAt: MARKUP, previousKeySafeToRevokeAfter: MARKUP },
        isolation: { sharedWith: [MARKUP, TURNED], filesLeftIn: MARKUP },
      },
    ),
  );
}
