// Colours as names, twice: for light and for dark. Whatever a colour says a word says too.

export const inspectorStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f6f3; --panel: #ffffff; --text: #1c2024; --soft: #5b636b; --edge: #d3d7da; --accent: #1459a8;
  --fine: #1b6e37; --busy: #7a5200; --bad: #b3261e; --bad-page: #b3261e; --bad-text: #ffffff; --busy-page: #fbf0d0; --lit: #1459a8; --lit-text: #ffffff; --holds: #e8f0fb;
  --s1: #8d6e9e; --s2: #b3261e; --s3: #1459a8; --s4: #b07d12; --s5: #2f8f83; --s6: #6b7a3a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181b; --panel: #1f2226; --text: #e7e9ea; --soft: #a4abb2; --edge: #3b4147; --accent: #84b6f4;
    --fine: #7fcf97; --busy: #e6bd6a; --bad: #ff9d94; --bad-page: #a3211a; --bad-text: #ffffff; --busy-page: #3a321a; --lit: #84b6f4; --lit-text: #10141a; --holds: #243247;
    --s1: #b99ac9; --s2: #f0776d; --s3: #6ea6ee; --s4: #d9aa45; --s5: #58bfb2; --s6: #a3b56b;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.4 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: center; padding: .6rem 1rem; background: var(--panel); border-bottom: 1px solid var(--edge); }
