// The page of the inspector: one document, no other host, no build step. What it shows is asked from the server by its script;
// every view and filter is in the address. Colours follow the reader's light or dark.
import { inspectorStyle } from './inspector-style.js'
import { actorsScript } from './script-actors.js'
import { floorScript } from './script-floor.js'
import { frameScript } from './script-frame.js'
import { groupsScript } from './script-groups.js'
import { listsScript } from './script-lists.js'
import { modelScript } from './script-model.js'
import { requestsScript } from './script-requests.js'
import { storyScript } from './script-story.js'

const views: ReadonlyArray<readonly [id: string, title: string]> = [
  ['floor', 'Floor plan'],
  ['requests', 'Requests'],
  ['disk', 'On the disk'],
  ['actors', 'Actors'],
  ['connections', 'Connections'],
  ['topics', 'Topics'],
  ['groups', 'Groups'],
  ['model', 'The model']
]

export function inspectorPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Odradek inspector</title>
<link rel="icon" href="data:,">
<style>${inspectorStyle}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header>
  <h1>Odradek <span id="state"></span></h1>
  <p id="summary"></p>
  <nav aria-label="Views">
    <ul>${views.map(([id, title]) => `<li><a href="#${id}" data-view="${id}">${title}</a></li>`).join('')}</ul>
  </nav>
  <button type="button" id="pause" aria-pressed="false" title="Key p">Pause</button>
  <p id="connection" role="status"></p>
</header>
<main id="content" tabindex="-1">
${floor}${requests}${disk}${actors}${list('connections', 'Connections', 'Client, address, software, state …')}${topics}${groups}${model}
</main>
<script>'use strict'
${frameScript}${floorScript}${requestsScript}${actorsScript}${listsScript}${groupsScript}${storyScript}${modelScript}
start()</script>
</body>
</html>
`
}

const floor = `
<section id="floor" class="view" aria-labelledby="floor-title" hidden>
  <h2 id="floor-title">Floor plan</h2>
  <div id="troubles" role="status" aria-label="What is wrong now"></div>
  <div id="stations"></div>
</section>`

const filter = (id: string, label: string, name = 'q'): string =>
  `<label for="${id}">${label}</label><input id="${id}" type="search" data-query="${name}" autocomplete="off" spellcheck="false">`

const rows = (id: string, label: string): string => `
  <p class="count" id="${id}-count" role="status"></p>
  <div class="rows" id="${id}-rows" role="table" aria-label="${label}">
    <div class="head" role="row"></div>
    <div class="scroller" tabindex="0" role="rowgroup" aria-label="${label}, rows"><div class="room"><div class="window"></div></div></div>
  </div>`

const requests = `
<section id="requests" class="view" aria-labelledby="requests-title" hidden>
  <h2 id="requests-title">Requests</h2>
  <div class="filters" role="group" aria-label="Filter of requests">
    <label for="order">Order</label>
    <select id="order" data-query="order"><option value="slowest">slowest</option><option value="newest">newest</option></select>
    ${filter('request-client', 'Client', 'client')}
    <label for="request-api">API</label><select id="request-api" data-query="api"><option value="">all</option></select>
    ${filter('request-topic', 'Topic', 'topic')}
  </div>
  <div id="running"></div>
  <ul id="legend" aria-label="Colours of the stages"></ul>
  ${rows('requests', 'Requests')}
  <div id="request" class="panel" role="region" aria-label="The chosen request" hidden></div>
</section>`

const disk = `
<section id="disk" class="view" aria-labelledby="disk-title" hidden>
  <h2 id="disk-title">Why was it late on the disk?</h2>
  <form class="filters" id="disk-form">
    <label for="disk-topic">Topic</label><input id="disk-topic" name="topic" list="topic-names" autocomplete="off" required><datalist id="topic-names"></datalist>
    <label for="disk-partition">Partition</label><input id="disk-partition" name="partition" type="number" min="0" value="0" required>
    <label for="disk-offset">Offset</label><input id="disk-offset" name="offset" type="number" min="0">
    <label for="disk-time">or time of the append</label><input id="disk-time" name="time" placeholder="2026-01-31T12:00:00Z">
    <button>Look up</button>
  </form>
  <p id="headline" class="sentence" role="status"></p>
  <div id="disk-way" class="waterfall" role="img" hidden></div>
  <ul id="disk-way-legend" aria-label="Colours of the way to the disk" hidden></ul>
  <div id="history"></div>
