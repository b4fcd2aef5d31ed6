import { useState } from 'react';

const SHOWN = 20_000;

/** The preview of a workflow, always as plain text. */
export function Preview({ text }: { readonly text: string }) {
  const [isAll, setAll] = useState(false);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard */}
      <pre className="preview" tabIndex={0} dir="auto">
        {isAll ? text : text.slice(0, SHOWN)}
      </pre>
      {text.length > SHOWN && !isAll && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          Show all
        </button>
      )}
    </>
  );
}
