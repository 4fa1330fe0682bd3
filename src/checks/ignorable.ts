import { CATALOGUE } from './catalogue.ts';

/** Names in `spec.validation.ignore` that have an effect; `withFlag`: the administrator allows more of them. */
export function mayIgnore(names: readonly string[], { withFlag }: { readonly withFlag: boolean }): readonly string[] {
  return names.filter((name) => {
    const ignorable = CATALOGUE.find((check) => check.name === name)?.ignorable ?? false;
    return ignorable === true || (ignorable === 'WithFlag' && withFlag);
  });
}
