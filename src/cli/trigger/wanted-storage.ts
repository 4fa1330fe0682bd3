const KINDS: Readonly<Record<string, 'InstanceStorage' | 'TeamStorage'>> = {
  instancestorage: 'InstanceStorage',
  instancestorages: 'InstanceStorage',
  wbis: 'InstanceStorage',
  teamstorage: 'TeamStorage',
  teamstorages: 'TeamStorage',
  wbts: 'TeamStorage',
};

/** A storage as a user names it; without a kind it is of any. */
export interface WantedStorage {
  readonly kind?: 'InstanceStorage' | 'TeamStorage';
  readonly name: string;
}

/** `omega`, `TeamStorage/omega` or, as with kubectl, `wbts/omega`; `undefined` for another kind. */
export function parseWanted(text: string): WantedStorage | undefined {
  const [first = '', name, ...rest] = text.split('/');
  if (name === undefined) return first === '' ? undefined : { name: first };
  const kind = Object.hasOwn(KINDS, first.toLowerCase()) ? KINDS[first.toLowerCase()] : undefined;
  return kind === undefined || name === '' || rest.length > 0 ? undefined : { kind, name };
}