</section>`

const actors = `
<section id="actors" class="view" aria-labelledby="actors-title" hidden>
  <h2 id="actors-title">Actors</h2>
  <div class="filters" role="group" aria-label="Time">
    <button type="button" id="record" title="Takes what is recorded, to go back and forth in it">Look back</button>
    <button type="button" id="live" disabled>Now</button>
    <button type="button" id="earlier" disabled title="To the step before, of the chosen actor or of any">Step before</button>
    <input type="range" id="moment" min="0" max="1" step="any" value="1" disabled aria-label="Time in the recorded window">
    <button type="button" id="later" disabled title="To the next step, of the chosen actor or of any">Next step</button>
    <output id="moment-said" for="moment">now</output>
  </div>
  <div class="beside">
    <div>
      <div class="filters" role="group" aria-label="Filter of actors">${filter('actor-words', 'Name, machine or state')}</div>
      ${rows('actors', 'Actors by thread and machine')}
    </div>
    <div id="actor" class="panel" role="region" aria-label="The chosen actor">
      <p>Choose an actor to see its statechart.</p>
    </div>
  </div>
</section>`

function list(id: string, title: string, words: string): string {
  return `
<section id="${id}" class="view" aria-labelledby="${id}-title" hidden>
  <h2 id="${id}-title">${title}</h2>
  <div class="filters" role="group" aria-label="Filter">${filter(`${id}-words`, words)}</div>
  ${rows(id, title)}
</section>`
}

const topics = `
<section id="topics" class="view" aria-labelledby="topics-title" hidden>
  <h2 id="topics-title">Topics</h2>
  <div class="filters" role="group" aria-label="Filter">${filter('topics-words', 'Name')}</div>
  ${rows('topics', 'Topics')}
  <h2 id="partitions-title">Partitions</h2>
  ${rows('partitions', 'Partitions')}
</section>`

const groups = `
<section id="groups" class="view" aria-labelledby="groups-title" hidden>
  <h2 id="groups-title">Groups</h2>
  <div class="filters" role="group" aria-label="Filter">${filter('groups-words', 'Group, state, protocol')}</div>
  ${rows('groups', 'Groups')}
  <div id="group" class="panel" role="region" aria-label="The chosen group" hidden></div>
</section>`

const model = `
<section id="model" class="view" aria-labelledby="model-title" hidden>
  <h2 id="model-title">The model</h2>
  <div class="filters" role="group" aria-label="What is played">
    <label for="way">Play</label><select id="way" data-query="way"><option value="">choose a way through a model</option></select>
    <label for="way-file">or a counterexample</label><input type="file" id="way-file" accept=".json,application/json" title="A .json file of the folder counterexamples; it stays in this browser">
    <label for="way-words">or, of actors named</label><input id="way-words" type="search" size="12" placeholder="all" autocomplete="off" spellcheck="false"><button type="button" id="way-recorded">What was recorded</button>
  </div>
  <p id="way-trouble" role="status"></p>
  <div id="player" hidden>
    <p class="sentence" id="way-title"></p>
    <div class="filters" role="group" aria-label="Player">
      <button type="button" id="way-first" title="Key Home">To the beginning</button>
      <button type="button" id="way-before" title="Key arrow left">Step back</button>
      <button type="button" id="way-play" aria-pressed="false" title="Space bar">Play</button>
      <button type="button" id="way-next" title="Key arrow right">Step</button>
      <button type="button" id="way-last" title="Key End">To the end</button>
      <input type="range" id="way-at" min="0" max="1" value="0" aria-label="Steps that are done">
      <label for="way-pace">Pace</label><select id="way-pace"><option value="1500">slow</option><option value="800" selected>medium</option><option value="200">fast</option></select>
    </div>
    <p class="sentence" id="way-step" role="status"></p>
    <div id="way-stations" class="stations"></div>
    <div class="beside">
      <ol id="way-steps" aria-label="Steps around this one"></ol>
      <div id="way-chart" class="charts panel" tabindex="0" role="region" aria-label="Statechart of who acts"></div>
    </div>
  </div>
  <div class="filters"><label for="machine">Statechart of</label><select id="machine" data-query="machine"><option value="">choose a machine</option></select></div>
  <div id="machine-chart" class="charts panel" tabindex="0" role="region" aria-label="Statechart" hidden></div>
</section>`