h1 { font-size: 1.1rem; margin: 0; } h1 .fine { color: var(--fine); } h1 .trouble { color: var(--bad); }
h2 { font-size: 1.1rem; margin: .2rem 0 .5rem; } h3 { font-size: .95rem; margin: .2rem 0 .4rem; } h4 { font-size: .82rem; margin: 0; overflow-wrap: anywhere; }
#summary, #connection { color: var(--soft); margin: 0; font-size: .85rem; } #connection { color: var(--bad); }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem; list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .3rem .7rem; border-radius: .35rem; text-decoration: none; }
nav a[aria-current] { background: var(--accent); color: var(--panel); }
a { color: var(--accent); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: .5rem; top: .5rem; background: var(--panel); padding: .4rem; z-index: 2; }
main { padding: .8rem 1rem 2rem; } main:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
button, select, input { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--edge); border-radius: .35rem; padding: .25rem .5rem; }
button:disabled, input:disabled { color: var(--soft); } button[aria-pressed=true] { border-color: var(--accent); }
.filters { display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: center; margin: 0 0 .5rem; }
:is(#moment, #way-at) { flex: 1 1 12rem; }
#way { max-width: 30rem; } #way-trouble { color: var(--bad); margin: 0 0 .4rem; } .stations { margin-bottom: .8rem; }
#troubles { border-left: .4rem solid var(--fine); padding: .3rem .7rem; margin-bottom: .8rem; background: var(--panel); }
#troubles.trouble { border-color: var(--bad); } #troubles p { margin: 0; } #troubles.trouble p { font-weight: 600; font-size: 1.05rem; }
:is(#stations, .stations) { display: flex; flex-wrap: wrap; gap: .8rem; align-items: flex-start; }
.station { flex: 1 1 9.8rem; max-width: 19rem; } .station > ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .4rem; } .more { color: var(--soft); margin: .3rem 0; font-size: .85rem; }
.station + .station:not([aria-label='Other queues'], [aria-label='Threads and memory']) > h3::before { content: '→ '; color: var(--soft); }
.card { background: var(--panel); border: 1px solid var(--edge); border-left: .35rem solid var(--fine); border-radius: .35rem; padding: .35rem .5rem; display: grid; grid-template-columns: 1fr auto; gap: .1rem .4rem; }
.card h4 { grid-column: 1 / -1; } .card .said { font-weight: 600; overflow-wrap: anywhere; align-self: center; } .card .queue, .card small { grid-column: 1 / -1; } .card small { color: var(--soft); overflow-wrap: anywhere; }
.card .word { color: var(--fine); font-size: .85rem; }
.card.busy { border-left-color: var(--busy); background: var(--busy-page); } .card.busy .word { color: var(--busy); font-weight: 600; } .card.busy :is(.said, .word) { grid-column: 1 / -1; }
.card.trouble { background: var(--bad-page); color: var(--bad-text); border-color: var(--bad-page); } .card.trouble :is(small, a, .word) { color: var(--bad-text); }
.card.trouble .word { font-size: 1.3rem; font-weight: 800; text-transform: uppercase; overflow-wrap: anywhere; } .card.trouble :is(.said, .word) { grid-column: 1 / -1; }
.card.acts { background: var(--lit); color: var(--lit-text); border-color: var(--lit); } .card:is(.reached, .changes) { border-color: var(--lit); background: var(--holds); }
.card:is(.acts, .reached, .changes) .word { color: inherit; font-weight: 700; }
#way-steps { margin: 0; padding-left: 2.4rem; } #way-steps button { border: 0; background: none; text-align: left; padding: .1rem .3rem; overflow-wrap: anywhere; } #way-steps [aria-current] { background: var(--lit); color: var(--lit-text); }
.bar { display: block; height: .6rem; border: 1px solid currentColor; border-radius: .2rem; background: linear-gradient(currentColor 0 0) no-repeat 0 0 / calc(var(--share, 0) * 100%) 100%; }
.depth { font-variant-numeric: tabular-nums; font-size: .85rem; }
.count { color: var(--soft); margin: 0 0 .3rem; font-size: .85rem; }
.rows { background: var(--panel); border: 1px solid var(--edge); border-radius: .35rem; overflow-x: auto; }
.rows .head, .row { display: grid; grid-template-columns: var(--columns); gap: .6rem; align-items: center; padding: 0 .6rem; min-width: 46rem; }
#actors .head, #actors .row { min-width: 0; }
.rows .head { font-size: .8rem; color: var(--soft); border-bottom: 1px solid var(--edge); min-height: 1.7rem; overflow-y: hidden; scrollbar-gutter: stable; }
.scroller { scrollbar-gutter: stable; max-height: 24rem; overflow-y: auto; overflow-x: hidden; position: relative; min-width: 46rem; } #requests .scroller { max-height: 30rem; } #requests:has(#request:not([hidden])) .scroller { max-height: 15rem; } #topics .scroller { max-height: 15rem; } #actors .scroller { max-height: 34rem; min-width: 0; }
.room { position: relative; } .window { position: absolute; inset: 0 0 auto; }
.row { height: var(--height); border-bottom: 1px solid var(--edge); font-variant-numeric: tabular-nums; }
.row > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row.thread { font-weight: 700; } .row.machine { color: var(--soft); padding-left: 1.4rem; } .row.actor { padding-left: 1.8rem; } .row.actor > span:first-child { font-size: .88em; } .row.chosen { background: var(--holds); }
.row small { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; white-space: normal; line-height: 1.25; color: var(--soft); overflow: hidden; }
.waterfall { position: relative; height: 1rem; background: var(--page); border-radius: .2rem; overflow: hidden; } .waterfall .span { position: absolute; top: 0; bottom: 0; }
#legend, #disk-way-legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; margin: 0 0 .4rem; font-size: .85rem; } #legend i, #disk-way-legend i { display: inline-block; width: .9rem; height: .7rem; margin-right: .3rem; }
.waitingForRoom { background: var(--s1); } .requestQueue { background: var(--s2); } .local { background: var(--s3); } .remote { background: var(--s4); } .responseQueue { background: var(--s5); } .responseSend { background: var(--s6); } .toAppend { background: var(--s3); } .toFlush { background: var(--s4); } .flush { background: var(--s2); }
#disk-way { max-width: 60rem; height: 1.4rem; margin: .6rem 0; } #history p { margin: .2rem 0; font-variant-numeric: tabular-nums; }
#running ul { margin: 0 0 .6rem; padding-left: 1.2rem; }
.panel { background: var(--panel); border: 1px solid var(--edge); border-radius: .35rem; padding: .7rem; min-width: 0; } #request { margin-top: .7rem; } #close-request { float: right; }
.sentence { font-size: 1.05rem; max-width: 80ch; }
.tables { display: flex; flex-wrap: wrap; gap: 1.5rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; } caption { text-align: left; font-weight: 600; } th, td { text-align: left; padding: .1rem .8rem .1rem 0; vertical-align: top; font-weight: normal; } thead th { color: var(--soft); }
.beside { display: grid; gap: .8rem; } @media (min-width: 70rem) { .beside { grid-template-columns: 34rem 1fr; } }
.charts { overflow: auto; max-height: 34rem; margin-bottom: .5rem; }
.chart { display: block; font: 12px system-ui, sans-serif; } .chart text { fill: var(--text); } .chart .event { font-size: 11px; fill: var(--soft); }
.state > rect { fill: var(--panel); stroke: var(--soft); } .state.holds > rect { fill: var(--holds); stroke: var(--accent); } .state.current > rect { fill: var(--lit); stroke: var(--lit); }
.state.current > text { fill: var(--lit-text); font-weight: 600; } .state.outside > rect { stroke-dasharray: 4 3; } .behind { fill: var(--panel); fill-opacity: .85; }
.arrow { fill: none; stroke: var(--soft); } .tip { fill: var(--soft); }
#group { margin-top: .7rem; } #groups .scroller { max-height: 15rem; }
`
