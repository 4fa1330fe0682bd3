import { formerKeyOf, type FormerKey } from '../status/rotations.ts';
import { markup, when, type Html } from './html.ts';
import { badge } from './marks.ts';
import type { Naming } from './naming.ts';
import type { Report, ReportedStorage } from './report.ts';
import { timeAndAge } from './times.ts';

/** Checks that look at what ends at some time. */
const EXPIRY_CHECKS = new Set(['TlsExpiry', 'CredentialLifetime']);
/** As many of the oldest are listed. */
const MOST_ROWS = 20;

/** What ends, what is in rotation, and what was validated longest ago. */
export function agesSection(report: Report, naming: Naming): Html {
  return markup`<section id="ages" aria-labelledby="ages-title">
<h2 id="ages-title">Ages and expiry</h2>
${expiryPart(report, naming)}${rotationPart(report, naming)}${validationPart(report, naming)}</section>
`;
}

function expiryPart({ storages }: Report, naming: Naming): Html {
  const lines = storages.flatMap((storage) =>
    [...storage.open, ...storage.rest].filter(({ name }) => EXPIRY_CHECKS.has(name)).map((line) => ({ line, storage })),
  );
  const ending = lines.filter(({ line }) => line.result === 'Warn' || line.result === 'Fail');
  const passed = lines.filter(({ line }) => line.result === 'Pass').length;
  return markup`<h3>Certificates and sessions</h3>
${
  ending.length === 0
    ? markup`<p>${passed === 0 ? 'No certificate and no session was examined.' : 'None ends soon.'}</p>`
    : markup`<ul class="lines">${ending.map(
        ({
          line,
          storage,
        }) => markup`<li class="open ${line.result}"><p>${badge(line.result)} <a href="#${naming.anchor(storage.id)}">${naming.title(storage)}</a> <code>${line.reason}</code></p><p>${line.message}</p></li>
`,
      )}</ul>`
}
`;
}

function rotationPart({ storages, now }: Report, naming: Naming): Html {
  const keys = storages.flatMap((storage) => {
    const key = formerKeyOf(storage.view, now);
    return key === undefined ? [] : [{ key, storage }];
  });
  return markup`<h3>Keys in rotation</h3>
${
  keys.length === 0
    ? markup`<p>No key was replaced lately.</p>`
    : markup`<div class="scroll" tabindex="0" role="region" aria-label="Table of keys in rotation"><table><caption>Keys that were replaced, and what to do with the former ones</caption>
<thead><tr><th scope="col">Storage</th><th scope="col">Replaced</th><th scope="col">Former key</th></tr></thead>
<tbody>${keys.map(
        ({
          key,
          storage,
        }) => markup`<tr><th scope="row">${naming.title(storage)}</th><td>${timeAndAge(key.rotatedAt, now)}</td><td>${adviceOf(key, now)}</td></tr>
`,
      )}</tbody></table></div>`
}
`;
}

function adviceOf(key: FormerKey, now: number): Html {
  switch (key.kind) {
    case 'Keep':
      return markup`${badge('Warn', 'Keep it')}: it is not known that the server runs with the new one.`;
    case 'KeepUntil':
      return markup`${badge('Warn', 'Keep it')} until ${timeAndAge(key.until, now)}`;
    case 'Revocable':
      return markup`${badge('Pass', 'Can be revoked')} since ${timeAndAge(key.since, now)}`;
  }
}

/** The oldest. A team on the instance bucket is validated with its instance. */
function validationPart({ storages, now, source }: Report, naming: Naming): Html | undefined {
  if (source.kind !== 'Cluster') return undefined;
  const validated = storages
    .flatMap((storage) => timeOfValidation(storage))
    .toSorted((left, right) => (left.time < right.time ? -1 : left.time > right.time ? 1 : 0));
  const title = markup`<h3>Last full validation</h3>
`;
  if (validated.length === 0) return markup`${title}<p>No storage has been validated yet.</p>`;
  return markup`${title}<div class="scroll" tabindex="0" role="region" aria-label="Table of validations"><table><caption>The storages with a bucket of their own that were validated longest ago</caption>
<thead><tr><th scope="col">Storage</th><th scope="col">Last full validation</th></tr></thead>
<tbody>${validated.slice(0, MOST_ROWS).map(
    ({
      storage,
      time,
    }) => markup`<tr><th scope="row">${naming.title(storage)}</th><td>${timeAndAge(time, now)}</td></tr>
`,
  )}</tbody></table></div>
${when(validated.length > MOST_ROWS, () => markup`<p class="mute">${validated.length - MOST_ROWS} more were validated later.</p>`)}`;
}

function timeOfValidation(storage: ReportedStorage) {
  const { lastFullValidationTime: time } = storage.view;
  return time === undefined ? [] : [{ storage, time }];
}
