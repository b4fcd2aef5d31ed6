import { useState } from 'react';
import { useConsole } from '../live/use-console.js';
import { setShortcuts, shortcutsOn } from '../shell/use-shortcuts.js';
import { useTitle } from '../shell/use-title.js';
import { readTheme, setTheme, type Theme } from './theme.js';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'As this computer is set'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function Facts() {
  const about = useConsole((state) => state.about);
  if (about === undefined) return null;
  const facts = [
    ['Version', about.version],
    ['The API', about.apiHost],
    ['Jobs are kept in', about.store],
    ['Results are saved in', about.outDir],
  ];
  return (
    <section className="card">
      <h2>This console</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {about.isDemo && (
        <p>
          To use your own account, stop this program and start it like this:{' '}
          <code>CONVILYN_API_KEY=… goal-lane serve</code>
        </p>
      )}
    </section>
  );
}

/** The appearance and behaviour of the page; nothing secret. */
export function SettingsPage() {
  const [theme, choose] = useState(readTheme);
  const [hasShortcuts, chooseShortcuts] = useState(shortcutsOn);
  useTitle('Settings');
  return (
    <>
      <h1>Settings</h1>
      <section className="card">
        <h2>Appearance</h2>
        <fieldset className="field">
          <legend>Colours</legend>
          <div className="choices">
            {THEMES.map(([id, label]) => (
              <label key={id}>
                <input
                  type="radio"
                  name="theme"
                  checked={theme === id}
                  onChange={() => {
                    setTheme(id);
                    choose(id);
                  }}
                />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
        <label className="check">
          <input
            type="checkbox"
            checked={hasShortcuts}
            onChange={({ target }) => {
              setShortcuts(target.checked);
              chooseShortcuts(target.checked);
            }}
          />
          Keys of one letter (press ? for the list)
        </label>
      </section>
      <Facts />
    </>
  );
}
