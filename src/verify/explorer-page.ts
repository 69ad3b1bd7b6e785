// The page of the explorer: one document, no other host, no build step. What it shows is asked from the server
// (explorer-page-script.ts); colours follow the reader's light or dark.
import { explorerScript } from './explorer-page-script.js'

/** `model`: its name, for the title. */
export function explorerPage(model: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${model} – explorer</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header>
  <h1 id="model">${model}</h1>
  <p id="about"></p>
</header>
<main>
  <section class="way" aria-labelledby="way-title">
    <h2 id="way-title">Way so far</h2>
    <p class="row">
      <button type="button" id="back" title="Backspace">One step back</button>
      <button type="button" id="start">To the beginning</button>
    </p>
    <ol id="steps"></ol>
  </section>
  <section class="next" aria-labelledby="next-title">
    <h2 id="next-title">What may happen now</h2>
    <p id="rest" role="status"></p>
    <ol id="next"></ol>
    <p class="hint">Keys 1 to 9 take a step, Backspace goes back. A dashed border: the environment, which may also do nothing.</p>
    <h2>State</h2>
    <table><thead><tr><th scope="col">part</th><th scope="col">state</th></tr></thead><tbody id="state"></tbody></table>
  </section>
  <section class="properties" aria-labelledby="properties-title">
    <h2 id="properties-title">Properties here</h2>
    <ul id="properties"></ul>
    <h2>Situations</h2>
    <ul id="sometimes"></ul>
    <h2>Go to</h2>
    <p class="row">
      <select id="goal" aria-label="A situation, or a property that does not hold"></select>
      <button type="button" id="find">Shortest way</button>
    </p>
    <p id="found" role="status"></p>
  </section>
  <section class="drawing" aria-labelledby="drawing-title">
    <h2 id="drawing-title">As a sequence</h2>
    <div id="drawing" tabindex="0" role="region" aria-labelledby="drawing-title"></div>
  </section>
</main>
<script>${explorerScript}</script>
</body>
</html>
`
}

const style = `
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --panel: #ffffff; --text: #1c2024; --soft: #5b636b; --edge: #d3d7da;
  --accent: #1459a8; --good: #1b6e37; --bad: #b3261e; --owed: #7a5200; --note: #f6efd8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181b; --panel: #1f2226; --text: #e7e9ea; --soft: #a4abb2; --edge: #3b4147;
    --accent: #84b6f4; --good: #7fcf97; --bad: #ff9d94; --owed: #e6bd6a; --note: #37321f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
header { padding: 1rem 1.25rem 0; }
h1 { font-size: 1.35rem; margin: 0; }
h2 { font-size: 1rem; margin: 1rem 0 .4rem; }
section > h2:first-child { margin-top: 0; }
#about, .hint { color: var(--soft); margin: .2rem 0 0; max-width: 75ch; }
.hint { font-size: .85rem; }
main { display: grid; gap: 1rem; padding: 1rem 1.25rem 2rem; align-items: start; }
@media (min-width: 62rem) {
  main { grid-template: 'way next properties' auto 'drawing drawing properties' 1fr / 1fr 1.2fr 1.2fr; }
  .way { grid-area: way; } .next { grid-area: next; } .properties { grid-area: properties; } .drawing { grid-area: drawing; }
}
section { background: var(--panel); border: 1px solid var(--edge); border-radius: .5rem; padding: 1rem; min-width: 0; }
#drawing { overflow-x: auto; }
ol, ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .3rem; }
.way ol { max-height: 28rem; overflow-y: auto; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .5rem; }
button, select { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--edge); border-radius: .35rem; padding: .35rem .6rem; max-width: 100%; }
select { flex: 1 1 12rem; min-width: 0; }
button { cursor: pointer; text-align: left; overflow-wrap: anywhere; }
button:hover:enabled { border-color: var(--accent); }
button:disabled { color: var(--soft); cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
#next button, #steps button { width: 100%; }
button.environment { border-style: dashed; }
button small { display: block; color: var(--soft); }
button[aria-current] { border-color: var(--accent); font-weight: 600; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--edge); overflow-wrap: anywhere; }
thead th, td small { color: var(--soft); font-weight: normal; }
td small { display: block; }
tbody th { white-space: nowrap; padding-right: 1rem; }
tr.changed td { font-weight: 600; }
#properties li, #sometimes li { display: grid; grid-template-columns: 6.5em 1fr; }
.status { font-weight: 600; }
.holds { color: var(--good); } .broken { color: var(--bad); } .owed { color: var(--owed); } .idle { color: var(--soft); }
svg { font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); }
svg .life { stroke: var(--edge); }
svg .line { stroke: var(--text); fill: none; } svg .tip { fill: var(--text); }
svg .environment .line { stroke-dasharray: 5 4; }
svg .part rect { fill: var(--panel); stroke: var(--text); } svg .part text { font-weight: 600; }
svg .note rect { fill: var(--note); stroke: var(--edge); }
`
