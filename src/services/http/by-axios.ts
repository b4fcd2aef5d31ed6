import axios, { type AxiosRequestConfig } from 'axios';
import type { Ask } from './transport.js';

/**
 * axios with what the host has set for all of axios, for clients that were given no other way to send. The only file that loads it, and only
 * when the first request is sent: a client with another transport works without it.
 */
export function byAxios(settings: AxiosRequestConfig): Ask {
  const instance = axios.create(settings);
  return (config) => instance.request(config);
}
