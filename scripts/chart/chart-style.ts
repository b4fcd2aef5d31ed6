interface Palette {
  readonly paper: string;
  readonly panel: string;
  readonly header: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly arrow: string;
  readonly chip: string;
  readonly event: string;
  /** Fill and stroke of each tag. */
  readonly tags: Readonly<Record<string, readonly [fill: string, stroke: string]>>;
  readonly finals: Readonly<Record<string, readonly [fill: string, stroke: string]>>;
}

const light: Palette = {
  paper: '#ffffff',
  panel: '#f6f8fb',
  header: '#1f2a44',
  ink: '#16203a',
  soft: '#56617a',
  line: '#cfd7e4',
  arrow: '#4b587a',
  chip: '#ffffff',
  event: '#8a4b00',
  tags: {
    'in-flight': ['#e3f0ff', '#3b82d6'],
    'user-input': ['#fff1cc', '#d19a00'],
    'rate-limited': ['#ffe1e4', '#d64560'],
    'backing-off': ['#ffe8d6', '#d9772b'],
    'resolving-conflict': ['#eee6ff', '#8055d8'],
  },
  finals: {
    completed: ['#dcf5e4', '#2c9a55'],
    failed: ['#ffe4e2', '#cf4437'],
    detached: ['#e9edf3', '#6b788f'],
  },
};

const dark: Palette = {
  paper: '#0d1420',
  panel: '#151e2d',
  header: '#dfe8f8',
  ink: '#e6edf7',
  soft: '#9fadc4',
  line: '#2f3c52',
  arrow: '#9db0d0',
  chip: '#1d2839',
  event: '#f3c26b',
  tags: {
    'in-flight': ['#163457', '#5aa2ee'],
    'user-input': ['#473a10', '#e0b33c'],
    'rate-limited': ['#4c1d29', '#f0708a'],
    'backing-off': ['#47290f', '#f09b55'],
    'resolving-conflict': ['#33255a', '#a98af0'],
  },
  finals: {
    completed: ['#12402a', '#4fc483'],
    failed: ['#4a1f1d', '#f07a6e'],
    detached: ['#263143', '#94a3bb'],
  },
};

function rules(palette: Palette): string {
  const painted = (entries: Palette['tags'], prefix: string): string[] =>
    Object.entries(entries).flatMap(([name, [fill, stroke]]) => [
      `.${prefix}-${name}{fill:${fill};stroke:${stroke}}`,
      `.dot-${name}{fill:${stroke}}`,
    ]);
  return [
    `.paper{fill:${palette.paper}}`,
    `.panel{fill:${palette.panel};stroke:${palette.line}}`,
    `.name{fill:${palette.header}}`,
    `.chip-text{fill:${palette.ink}}`,
    `.soft{fill:${palette.soft}}`,
    `.event{fill:${palette.event}}`,
    `.chip{fill:${palette.chip};stroke:${palette.line}}`,
    `.divider{stroke:${palette.line}}`,
    `.arrow{stroke:${palette.arrow}}`,
    `.head,.mark{fill:${palette.arrow}}`,
    `.follow{stroke:${palette.arrow}}`,
    ...painted(palette.tags, 'tag'),
    ...painted(palette.finals, 'final'),
  ].join('');
}

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/** Shapes, then colours for light and for dark readers. */
export const styleSheet: string = [
  `text{font-family:${FONT};font-size:11px}`,
  '.title{font-size:17px;font-weight:700}',
  '.name{font-size:13px;font-weight:700}',
  '.state{font-size:11.5px;font-weight:600}',
  '.event{font-weight:500}',
  '.centre{text-anchor:middle}.end{text-anchor:end}',
  '.panel,.chip,.tag{stroke-width:1}',
  '.ours{stroke-dasharray:5 3}',
  '.arrow,.follow,.divider,.ring{fill:none}',
  '.arrow,.follow{stroke-width:1.3;stroke-linejoin:round}',
  '.course .arrow{stroke-width:2}',
  '.divider{stroke-dasharray:2 3}',
  rules(light),
  `@media (prefers-color-scheme:dark){${rules(dark)}}`,
].join('\n');
