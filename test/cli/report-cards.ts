/** What the page of `byob report` shows of one storage. */
export interface Card {
  /** `Ready`, `Not Ready`, `Fails`. */
  readonly verdict: string;
  /** What should be fixed, in the order of the page. */
  readonly open: readonly { readonly result: string; readonly name: string; readonly reason: string }[];
  readonly text: string;
}

/** The storages of a page by kind and name. A list that many have is resolved by no test. */
export function cardsOf(page: string): ReadonlyMap<string, Card> {
  const [, ...cards] = page.split('<details class="card ');
  return new Map(
    cards.map((card) => {
      const [, title = '', verdict = ''] = /<h4>([^<]*)<\/h4> <span class="badge \w+">([^<]*)</.exec(card) ?? [];
      const lines = card.matchAll(/<span class="badge \w+">([^<]*)<\/span> <b>([^<]*)<\/b> <code>([^<]*)</g);
      const open = [...lines].map(([, result = '', name = '', reason = '']) => ({ result, name, reason }));
      return [title.replace(/ \(team .*/, ''), { verdict, open, text: card }];
    }),
  );
}
