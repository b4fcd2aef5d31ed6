/** The page of the socket inspector: shows the jobs by itself, offline, and hands them to the Stately inspector when asked to. */
export function inspectorPage(nonce: string, statelyUrl: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>goal-lane inspector</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  h1 { font-size: 1.2rem; }
  section { border: 1px solid #8886; border-radius: 8px; margin: 1rem 0; padding: .6rem 1rem; }
  section p { margin: .2rem 0; }
  .state { font-weight: 700; }
  .tag { border: 1px solid #8886; border-radius: 1em; font-size: .85em; margin-left: .5em; padding: 0 .6em; }
  ol { font-size: .9em; opacity: .75; max-height: 12rem; overflow: auto; }
  button { font: inherit; }
</style>
</head>
<body>
<h1>goal-lane inspector</h1>
<p><button id="stately">Open in the Stately inspector</button> <span id="note" role="status">Nothing leaves this machine until you do.</span></p>
<main id="jobs"><p id="none">No job yet.</p></main>
<script nonce="${nonce}">
${pageScript(statelyUrl)}
</script>
</body>
</html>
`;
}

/** JSON in a script: no text can end the script. */
const literal = (value: string): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const pageScript = (statelyUrl: string): string => `
const statelyUrl = ${literal(statelyUrl)};
// Like the history of the process: a job's chart is told once, and nothing of the job can be drawn without it.
const charts = new Map();
const recent = [];
const jobs = new Map();
let stately;
let isConnected = false;

const pathOf = (value) => typeof value === 'string' ? value
  : Object.entries(value ?? {}).map(([key, inner]) => key + '.' + pathOf(inner)).join(' ');
// An actor's answer is named for the state that asked.
const wordOf = (type) => type.replace(/^xstate[.](done|error)[.]actor[.](?:\\d+[.])?(?:[^.]+[.])?/, (_, how) => (how === 'done' ? 'answered: ' : 'threw: '));
const element = (name, text, className) => {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
};

const isChart = (message) => message.type === '@xstate.actor' && message.definition.includes('"states":{');

function keep(message) {
  if (isChart(message)) return charts.set(message.sessionId, message);
  const chart = charts.get(message.sessionId);
  if (chart && message.type === '@xstate.snapshot') charts.set(message.sessionId, { ...chart, snapshot: message.snapshot });
  recent.push(message);
  if (recent.length > 2000) recent.splice(0, 100);
}

function show(message) {
  if (isChart(message) && !jobs.has(message.sessionId)) {
    document.getElementById('none')?.remove();
    const section = element('section', '');
    const state = element('p', '');
    const events = element('ol', '');
    section.append(element('p', message.name), state, events);
    document.getElementById('jobs').append(section);
    jobs.set(message.sessionId, { state, events });
  }
  const job = jobs.get(message.sessionId);
  if (!job) return;
  if (message.snapshot?.value !== undefined) {
    job.state.replaceChildren(element('span', pathOf(message.snapshot.value), 'state'),
      ...(message.snapshot.tags ?? []).map((tag) => element('span', tag, 'tag')));
  }
  if (message.type === '@xstate.event') {
    job.events.append(element('li', wordOf(message.event.type)));
    job.events.scrollTop = job.events.scrollHeight;
    if (job.events.childElementCount > 200) job.events.firstElementChild.remove();
  }
}

const hand = (message) => stately.postMessage(message, new URL(statelyUrl).origin);
const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  keep(message);
  show(message);
  if (isConnected) hand(message);
};
socket.onclose = () => { document.getElementById('note').textContent = 'The process that ran the jobs has ended.'; };

document.getElementById('stately').onclick = () => { stately = window.open(statelyUrl, 'xstateinspector'); };
window.addEventListener('message', (event) => {
  if (event.source !== stately || event.origin !== new URL(statelyUrl).origin) return;
  if (event.data?.type !== '@statelyai.connected') return;
  isConnected = true;
  document.getElementById('note').textContent = 'Shown in ' + statelyUrl;
  [...charts.values(), ...recent].forEach(hand);
});
`;
