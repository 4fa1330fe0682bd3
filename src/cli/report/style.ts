/** The look of the page. Colours are in two tables, for light and for dark; a result also has a sign and a word. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #ffffff; --ink: #1b2430; --mute: #566272; --line: #d8dee6; --soft: #eef1f5;
  --link: #1a56a8; --focus: #1a56a8;
  --Fail: #a3211c; --Warn: #855300; --Unknown: #66409a; --Pass: #1e6a3f; --Skip: #566272;
  --Fail-soft: #fcecea; --Warn-soft: #fdf3df; --Unknown-soft: #f3edfa; --Pass-soft: #e8f5ec; --Skip-soft: #eef1f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171e; --card: #1a212b; --ink: #e4e9f0; --mute: #9fabba; --line: #344050; --soft: #232c38;
    --link: #8ab8f5; --focus: #8ab8f5;
    --Fail: #ff9d94; --Warn: #f0bd5f; --Unknown: #cdaef5; --Pass: #7fd3a0; --Skip: #9fabba;
    --Fail-soft: #3a1f20; --Warn-soft: #35290f; --Unknown-soft: #2d2440; --Pass-soft: #16301f; --Skip-soft: #232c38;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.75rem; }
main:focus { outline: none; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 0 0 .75rem; letter-spacing: -.005em; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
h4 { font-size: 1rem; margin: 0; display: inline; font-weight: 600; }
p { margin: 0 0 .6rem; }
header p { color: var(--mute); }
section { margin: 0 0 3rem; }
.lead { max-width: 46rem; color: var(--mute); }
.mute, small { color: var(--mute); }
small { font-size: inherit; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100vw; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
.skip:focus { left: 1rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .75rem 0 2rem; padding: .6rem 0; border-block: 1px solid var(--line); }
time { white-space: nowrap; }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
code { background: var(--soft); border-radius: 4px; padding: .1em .35em; }
pre { white-space: pre-wrap; margin: 0; }

.verdict { font-size: 1.15rem; font-weight: 600; margin: 0 0 1rem; padding: .8rem 1rem; border-radius: 10px; border: 1px solid; }
.verdict.Fail { color: var(--Fail); background: var(--Fail-soft); }
.verdict.Unknown { color: var(--Unknown); background: var(--Unknown-soft); }
.verdict.Warn { color: var(--Warn); background: var(--Warn-soft); }
.verdict.Pass { color: var(--Pass); background: var(--Pass-soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); gap: .75rem; margin: 0 0 1rem; }
.tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .6rem .9rem .7rem; }
.tiles dt { font-size: .875rem; line-height: 1.35; color: var(--mute); }
.tiles dd { margin: 0; font-size: 1.7rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles .Fail dd { color: var(--Fail); } .tiles .Warn dd { color: var(--Warn); }
.tiles .Unknown dd { color: var(--Unknown); } .tiles .Pass dd { color: var(--Pass); }
.tiles .none dd { color: var(--mute); }

ol.tasks, ul.tasks, ul.lines { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
.open { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--mute); border-radius: 8px; padding: .75rem 1rem; min-width: 0; }
.open.Fail { border-left-color: var(--Fail); } .open.Warn { border-left-color: var(--Warn); } .open.Unknown { border-left-color: var(--Unknown); }
.open p { margin: 0 0 .4rem; }
.open > :last-child { margin-bottom: 0; }
.whom { color: var(--mute); }
.open p { white-space: pre-line; max-width: 62rem; }
.remedy { position: relative; background: var(--soft); border-radius: 8px; padding: .3rem .8rem .7rem; }
.remedy b { display: block; font-size: .875rem; font-weight: 600; line-height: 2.1rem; }
.remedy pre { font: inherit; max-width: 60rem; }
button { font: inherit; font-size: .875rem; color: var(--link); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .2rem .7rem; min-height: 1.9rem; cursor: pointer; }
button:hover { border-color: var(--link); }
.remedy button { position: absolute; top: .4rem; right: .5rem; }
.badge { display: inline-block; font-size: .8125rem; line-height: 1.5; font-weight: 600; border-radius: 999px; padding: 0 .6rem; white-space: nowrap; }
.badge.Fail::before { content: '✗ ' / ''; } .badge.Warn::before { content: '! ' / ''; } .badge.Unknown::before { content: '? ' / ''; } .badge.Pass::before { content: '✓ ' / ''; } .badge.Skip::before { content: '– ' / ''; }
.badge.Fail { color: var(--Fail); background: var(--Fail-soft); } .badge.Warn { color: var(--Warn); background: var(--Warn-soft); }
.badge.Unknown { color: var(--Unknown); background: var(--Unknown-soft); } .badge.Pass { color: var(--Pass); background: var(--Pass-soft); }
.badge.Skip { color: var(--Skip); background: var(--Skip-soft); }
b.Pass, span.Pass { color: var(--Pass); } b.Warn, span.Warn { color: var(--Warn); font-weight: 700; } b.Unknown { color: var(--Unknown); } b.Fail { color: var(--Fail); } b.Skip { color: var(--Skip); }
.note { font-size: .875rem; color: var(--Warn); }

summary { cursor: pointer; }
.group { margin: 0 0 1.75rem; content-visibility: auto; contain-intrinsic-size: auto 7rem; }
.group > h3 { margin-bottom: 0; } .group > p { color: var(--mute); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin: 0 0 .5rem; padding: 0 1rem; }
.card[open] { padding-bottom: 1rem; }
.card > summary { padding: .6rem 0; }
.card .open { background: transparent; }
.lines { margin-bottom: .75rem; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem 1.25rem; margin: .25rem 0 .9rem; }
.facts dt { color: var(--mute); }
.facts dd { margin: 0; }
.facts ul, td ul, th ul { list-style: none; margin: 0; padding: 0; }
p.rest, .rest > summary, .table > summary { color: var(--mute); font-size: .9375rem; padding: .2rem 0; }
.rest ul { list-style: none; padding: 0; margin: .4rem 0 0; display: grid; gap: .35rem; font-size: .9375rem; }
.table { margin: 0 0 .75rem; }
.table pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin: .4rem 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: left; color: var(--mute); font-size: .875rem; padding: .6rem .9rem .3rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem; border-top: 1px solid var(--line); font-weight: 400; min-width: 8rem; }
thead th { font-size: .8125rem; color: var(--mute); font-weight: 600; border-top: 0; }
tbody th { font-weight: 600; }
tbody th small { font-weight: 400; }
tbody th li { font-weight: 600; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .7rem 1rem; margin-bottom: 1rem; }
.filter input[type=search] { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--mute); border-radius: 6px; padding: .25rem .6rem; min-width: 0; width: 16rem; max-width: 100%; }
.filter output { color: var(--mute); }
[hidden] { display: none !important; }

.drawings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem 1.5rem; align-items: start; margin: 1rem 0; }
.drawing { width: 100%; max-width: 26rem; height: auto; display: block; font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif; }
.drawing text { fill: var(--ink); }
.drawing .mute { fill: var(--mute); font-size: 11px; }
.drawing .name { font-weight: 600; font-size: 13px; }
.drawing .state { font-size: 11px; font-weight: 600; fill: var(--mute); }
.drawing .bucket > rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.drawing .shared > rect, .drawing .overlapping > rect { stroke: var(--Warn); }
.drawing .overlapping > rect { stroke-dasharray: 6 3; }
.drawing .shared > .state, .drawing .overlapping > .state { fill: var(--Warn); }
.drawing .alone > .state { fill: var(--Pass); }
.drawing .path > rect { fill: var(--soft); stroke: var(--line); }
.drawing .path .path > rect { fill: var(--card); }
.drawing .path .path .path > rect { fill: var(--soft); }
.drawing .key rect { fill: var(--card); stroke: var(--mute); }
.drawing .key circle, .drawing .bit { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.drawing .rail { fill: none; stroke: var(--mute); stroke-width: 1.5; }
.drawing .tip { fill: var(--mute); }
.drawing .Fail { fill: var(--Fail); } .drawing .Warn { fill: var(--Warn); } .drawing .Pass { fill: var(--Pass); } .drawing .Unknown { fill: var(--Unknown); }
.drawing tspan { font-weight: 700; }
footer { color: var(--mute); font-size: .875rem; padding-bottom: 2rem; border-top: 1px solid var(--line); padding-top: 1rem; }

@media (max-width: 40rem) {
  .open, .card { padding-left: .75rem; padding-right: .75rem; }
}
@media (forced-colors: active) {
  .badge, .verdict { border: 1px solid; }
}
@media print {
  :root {
    --paper: #fff; --card: #fff; --ink: #000; --mute: #444; --line: #bbb; --soft: #f3f3f3; --link: #000;
    --Fail: #8f1410; --Warn: #6b4300; --Unknown: #523080; --Pass: #14532d; --Skip: #444;
    --Fail-soft: #fff; --Warn-soft: #fff; --Unknown-soft: #fff; --Pass-soft: #fff; --Skip-soft: #fff;
  }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  .skip, nav, .filter, button { display: none !important; }
  details::details-content { content-visibility: visible !important; block-size: auto !important; display: block !important; }
  summary { list-style: none; }
  .group { content-visibility: visible; }
  ol.tasks, ul.tasks, ul.lines { display: block; }
  .tasks > li, .lines > li { margin-bottom: .6rem; }
  .scroll { overflow: visible; }
  th, td { min-width: 0; padding: .25rem .5rem; }
  h2, h3, summary { break-after: avoid; }
  .open, tr, .drawing, .tiles div { break-inside: avoid; }
  .drawings { display: block; }
  .drawing { display: inline-block; width: 48%; margin: 0 1% 1rem 0; vertical-align: top; }
  .badge { border: 1px solid; }
  a { text-decoration: none; }
}
`;
