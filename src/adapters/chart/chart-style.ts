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

/** A colour for light and dark mode, as one rule or two. */
type Paint = (pick: (palette: Palette) => string) => string;

function rules(paint: Paint): string {
  const painted = (kind: 'tags' | 'finals', prefix: string): string[] =>
    Object.keys(light[kind]).flatMap((name) => {
      const fill = paint((palette) => palette[kind][name]?.[0] ?? '');
      const stroke = paint((palette) => palette[kind][name]?.[1] ?? '');
      return [`.${prefix}-${name}{fill:${fill};stroke:${stroke}}`, `.dot-${name}{fill:${stroke}}`];
    });
  const colour = (key: 'paper' | 'panel' | 'header' | 'ink' | 'soft' | 'line' | 'arrow' | 'chip' | 'event') =>
    paint((palette) => palette[key]);
  return [
    `.paper{fill:${colour('paper')}}`,
    `.panel{fill:${colour('panel')};stroke:${colour('line')}}`,
    `.name{fill:${colour('header')}}`,
    `.chip-text{fill:${colour('ink')}}`,
    `.soft{fill:${colour('soft')}}`,
    `.event{fill:${colour('event')}}`,
    `.chip{fill:${colour('chip')};stroke:${colour('line')}}`,
    `.divider{stroke:${colour('line')}}`,
    `.arrow{stroke:${colour('arrow')}}`,
    `.head,.mark{fill:${colour('arrow')}}`,
    `.follow{stroke:${colour('arrow')}}`,
    ...painted('tags', 'tag'),
    ...painted('finals', 'final'),
  ].join('');
}

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

const SHAPES = [
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
];

/** Styles of a live picture: the current state, the visited path, the last transition. */
const LIVE = [
  `.is-walked>.panel{stroke:light-dark(#4b587a,#9db0d0);stroke-width:1.5}`,
  `.is-walked>.chip,.is-walked>.tag{stroke-width:2.2;stroke:light-dark(#2f5bb7,#7fb2ff)}`,
  `.is-walked>.arrow{stroke:light-dark(#2f5bb7,#7fb2ff);stroke-width:2}`,
  `.is-walked>.head{fill:light-dark(#2f5bb7,#7fb2ff)}`,
  `.is-now>.chip,.is-now>.tag{fill:light-dark(#1f4fbf,#9cc4ff);stroke:light-dark(#122f73,#ffffff);stroke-width:3}`,
  `.is-now>text{fill:light-dark(#ffffff,#0a1630)}`,
  `.is-now>.follow{stroke:light-dark(#ffffff,#0a1630)}`,
  `.is-last>.arrow{stroke:light-dark(#c2410c,#ffa657);stroke-width:3}`,
  `.is-last>.head{fill:light-dark(#c2410c,#ffa657)}`,
  '.folded>.arrow{stroke-dasharray:6 4}',
  `.callout{fill:light-dark(#fffdf5,#221a0c);stroke:light-dark(#c2410c,#ffa657)}`,
  `.callout-title{font-weight:700}`,
  `.callout-title,.callout-guard,.callout-action{fill:light-dark(#16203a,#e6edf7)}`,
  '@media (forced-colors:active){.is-now>.chip,.is-now>.tag{fill:Highlight;stroke:Highlight;forced-color-adjust:none}.is-now>text{fill:HighlightText;forced-color-adjust:none}}',
];

/** For a standalone file: light or dark by the reader's setting. */
export const fileStyle = (): string =>
  [
    ...SHAPES,
    rules((pick) => pick(light)),
    `@media (prefers-color-scheme:dark){${rules((pick) => pick(dark))}}`,
  ].join('\n');

/** For a live picture in a page that sets `color-scheme`; nested in `.chart`, so that it does not affect the rest of the page. */
export const pageStyle = (): string =>
  `.chart{${[...SHAPES, rules((pick) => `light-dark(${pick(light)},${pick(dark)})`), ...LIVE].join('\n')}}`;
