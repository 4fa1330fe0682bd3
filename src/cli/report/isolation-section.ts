import { reachGroups } from '../status/reach-groups.ts';
import type { Bucket } from './bucket-map.ts';
import { credentialsOf } from './connected.ts';
import { markup, when, type Html } from './html.ts';
import { isolationMap } from './isolation-map.ts';
import { badge } from './marks.ts';
import type { Naming } from './naming.ts';
import { needsLook, separationText } from './reach.ts';
import { isTeam, type Report } from './report.ts';
import { plural } from './texts.ts';

/** A longer table is folded. */
const MOST_ROWS = 20;
/** As many names stand in one cell before the rest is folded. */
const MOST_NAMES = 6;

/** Who reaches whose files: drawn, as tables, and as the operator reports it. */
export function isolationSection(report: Report, naming: Naming): Html {
  const { buckets } = report.map;
  return markup`<section id="isolation" aria-labelledby="isolation-title">
<h2 id="isolation-title">Who reaches whose files</h2>
<p class="lead">A credential reaches the files of every storage in each bucket where it is used, whatever their sub-paths are. The drawing has credentials above and buckets below; a path that lies inside another one is drawn inside it. The tables below say the same.</p>
${isolationMap(report, naming)}${when(buckets.length > 0, () => folded(bucketTable(buckets, naming), 'The drawing as a table', buckets.length))}${credentialTable(report, naming)}${teamsTable(report, naming)}</section>
`;
}

function folded(table: Html, title: string, rows: number, isOpen = false): Html {
  return markup`<details class="table"${when(isOpen, () => markup` open`)}><summary>${title} (${plural(rows, 'row')})</summary>${table}</details>
`;
}

function bucketTable(buckets: readonly Bucket[], naming: Naming): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Table of buckets"><table><caption>Buckets, the storages in them, and the credentials that reach their files</caption>
<thead><tr><th scope="col">Bucket</th><th scope="col">Storages and paths</th><th scope="col">Credentials</th><th scope="col">Separation</th></tr></thead>
<tbody>${buckets.map((bucket) => bucketRow(bucket, naming))}</tbody></table></div>`;
}

function bucketRow(bucket: Bucket, naming: Naming): Html {
  const { name, provider, where, tenants, others } = bucket;
  const storages = [
    ...tenants.map((tenant) => markup`<li>${naming.name(tenant)} <small>${pathText(tenant)}</small></li>`),
    ...others.map((other) => markup`<li>${other} <small>not in this report</small></li>`),
  ];
  const labels = [...new Map(tenants.map(({ credential }) => [credential.id, credential.label])).values()];
  return markup`<tr><th scope="row">${name}<br><small>${provider}${where === '' ? '' : `, ${where}`}</small></th><td>${list(storages)}</td><td>${list(labels.map((label) => markup`<li>${label}</li>`))}</td><td>${when(needsLook(bucket), () => markup`<span class="Warn" aria-hidden="true">!</span> `)}${separationText(bucket)}</td></tr>
`;
}

function pathText({ path, isOnInstanceBucket, publishedIn }: Bucket['tenants'][number]): string {
  const where = isOnInstanceBucket ? 'on the instance bucket' : path === '' ? 'whole bucket' : `/${path}`;
  return publishedIn === undefined ? where : `${where}; still published in ${publishedIn}`;
}

function list(items: readonly Html[]): Html {
  const more = items.length - MOST_NAMES;
  if (more <= 1) return markup`<ul>${items}</ul>`;
  return markup`<ul>${items.slice(0, MOST_NAMES)}</ul><details><summary>${more} more</summary><ul>${items.slice(MOST_NAMES)}</ul></details>`;
}

/** Only credentials that reach the files of several storages: the rest is in the table of buckets. */
function credentialTable({ map }: Report, naming: Naming): Html | undefined {
  const rows = credentialsOf(map.buckets)
    .map((credential) => ({
      credential,
      reached: new Set(credential.buckets.flatMap((bucket) => bucket.tenants.map(({ id }) => id))),
    }))
    .filter(({ reached }) => reached.size > 1);
  if (rows.length === 0) return undefined;
  const table = markup`<div class="scroll" tabindex="0" role="region" aria-label="Table of credentials"><table><caption>Credentials that reach the files of several storages</caption>
<thead><tr><th scope="col">Credential</th><th scope="col">Used by</th><th scope="col">Reaches all files in</th></tr></thead>
<tbody>${rows.map(
    ({
      credential: { label, description, users, buckets },
      reached,
    }) => markup`<tr><th scope="row">${label}${description.endsWith(label) ? undefined : markup`<br><small>${description}</small>`}</th><td>${list(users.map((user) => markup`<li>${naming.name(user)}</li>`))}</td><td>${list(buckets.map(({ name }) => markup`<li>${name}</li>`))}<small>${plural(reached.size, 'storage')}</small></td></tr>
`,
  )}</tbody></table></div>`;
  return folded(table, 'Credentials that reach the files of several storages', rows.length);
}

/** The condition `Isolated`: the same as `byob status` shows. */
function teamsTable({ storages }: Report, naming: Naming): Html | undefined {
  const groups = reachGroups(storages.map(({ view }) => view).filter(isTeam));
  if (groups.length === 0) return undefined;
  const table = markup`<div class="scroll" tabindex="0" role="region" aria-label="Table of teams"><table><caption>The condition Isolated of each team</caption>
<thead><tr><th scope="col">Teams</th><th scope="col">Isolated</th><th scope="col">What it means</th></tr></thead>
<tbody>${groups.map(
    ({
      teams,
      reason,
      explanation,
      isIsolated,
    }) => markup`<tr><th scope="row">${list(teams.map((team) => markup`<li>${naming.name(team)}</li>`))}</th><td>${badge(isIsolated ? 'Pass' : 'Warn', isIsolated ? 'Yes' : 'No')} <code>${reason}</code></td><td>${explanation}</td></tr>
`,
  )}</tbody></table></div>`;
  return folded(table, 'Teams, as the operator reports it', groups.length, groups.length <= MOST_ROWS);
}
