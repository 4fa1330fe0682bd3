import { createHash } from 'node:crypto';
import { agesSection } from './ages-section.ts';
import { bucketsSection } from './buckets-section.ts';
import { configSection } from './config-section.ts';
import { markup, trusted, type Html } from './html.ts';
import { isolationSection } from './isolation-section.ts';
import { namingOf } from './naming.ts';
import type { Report, Source } from './report.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { summarySection } from './summary.ts';
import { timeOf } from './times.ts';

const SECTIONS = [
  ['summary', 'Summary'],
  ['isolation', 'Who reaches whose files'],
  ['buckets', 'Buckets and checks'],
  ['ages', 'Ages and expiry'],
  ['config', 'Config'],
] as const;

/** The page. It refers to nothing outside, and its policy lets a browser load nothing and run nothing else. */
export function renderReport(report: Report): string {
  const naming = namingOf(report);
  const where = sourceText(report.source);
  return compact(
    markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Storage report: ${where}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>Storage report</h1>
<p>${where}, as it was at ${timeOf(report.now)}</p>
<nav aria-label="Parts of the report"><ul>${SECTIONS.map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main id="main" tabindex="-1">
${summarySection(report, naming)}${isolationSection(report, naming)}${bucketsSection(report, naming)}${agesSection(report, naming)}${configSection(report, naming)}</main>
<footer><p>Written by byob ${report.version}. ${originText(report.source)} The page holds no key. <code>byob explain REASON</code> says what a reason means.</p></footer>
<div id="copied" class="unseen" role="status"></div>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.text,
  );
}

/**
 * Leaves out end tags that HTML lets be left out. They are found in markup alone, because texts are escaped, and a page
 * about many storages has thousands of them.
 */
function compact(page: string): string {
  return page.replaceAll(/<\/(?:li|dt|dd|td|th|tr)>/g, '');
}

const POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function sourceText(source: Source): string {
  if (source.kind === 'Files') return source.files.join(', ');
  const namespace = source.namespace === undefined ? 'all namespaces' : `namespace ${source.namespace}`;
  return `${namespace} of the cluster ${source.context}`;
}

function originText(source: Source): Html {
  if (source.kind === 'Cluster') {
    return markup`It shows what the operator has written into the statuses of the storages; nothing was asked of a bucket.`;
  }
  return source.isLive
    ? markup`It shows what the operator would find of these manifests; the buckets were asked.`
    : markup`It shows what the operator would find of these manifests; the buckets were not asked.`;
}
