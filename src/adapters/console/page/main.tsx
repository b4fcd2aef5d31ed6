import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { startStream } from './live/stream.js';
import { readTheme, setTheme } from './settings/theme.js';
import { keepFocus } from './shell/keep-focus.js';
import { signIn } from './shell/sign-in.js';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
setTheme(readTheme());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
keepFocus(root);
void signIn().then(startStream);
