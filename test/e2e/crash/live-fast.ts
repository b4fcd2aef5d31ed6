import { liveFast } from './fast-time.js';

liveFast();
