import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.jsx';

// A key that reaches a browser reaches its user: this is for a page of your own, or put a server between (../http-server).
const params = new URLSearchParams(location.hash.slice(1));
const client = { apiKey: params.get('key') ?? '', baseUrl: params.get('api') ?? undefined };

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <App client={client} />
  </StrictMode>,
);
