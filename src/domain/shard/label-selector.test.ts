import { describe, expect, it } from '@jest/globals';
import { isSelected, parseLabelSelector, relevantLabels, type Labels, type LabelSelector } from './label-selector.ts';

function selector(text: string): LabelSelector {
  const parsed = parseLabelSelector(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const NONE: Labels = {};
const A: Labels = { shard: 'a' };
const B: Labels = { shard: 'b', tier: 'gold' };
const EMPTY: Labels = { shard: '' };

it.each<[string, readonly Labels[]]>([
  ['shard=a', [A]],
  ['shard == a', [A]],
  ['shard!=a', [NONE, B, EMPTY]],
  ['shard in (a,b)', [A, B]],
  ['shard in ( a )', [A]],
  ['shard notin (a,b)', [NONE, EMPTY]],
  ['shard', [A, B, EMPTY]],
  ['!shard', [NONE]],
  ['! shard', [NONE]],
  ['shard=', [EMPTY]],
  ['shard in (,a)', [A, EMPTY]],
  ['shard,tier=gold', [B]],
  ['shard in (a, b), tier notin (gold)', [A]],
  ['constructor', []],
])('%s selects as in Kubernetes', (text, selected) => {
  expect([NONE, A, B, EMPTY].filter((labels) => isSelected(selector(text), labels))).toEqual(selected);
});

describe('the text of a selector', () => {
  it.each([
    ['shard=a', ['shard == a', ' shard=a ', 'shard in (a)', 'shard in (a, a)', 'shard=a,shard=a']],
    ['shard!=a', ['shard notin (a)']],
    ['!tier,shard in (a,b)', ['shard in (b,a),!tier', 'shard  in  ( b , a ) , ! tier']],
  ])('%s is the same in any notation', (text, others) => {
    expect([text, ...others].map((one) => selector(one).text)).toEqual([text, ...others].map(() => text));
  });

  it('is a selector of the same meaning', () => {
    for (const text of ['shard notin (b,a),tier', 'x!=1,!y,z=', 'acme.example/shard in (a,b)']) {
      expect(selector(selector(text).text)).toEqual(selector(selector(selector(text).text).text));
      expect(selector(selector(text).text).text).toBe(selector(text).text);
    }
  });
});

it.each([
  ['', '"" is no requirement'],
  ['shard=a,', '"" is no requirement'],
  ['shard in a', '"shard in a" is no requirement'],
  ['a\u001b[2J b', '"a\\u001b[2J b" is no requirement'],
  ['shard in (a', '"shard in (a" is no requirement'],
  ['shard=a b', '"shard=a b" is no requirement'],
  ['shard>1', '"shard>1" is no valid key'],
  ['!shard=a', '"!shard=a" is no requirement'],
  ['-shard', '"-shard" is no valid key'],
  ['a/b/c=d', '"a/b/c" is no valid key'],
  ['shard=a/b', '"a/b" is no valid value'],
  [`shard=${'x'.repeat(64)}`, 'is no valid value'],
])('refuses %s', (text, says) => {
  expect(parseLabelSelector(text)).toEqual({ ok: false, error: expect.stringContaining(says) });
});

it('knows which labels it depends on', () => {
  expect(relevantLabels(selector('shard notin (x),!region'), { ...B, region: 'eu' })).toEqual({
    shard: 'b',
    region: 'eu',
  });
});
