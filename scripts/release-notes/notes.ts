import { readFileSync } from 'node:fs';

/** A place in the repository that names its version. */
export interface NamedVersion {
  readonly place: string;
  /** Without a leading `v`. */
  readonly version: string;
}

/** The files that name the version, and the expressions that find it. */
const PLACES: readonly (readonly [file: string, expression: RegExp])[] = [
  ['package.json', /"version": "([^"]+)"/],
  ['package-lock.json', /"version": "([^"]+)"/],
  ...['byob-operator', 'byob-storages'].flatMap((chart): (readonly [string, RegExp])[] => [
    [`charts/${chart}/Chart.yaml`, /^version: (\S+)$/m],
    [`charts/${chart}/Chart.yaml`, /^appVersion: (\S+)$/m],
  ]),
  ['Dockerfile', /^ARG VERSION=(\S+)$/m],
  ['config/manager/deployment.yaml', /image: \S+\/byob-operator:(\S+)/],
  ['config/argocd/example/platform/byob-operator.yaml', /targetRevision: v(\S+)/],
  ['config/flux/example/operator/release.yaml', /tag: v(\S+)/],
];

/** The version in every place that names it. */
export function namedVersions(): readonly NamedVersion[] {
  return PLACES.map(([file, expression]) => ({
    place: `${file} (${expression.source})`,
    version: expression.exec(readFileSync(file, 'utf8'))?.[1] ?? 'none',
  }));
}

/** The section of a version in the changelog, without its heading; undefined when there is none, or an empty one. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m);
  const section = sections.find((one) => one.startsWith(`[${version}]`));
  const text = section?.slice(section.indexOf('\n')).trim();
  return text === '' ? undefined : text;
}

/** Reasons why a tag must not be released; empty when there are none. */
export function objections(tag: string, changelog: string, versions: readonly NamedVersion[]): readonly string[] {
  const version = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(tag)?.[1];
  if (version === undefined) return [`The tag "${tag}" is not v and a semantic version, such as v1.2.3.`];
  const others = versions.filter((one) => one.version !== version);
  return [
    ...others.map((one) => `${one.place} has version ${one.version}, and the tag is ${tag}.`),
    ...(sectionOf(changelog, version) === undefined
      ? [`CHANGELOG.md has no text under "## [${version}]": rename the section "Unreleased".`]
      : []),
  ];
}
