import { readFile } from 'node:fs/promises';

/** Built from `page/`. The relative path is the same from `src` and from `dist`. */
const pageFile = (name: string): URL => new URL(`../../../dist/pages/inspector/${name}`, import.meta.url);

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The page of the socket inspector: shows the jobs on the chart offline, and passes them to the Stately inspector on request. */
export async function loadInspectorPage(): Promise<(nonce: string, statelyUrl: string) => string> {
  const [script, style] = await Promise.all(
    ['main.js', 'page.css'].map((name) => readFile(pageFile(name), 'utf8')),
  );
  return (nonce, statelyUrl) => `<!doctype html>
<html lang="en" data-stately="${attribute(statelyUrl)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>goal-lane inspector</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<header>
<h1>goal-lane inspector</h1>
<div class="time" role="group" aria-label="Time">
<button id="pause" aria-pressed="false">Pause</button>
<button id="back" aria-label="One message back">Back</button>
<input id="step" type="range" min="0" max="0" value="0" step="1" aria-label="Message" disabled>
<button id="forth" aria-label="One message on">Next</button>
<span id="where">Live: 0 messages</span>
</div>
<button id="theme">Light or dark</button>
<button id="stately">Open in the Stately inspector</button>
</header>
<p class="note" id="note" role="status">Nothing leaves this machine until you open the Stately inspector.</p>
<main id="jobs"><p id="none">No job yet.</p></main>
<script nonce="${nonce}">
${script}
</script>
</body>
</html>
`;
}
